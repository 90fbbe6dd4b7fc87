"""POST /recommend/batch as a file for a planning tool: the plans of all projects, or of none."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.batch_plans import LAYOUTS, MOST_PLANS
from schemas.flat import flatten
from schemas.plan_paths import PLAN_EXAMPLE
from schemas.project import load_project
from service.exports import FORMATS
from tests.documents import documents
from tests.exports import READERS

GOLDEN = Path(__file__).parents[1] / "golden" / "exports"
TYPES = {"csv": "text/csv", "ndjson": "application/x-ndjson", "json": "application/json"}
HEADER = "name,industry,phase,deployment.pattern,schedule.start,schedule.weeks\n"
ROW = "Churn,telecom,modeling,batch,2027-01-04,26\n"
ODD = ROW.replace("batch", "batsh")
SMALL: dict[str, Any] = {**PLAN_EXAMPLE, "team": {"size": 2}, "budget": None}

# Two that are called alike, one of them by its reference, one without a name, and one that a spreadsheet would run.
BATCH: list[dict[str, Any]] = [
    PLAN_EXAMPLE,
    {**SMALL, "name": "churn", "reference": "P-2"},
    {**SMALL, "name": None, "reference": None},
    {**SMALL, "name": "Churn", "reference": None, "schedule": {"start": "2027-02-01", "weeks": 6}},
    {**SMALL, "name": '=HYPERLINK("http://x";"[Größe]")'},
]
NAMES = ["Card fraud", "churn (P-2)", "Project 3", "Churn", '=HYPERLINK("http://x";"[Größe]")']


def post(client: FlaskClient, body: str, source: str, layout: str) -> Any:
    """Send a batch, and have it as a file."""
    return client.post(f"/recommend/batch?format={layout}", data=body.encode(), content_type=TYPES[source])


def written(batch: list[dict[str, Any]], source: str) -> str:
    """A batch in one of the formats that are taken."""
    if source == "json":
        return json.dumps(batch)
    if source == "ndjson":
        return "".join(f"{json.dumps(one)}\n" for one in batch)
    rows = [dict(flatten(load_project(one))) for one in batch]
    text = StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def faults(client: FlaskClient, body: str, source: str, layout: str = "float") -> list[tuple[str, str]]:
    """Where a batch is wrong, and how."""
    response = post(client, body, source, layout)
    assert (response.status_code, response.content_type) == (422, "application/problem+json")
    return [(fault["field"], fault["code"]) for fault in response.get_json(force=True)["errors"]]


@pytest.mark.parametrize("source", TYPES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_file_is_as_it_was_whatever_was_sent(client: FlaskClient, layout: str, source: str) -> None:
    """Field by field, by the strict reader of that layout; running this file writes them anew."""
    response = post(client, written(BATCH, source), source, layout)
    extension = FORMATS[layout].extension
    golden = (GOLDEN / f"batch.{layout}.{extension}").read_bytes()

    assert response.status_code == 200, response.data
    assert READERS[layout](response.data) == READERS[layout](golden)
    assert response.data == golden
    assert response.content_type == FORMATS[layout].content_type
    assert response.headers["Content-Disposition"] == f"attachment; filename=plans-{layout}.{extension}"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(projects=st.lists(documents(), min_size=1, max_size=4))
def test_a_file_is_the_plans_one_after_the_other(client: FlaskClient, projects: list[dict[str, Any]]) -> None:
    """Each as it has it alone, whatever the projects, in order."""
    batch = [
        {**one, "name": f"{-place}", "schedule": {"start": "2027-01-06", "weeks": 9}, "team": {"size": 3}}
        for place, one in enumerate(projects)
    ]
    alone = {
        layout: [READERS[layout](client.post(f"/plan?format={layout}", json=one).data) for one in batch]
        for layout in LAYOUTS
    }
    files = {layout: READERS[layout](post(client, json.dumps(batch), "json", layout).data) for layout in LAYOUTS}

    for layout in ("float", "runn", "kantata"):
        assert files[layout] == {key: [row for one in alone[layout] for row in one[key]] for key in files[layout]}
    assert files["smartsheet"] == [row for one in alone["smartsheet"] for row in one]
    lines = [row for one in alone["msproject"] for row in one]
    if len(batch) > 1:
        lines = [{**row, "Name": f"{row['Group']}: {row['Name']}"} for row in lines]
    assert files["msproject"] == lines


def test_no_two_projects_share_a_name(client: FlaskClient) -> None:
    """A tool would take them for one; a name that nobody else has stays as it is, even one that looks made up."""
    called = [("Churn", "R"), ("CHURN", "R"), ("Churn", None), (None, None), (None, "R"), ("churn (3)", None)]
    batch = [{**SMALL, "name": name, "reference": reference} for name, reference in called]
    file = READERS["runn"](post(client, json.dumps(batch), "json", "runn").data)
    names = list(dict.fromkeys(one["projectId"] for one in file["assignments"]))

    assert names == ["Churn (R)", "CHURN (R) (2)", "Churn", "Project 4", "R", "churn (3)"]


@pytest.mark.parametrize(
    "names",
    [
        ["A,B", "A.B", "A;B", "A:B", "A[B", "A(B"],  # Microsoft Project takes them for separators
        ["=1+1", "'=1+1"],  # the first is guarded against being a formula
        ["Größe", "Gro\u0308ße", "GRÖSSE"],
        ["Churn model", " Churn  model ", "Churn\u00a0model"],
    ],
)
def test_names_that_a_tool_may_make_alike_are_told_apart(client: FlaskClient, names: list[str]) -> None:
    """In every file, and by each tool's own idea of equal names."""
    batch = json.dumps([{**SMALL, "name": name} for name in names])
    groups = [row["Group"] for row in READERS["msproject"](post(client, batch, "json", "msproject").data)]
    projects = [row["Project Name"] for row in READERS["smartsheet"](post(client, batch, "json", "smartsheet").data)]

    assert len({" ".join(normalize("NFC", name).casefold().split()) for name in groups}) == len(names)
    assert list(dict.fromkeys(projects)) == list(dict.fromkeys(groups))


