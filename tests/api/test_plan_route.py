"""POST /plan: dated rows, and the same in every planning tool's own layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from rules.vocabulary import PHASES
from schemas.plan_paths import PLAN_EXAMPLE
from service.exports import FORMATS
from tests.documents import documents
from tests.exports import READERS

GOLDEN = Path(__file__).parents[1] / "golden" / "exports"
CONTENT = {"json": "application/json", "csv": "text/csv; charset=utf-8; header=present"}
EVIL: dict[str, Any] = {**PLAN_EXAMPLE, "name": '=HYPERLINK("http://x";"Größe")'}


def plan(client: FlaskClient, project: dict[str, Any], layout: str | None = None) -> Any:
    """The response to a project, which must be a plan."""
    response = client.post("/plan", json=project, query_string={"format": layout} if layout else None)
    assert response.status_code == 200, response.data
    return response


def faults(client: FlaskClient, project: Any, query: str = "") -> list[tuple[str, str]]:
    response = client.post(f"/plan{query}", json=project)
    assert response.status_code == 422
    return [(fault["field"], fault["code"]) for fault in response.get_json(force=True)["errors"]]


def test_a_plan_is_the_recommendation_with_a_row_a_phase_and_role(client: FlaskClient) -> None:
    """What both say is the same, and the rows run from the project's phase to the last."""
    body, answer = plan(client, PLAN_EXAMPLE).get_json(), client.post("/recommend", json=PLAN_EXAMPLE).get_json()

    assert {name: body[name] for name in set(body) & set(answer)} == {
        name: answer[name] for name in set(body) & set(answer)
    }
    assert list(dict.fromkeys(row["phase"] for row in body["rows"])) == list(PHASES[2:])
    assert body["schedule"] == {"start": "2027-01-04", "end": "2027-07-02", "working_days": 130}
    assert body["cost"]["currency"] == "EUR"


@pytest.mark.parametrize("layout", FORMATS)
def test_every_layout_is_as_it_was(client: FlaskClient, layout: str) -> None:
    """Field by field, by the strict reader of that layout; running this file writes them anew."""
    response = plan(client, EVIL, layout)
    golden = (GOLDEN / f"plan.{layout}.{FORMATS[layout].extension}").read_bytes()

    assert READERS[layout](response.data) == READERS[layout](golden)
    assert response.data == golden


@pytest.mark.parametrize("layout", FORMATS)
def test_every_layout_is_a_file_of_its_type(client: FlaskClient, layout: str) -> None:
    """Named after the project, in letters that every system has."""
    headers = plan(client, EVIL, layout).headers

    assert headers["Content-Type"] == CONTENT[FORMATS[layout].extension]
    assert headers["Content-Disposition"] == (
        f"attachment; filename=hyperlink-http-x-gr-e-plan-{layout}.{FORMATS[layout].extension}"
    )


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(project=documents())
def test_every_plan_opens_in_a_strict_reader(client: FlaskClient, project: dict[str, Any]) -> None:
    """Whatever the project, unless it has more people than a layout lists; all layouts plan the same hours."""
    project["schedule"] = {"start": "2027-01-06", "weeks": project.get("schedule", {}).get("weeks", 26)}
    rows = plan(client, project).get_json()["rows"]
    hours = sum(row["total_hours"] for row in rows)
    if sum(row["fte"] + 1 for row in rows) > 10_000:
        assert faults(client, project, "?format=float") == [("format", "too_many")]
        return
    files = {layout: READERS[layout](plan(client, project, layout).data) for layout in FORMATS}

    assert sum(float(line["total_hours"]) for line in files["csv"]) == pytest.approx(hours)
    assert sum(one["minutes"] for one in files["kantata"]["workspace_allocations"]) == pytest.approx(hours * 60)
    per_day = sum(row["minutes_per_day"] for row in rows)
    assert sum(one["minutesPerDay"] for one in files["runn"]["assignments"]) == pytest.approx(per_day)
    assert sum(one["hours"] * 60 for one in files["float"]["tasks"]) == pytest.approx(per_day)
    assert sum(float(line["percent"]) * 480 for line in files["smartsheet"]) == pytest.approx(per_day)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_no_cell_is_a_formula(client: FlaskClient, name: str) -> None:
    """A spreadsheet would run it; an apostrophe makes it text."""
    for layout in ("csv", "smartsheet", "msproject"):
        body = plan(client, {**PLAN_EXAMPLE, "name": name}, layout).data.decode()
        assert f"'{name}" in body


