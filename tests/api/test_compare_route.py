"""POST /compare: a base and named changes, side by side."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from schemas.openapi import EXAMPLE
from schemas.plan_paths import COMPARE_EXAMPLE, PLAN_EXAMPLE
from tests.documents import documents

BATCH = {"name": "Batch", "set": {"deployment.pattern": "batch"}}


def compared(client: FlaskClient, base: Any, *changes: Any) -> Any:
    response = client.post("/compare", json={"base": base, "changes": list(changes)})
    assert response.status_code == 200, response.data
    return response.get_json()


def faults(client: FlaskClient, document: Any) -> list[tuple[str, str]]:
    response = client.post("/compare", json=document)
    assert response.status_code == 422
    return [(fault["field"], fault["code"]) for fault in response.get_json(force=True)["errors"]]


def test_differences_come_first_and_say_all_that_differs(client: FlaskClient) -> None:
    """Each with the value of every answer; what does not differ follows."""
    body = compared(client, PLAN_EXAMPLE, *COMPARE_EXAMPLE["changes"])
    values = {row["field"]: row["values"] for row in body["differences"]}

    assert list(body)[:2] == ["names", "differences"]
    assert body["names"] == ["base", "Nightly scores", "Two more people"]
    assert values["headcount.total"] == [8, 8, 10]
    assert values["ratio.text"] == [answer["ratio"]["text"] for answer in body["answers"]]
    assert all(len({str(value) for value in row["values"]}) == 1 for row in body["same"])
    assert "score.net" in values
    assert "lean" in [row["field"] for row in body["same"]]


def test_every_answer_is_the_one_that_the_changed_project_gets(client: FlaskClient) -> None:
    """But for its name, which is the scenario's."""
    body = compared(client, PLAN_EXAMPLE, BATCH)
    changed = {**PLAN_EXAMPLE, "name": "Batch", "deployment": {"pattern": "batch"}}

    assert body["answers"] == [
        client.post("/recommend", json=project).get_json() for project in (PLAN_EXAMPLE, changed)
    ]


def test_reasons_are_the_factors_whose_points_differ(client: FlaskClient) -> None:
    """They make up the whole difference of the sums."""
    body = compared(client, EXAMPLE, BATCH, {"name": "Clean data", "set": {"data.quality": "good"}})
    base, *others = body["answers"]

    for scenario, other in zip(body["scenarios"], others, strict=True):
        for role in ("data_scientist", "ml_engineer"):
            moved = sum(reason["to"] - reason["from"] for reason in scenario["reasons"] if reason["role"] == role)
            assert other["score"][role] - base["score"][role] == moved
        assert scenario["reasons"]


def test_null_takes_an_answer_away(client: FlaskClient) -> None:
    """As if it had never been given."""
    body = compared(client, EXAMPLE, {"name": "Who knows", "set": {"data.quality": None, "team.size": None}})

    assert "data.quality" in body["answers"][1]["unanswered"]
    assert body["answers"][1]["headcount"]["basis"] == "rulebook.sizing"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(project=documents())
def test_a_change_to_what_is_already_so_changes_nothing(client: FlaskClient, project: dict[str, Any]) -> None:
    """Whatever the project and in whatever spelling it came."""
    body = compared(client, project, {"name": "The same", "set": {"industry": project["industry"]}})

    assert body["differences"] == []
    assert body["scenarios"][0]["reasons"] == []


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ([], [("", "wrong_type")]),
        ({"changes": [BATCH]}, [("base", "wrong_type")]),
        ({"base": EXAMPLE}, [("changes", "wrong_type")]),
        ({"base": EXAMPLE, "changes": []}, [("changes", "wrong_type")]),
        ({"base": EXAMPLE, "changes": [BATCH] * 21}, [("changes", "wrong_type")]),
        ({"base": EXAMPLE, "changes": [BATCH], "more": 1}, [("more", "unknown_field")]),
        ({"base": {**EXAMPLE, "phase": "x"}, "changes": [BATCH]}, [("base.phase", "invalid_choice")]),
        ({"base": EXAMPLE, "changes": [BATCH, BATCH]}, [("changes.1.name", "duplicate")]),
        ({"base": EXAMPLE, "changes": [{**BATCH, "name": "base"}]}, [("changes.0.name", "duplicate")]),
        (
            {"base": EXAMPLE, "changes": [{"set": {}}]},
            [("changes.0.name", "required"), ("changes.0.set", "wrong_type")],
        ),
        ({"base": EXAMPLE, "changes": [{"name": "A"}]}, [("changes.0.set", "required")]),
        (
            {"base": EXAMPLE, "changes": [{"set": {"phse": "x", "team.size": 2.5, "goal": "x"}}]},
            [
                ("changes.0.name", "required"),
                ("changes.0.set.phse", "unknown_field"),
                ("changes.0.set.goal", "invalid_choice"),
                ("changes.0.set.team.size", "not_a_multiple"),
            ],
        ),
        ({"base": EXAMPLE, "changes": ["A"]}, [("changes.0", "wrong_type")]),
        ({"base": EXAMPLE, "changes": [{**BATCH, "if": 1}]}, [("changes.0.if", "unknown_field")]),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(
    client: FlaskClient, document: Any, found: list[tuple[str, str]]
) -> None:
    """The base's faults under `base`, a change's under its place in the list."""
    assert faults(client, document) == found


@pytest.mark.parametrize(
    ("sets", "field", "code"),
    [
        ({"deployment.pattern": "realtim"}, "deployment.pattern", "invalid_choice"),
        ({"deployment": {"pattern": "batch"}}, "deployment", "unknown_field"),
        ({"phse": "modeling"}, "phse", "unknown_field"),
        ({"name": "Other"}, "name", "unknown_field"),
        ({"phase": None}, "phase", "required"),
        ({"team.size": 2.5}, "team.size", "not_a_multiple"),
    ],
)
def test_a_change_is_read_like_a_project(client: FlaskClient, sets: dict[str, Any], field: str, code: str) -> None:
    """And its faults name the field that it set."""
    document = {"base": EXAMPLE, "changes": [{"name": "A", "set": sets}]}

    assert faults(client, document) == [(f"changes.0.set.{field}", code)]