def test_any_fault_of_any_item_is_told_and_there_is_no_file(client: FlaskClient) -> None:
    """All at once, each under its line or its place; what would have done is of no use without the rest."""
    rows = ROW + ROW.replace("modeling", "modelling phase x") + "\n" + ROW.replace("26", "") + "Churn,telecom\n"
    dateless = {key: value for key, value in PLAN_EXAMPLE.items() if key != "schedule"}

    assert faults(client, HEADER + rows, "csv") == [
        ("line.3.phase", "invalid_choice"),
        ("line.5.schedule.weeks", "required"),
        ("line.6", "wrong_width"),
    ]
    assert faults(client, f"{json.dumps(PLAN_EXAMPLE)}\n\n{{\n7\n{json.dumps(dateless)}\n", "ndjson") == [
        ("line.3", "unreadable"),
        ("line.4", "wrong_type"),
        ("line.5.schedule.start", "required"),
        ("line.5.schedule.weeks", "required"),
    ]
    assert faults(client, json.dumps([PLAN_EXAMPLE, {**PLAN_EXAMPLE, "phse": 1}]), "json") == [
        ("item.2.phse", "unknown_field")
    ]


def test_columns_for_the_dates_are_missed_once(client: FlaskClient) -> None:
    """Not in every row."""
    assert faults(client, "industry,phase,deployment.pattern\n" + "telecom,modeling,batch\n" * 3, "csv") == [
        ("schedule.start", "required"),
        ("schedule.weeks", "required"),
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (ROW * (MOST_PLANS + 1), [(f"line.{MOST_PLANS + 2}", "too_many")]),
        (ODD * 3_000, [("line.1001.deployment.pattern", "invalid_choice"), ("line.1002", "too_many")]),
        (ODD.replace("26", "20000") * 600, [("line.502.schedule.weeks", "out_of_range"), ("line.502", "more")]),
    ],
)
def test_a_file_has_an_end(client: FlaskClient, body: str, found: list[tuple[str, str]]) -> None:
    """So many projects, so many faults: what is more is said to be more."""
    assert faults(client, HEADER + body, "csv")[-len(found) :] == found


def test_too_many_people_to_list_are_refused(client: FlaskClient) -> None:
    """As in a plan, with the way out: a layout that lists roles takes them."""
    crowd = json.dumps([{**SMALL, "team": {"size": 900}}] * 3)

    assert faults(client, crowd, "json") == [("format", "too_many")]
    assert post(client, crowd, "json", "msproject").status_code == 200


def test_no_projects_make_an_empty_file(client: FlaskClient) -> None:
    """Which has all that was asked for."""
    for layout in LAYOUTS:
        for source, body in (("csv", HEADER), ("ndjson", ""), ("json", "[]")):
            file = READERS[layout](post(client, body, source, layout).data)
            assert not any(file.values() if isinstance(file, dict) else file)


def test_a_batch_cut_short_makes_no_file(client: FlaskClient) -> None:
    """What cannot be read to its end is a problem, however much came before."""
    response = post(client, f'{HEADER}{ROW * 400}5" pipe,finance', "csv", "runn")
    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    assert "line 402" in response.text


if __name__ == "__main__":  # UPDATE: PYTHONPATH=. python tests/api/test_batch_plans.py
    from service.app import create_app
    from service.config import Settings, bundled_rulebook

    shared = create_app(Settings(rulebook=bundled_rulebook())).test_client()
    for name in LAYOUTS:
        path = GOLDEN / f"batch.{name}.{FORMATS[name].extension}"
        path.write_bytes(post(shared, json.dumps(BATCH), "json", name).data)