@pytest.mark.parametrize("layout", ["csv", "smartsheet", "msproject"])
def test_a_name_of_two_lines_takes_one(client: FlaskClient, layout: str) -> None:
    """A tool that reads a sheet line by line finds a row a line."""
    lines = READERS[layout](plan(client, {**PLAN_EXAMPLE, "name": "Card\nfraud\n2"}, layout).data)
    column = {"csv": "project", "smartsheet": "Project Name", "msproject": "Group"}[layout]

    assert {line[column] for line in lines} == {"Card fraud 2"}


def test_without_a_name_the_reference_names_the_project(client: FlaskClient) -> None:
    """And without both nothing does, save where a name is required."""
    bare = {**PLAN_EXAMPLE, "name": None}

    assert plan(client, {**bare, "reference": "R-1"}).get_json()["rows"][0]["project"] == "R-1"
    assert plan(client, bare).get_json()["rows"][0]["project"] == ""
    assert READERS["smartsheet"](plan(client, bare, "smartsheet").data)[0]["Project Name"] == "Untitled project"


def test_a_plan_needs_its_dates_and_says_so_with_all_other_faults(client: FlaskClient) -> None:
    """In one go."""
    bare = {key: value for key, value in PLAN_EXAMPLE.items() if key != "schedule"}

    assert faults(client, bare) == [("schedule.start", "required"), ("schedule.weeks", "required")]
    assert faults(client, {**bare, "phase": "nowhere", "schedule": {"weeks": 4}}) == [
        ("phase", "invalid_choice"),
        ("schedule.start", "required"),
    ]
    assert faults(client, [1]) == [("", "wrong_type")]


def test_words_may_say_how_long_it_takes(client: FlaskClient) -> None:
    """As they say the rest; the first day is given."""
    words = "Fraud model for a bank, poc, real-time, over 26 weeks"
    planned = plan(client, {"description": words, "schedule": {"start": "2027-01-04"}})

    assert planned.get_json()["schedule"] == {"start": "2027-01-04", "end": "2027-07-02", "working_days": 130}
    assert faults(client, {"description": words}) == [("schedule.start", "required")]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("?format=xml", ("format", "invalid_choice")),
        ("?format=", ("format", "invalid_choice")),
        ("?fromat=csv", ("fromat", "unknown_field")),
    ],
)
def test_only_formats_that_there_are_can_be_asked_for(client: FlaskClient, query: str, fault: tuple[str, str]) -> None:
    """With the allowed ones in the fault."""
    assert faults(client, PLAN_EXAMPLE, query) == [fault]


def test_a_plan_shares_the_recommendations_cache(client: FlaskClient) -> None:
    """It is made from the same answer."""
    client.post("/recommend", json=PLAN_EXAMPLE)

    assert plan(client, PLAN_EXAMPLE).headers["Cache-Status"] == "process; hit"


if __name__ == "__main__":  # UPDATE: PYTHONPATH=. python tests/api/test_plan_route.py
    from service.app import create_app
    from service.config import Settings, bundled_rulebook

    shared = create_app(Settings(rulebook=bundled_rulebook())).test_client()
    for name, export in FORMATS.items():
        (GOLDEN / f"plan.{name}.{export.extension}").write_bytes(plan(shared, EVIL, name).data)
