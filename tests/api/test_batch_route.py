"""POST /recommend/batch: three formats in, three out, and what is refused whole."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from structlog.testing import CapturingLogger

from schemas.batch_paths import EXAMPLE_CSV
from service.api import batch
from service.batch import BatchCutError

PROJECT = {"name": "Fraud", "industry": "finance", "phase": "modeling", "deployment": {"pattern": "real_time"}}
CSV, LINES, JSON = "text/csv", "application/x-ndjson", "application/json"


def post(client: FlaskClient, body: str | bytes, content_type: str, query: str = "") -> Any:
    """Send a batch."""
    return client.post(f"/recommend/batch{query}", data=body, content_type=content_type)


def test_each_format_is_answered_in_itself(client: FlaskClient) -> None:
    """Unless told otherwise, with its own type; and all three say the same."""
    rows = post(client, EXAMPLE_CSV, CSV)
    assert (rows.status_code, rows.content_type) == (200, "text/csv; charset=utf-8; header=present")
    first = next(csv.DictReader(StringIO(rows.text)))
    lines = post(client, json.dumps(PROJECT | {"name": "Card fraud", "team": {"size": 8}}), LINES)
    assert (lines.status_code, lines.content_type) == (200, LINES)
    line = json.loads(lines.text)
    array = post(client, json.dumps([PROJECT | {"name": "Card fraud", "team": {"size": 8}}]), JSON)
    assert (array.status_code, array.content_type) == (200, JSON)
    (item,) = array.json
    assert {key: value for key, value in line.items() if key != "line"} == {
        key: value for key, value in item.items() if key != "item"
    }
    assert (first["lean"], first["ratio.text"]) == (item["lean"], item["ratio"]["text"])
    assert float(first["headcount.ml_engineer"]) == item["headcount"]["ml_engineer"]


def test_an_item_says_what_the_single_answer_says(client: FlaskClient) -> None:
    """Name by name, as far as it goes; but for the warnings, of which it has the codes."""
    whole = client.post("/recommend", json=PROJECT).json
    (item,) = post(client, json.dumps([PROJECT]), JSON).json
    assert item.pop("warnings") == [warning["code"] for warning in whole["warnings"]]
    assert item.pop("item") == 1

    def part(of: Any, like: Any) -> Any:
        return {key: part(of[key], like[key]) for key in like} if isinstance(like, dict) else of

    assert item == part(whole, item)


@pytest.mark.parametrize("target", ["csv", "ndjson", "json"])
def test_a_batch_may_be_answered_in_another_format(client: FlaskClient, target: str) -> None:
    """By `format`."""
    answer = post(client, EXAMPLE_CSV, CSV, f"?format={target}")
    assert answer.content_type.split(";")[0] == {"csv": CSV, "ndjson": LINES, "json": JSON}[target]
    assert answer.text.count("Churn") == 1


@pytest.mark.parametrize(
    ("body", "content_type", "query", "status", "said"),
    [
        ("[]", "text/plain", "", 415, "text/csv"),
        (EXAMPLE_CSV, "text/csv; charset=latin-1", "", 415, "UTF-8"),
        ("{}", JSON, "", 422, "send an array"),
        ("[", JSON, "", 400, "not JSON"),
        ("", CSV, "", 400, "empty"),
        ("a;b\n", CSV, "", 422, "'a;b' is not a field"),
        (b"\xff\xfe", CSV, "", 400, "UTF-8"),
        ('industry,"', CSV, "", 400, "never closed"),
        ("[]", JSON, "?format=xml", 422, "'xml' is not a format"),
        ("[]", JSON, "?formt=csv", 422, "'formt' is not a parameter"),
        (" " * 1_048_577, JSON, "", 413, "larger"),
    ],
)  # fmt: skip
def test_what_is_wrong_from_the_start_is_a_problem(
    client: FlaskClient, body: str | bytes, content_type: str, query: str, status: int, said: str
) -> None:
    """With its status, before anything is answered."""
    answer = post(client, body, content_type, query)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert said in answer.text


def test_lines_and_rows_have_no_limit_of_size(client: FlaskClient) -> None:
    """More than MAX_BODY_KB is nothing to them: they are read a block at a time."""
    rows = "".join(f"Project {number},finance,modeling,batch\n" for number in range(40_000))
    assert len(rows) > 1_048_576
    answer = post(client, "name,industry,phase,deployment.pattern\n" + rows, CSV)
    assert answer.text.count("\r\n") == 40_001


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> CapturingLogger:
    """What the route logs."""
    logger = CapturingLogger()
    monkeypatch.setattr(batch, "LOGGER", logger)
    return logger


def test_a_batch_that_breaks_off_never_ends_well(client: FlaskClient, log: CapturingLogger) -> None:
    """Its last line says so, and the stream ends in an error, which a server passes on by closing the connection."""
    rows = "Fraud,finance,modeling,batch\n" * 1_000
    body = f'name,industry,phase,deployment.pattern\n{rows}5" pipe,finance,modeling,batch\n'
    answer = client.post("/recommend/batch", data=body, content_type=CSV, buffered=False)
    assert answer.status_code == 200
    said: list[bytes] = []
    with pytest.raises(BatchCutError):
        said.extend(answer.iter_encoded())
    assert b"breaks off here" in said[-1].splitlines()[-1]
    assert [call.args for call in log.calls] == [("batch_cut",)]


def test_a_finished_batch_is_logged(client: FlaskClient, log: CapturingLogger) -> None:
    """With how many items it had, and how many of them were at fault."""
    assert post(client, json.dumps([PROJECT, {}]), JSON).data
    (call,) = log.calls
    assert (call.args, call.kwargs) == (("batch",), {"items": 2, "faulty": 1})
