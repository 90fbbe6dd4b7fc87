"""POST /portfolio: projects that share people, and what had to give."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.plan_paths import PLAN_EXAMPLE, PORTFOLIO_EXAMPLE
from tests.documents import documents

POOL = {"data_scientist": 9, "ml_engineer": 9}


def answered(client: FlaskClient, document: Any) -> Any:
    response = client.post("/portfolio", json=document)
    assert response.status_code == 200, response.data
    return response.get_json()


def faults(client: FlaskClient, document: Any) -> list[tuple[str, str]]:
    response = client.post("/portfolio", json=document)
    assert response.status_code == 422
    return [(fault["field"], fault["code"]) for fault in response.get_json(force=True)["errors"]]


def with_people(scientists: float, engineers: float) -> dict[str, Any]:
    return {**PORTFOLIO_EXAMPLE, "hire": None, "people": {"data_scientist": scientists, "ml_engineer": engineers}}


def test_enough_people_give_every_project_its_plan(client: FlaskClient) -> None:
    """Nothing is short, and every phase is as the plan has it."""
    body = answered(client, with_people(20, 20))
    plans = [client.post("/plan", json=member["project"]).get_json() for member in PORTFOLIO_EXAMPLE["projects"]]
    wanted = [(row["phase"], row["role"], row["fte"]) for plan in plans for row in plan["rows"]]

    assert [(row["phase"], row["role"], row["assigned"]) for row in body["assignments"]] == wanted
    assert (body["status"], body["feasible"], body["shortfalls"]) == ("optimal", True, [])


def test_too_few_people_are_shared_with_a_reason_for_each_compromise(client: FlaskClient) -> None:
    """By month and role; the hire that is allowed is made."""
    body = answered(client, PORTFOLIO_EXAMPLE)
    short = [row for row in body["assignments"] if row["short"]]

    assert body["hired"] == {"data_scientist": 0, "ml_engineer": 1}
    assert short
    assert all("with Card fraud (priority 1)" in row["reason"] for row in short)
    assert {month["month"] for month in body["shortfalls"]} == {f"2027-0{month}" for month in range(3, 8)}


def test_a_requirement_that_cannot_be_met_is_named(client: FlaskClient) -> None:
    """Finance needs both roles; without an engineer the portfolio is still answered, and that comes first."""
    body = answered(client, with_people(5, 0))
    named = {(row["project"], row["role"], row["required"], row["assigned"]) for row in body["unmet_requirements"]}

    assert not body["feasible"]
    assert named == {("Card fraud", "ml_engineer", 1, 0)}
    assert "nobody to place" in body["unmet_requirements"][0]["reason"]


def test_nobody_at_all_is_an_answer_too(client: FlaskClient) -> None:
    """Everything is short."""
    body = answered(client, {"people": {}, "projects": PORTFOLIO_EXAMPLE["projects"]})

    assert all(row["assigned"] == 0 for row in body["assignments"])
    assert body["status"] == "optimal"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(projects=st.lists(documents(), min_size=1, max_size=4), people=st.integers(0, 500))
def test_whatever_the_contract_takes_is_answered(
    client: FlaskClient, projects: list[dict[str, Any]], people: int
) -> None:
    """And twice the same."""
    members = [{"project": {**one, "schedule": {"start": "2027-01-06", "weeks": 9}}} for one in projects]
    document = {"people": {"data_scientist": people, "ml_engineer": people / 4}, "projects": members}

    assert answered(client, document) == answered(client, document)


def edited(path: str, value: Any) -> dict[str, Any]:
    """The example with one value in another's place."""
    document: Any = deepcopy(PORTFOLIO_EXAMPLE)
    *groups, last = path.split(".")
    branch = document
    for group in groups:
        branch = branch[int(group) if group.isdigit() else group]
    branch[last] = value
    return dict(document)


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ([], [("", "wrong_type")]),
        ({"projects": PORTFOLIO_EXAMPLE["projects"]}, [("people", "required")]),
        (edited("people", 5), [("people", "wrong_type")]),
        ({"people": POOL}, [("projects", "wrong_type")]),
        ({"people": POOL, "projects": []}, [("projects", "wrong_type")]),
        ({"people": POOL, "projects": PORTFOLIO_EXAMPLE["projects"] * 26}, [("projects", "wrong_type")]),
        ({"people": POOL, "projects": [7]}, [("projects.0", "wrong_type")]),
        (edited("peple", POOL), [("peple", "unknown_field")]),
        (edited("people.analyst", 3), [("people.analyst", "unknown_field")]),
        (edited("people.ml_engineer", -1), [("people.ml_engineer", "out_of_range")]),
        (edited("hire.ml_engineer", 0.5), [("hire.ml_engineer", "not_an_integer")]),
        (edited("projects.0.priority", 6), [("projects.0.priority", "out_of_range")]),
        (edited("projects.0.proiority", 1), [("projects.0.proiority", "unknown_field")]),
        (edited("projects.1.project.phase", "x"), [("projects.1.project.phase", "invalid_choice")]),
        (
            edited("projects.1.project.schedule", None),
            [("projects.1.project.schedule.start", "required"), ("projects.1.project.schedule.weeks", "required")],
        ),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(
    client: FlaskClient, document: Any, found: list[tuple[str, str]]
) -> None:
    """A project's faults under its place in the list."""
    assert faults(client, document) == found


def test_projects_without_names_are_called_by_their_place(client: FlaskClient) -> None:
    """So that a reason can name them."""
    nameless = {**PLAN_EXAMPLE, "name": None}
    body = answered(
        client, {"people": POOL, "projects": [{"project": nameless}, {"project": {**nameless, "reference": "R"}}]}
    )

    assert [one["project"] for one in body["projects"]] == ["Project 1", "R"]
