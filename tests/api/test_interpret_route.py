"""Words over HTTP: `/interpret` reads them, and a description fills what a request leaves out."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

WORDS = "Fraud model for a bank, prototype done; real-time, p99 < 80 ms. Nothing for retail."


def test_a_text_is_read_with_the_words_that_say_it(client: FlaskClient) -> None:
    """Every value comes with its span, what was set aside with the reason, and a document for /recommend."""
    body = client.post("/interpret", json={"text": WORDS}).json
    assert body["document"]["deployment"] == {"pattern": "real_time", "latency_ms_p99": 80}
    assert all(WORDS[item["start"] : item["end"]] == item["words"] for item in body["fields"] + body["set_aside"])
    assert [(item["field"], item["value"], item["why"]) for item in body["set_aside"]] == [
        ("industry", "retail", "negated")
    ]
    assert client.post("/recommend", json=body["document"]).status_code == 200


def test_what_is_missing_is_asked_for(client: FlaskClient) -> None:
    """A text that leaves a required field open is answered, with the question to ask."""
    missing = client.post("/interpret", json={"text": "a model for a bank"}).json["missing"]
    assert [item["field"] for item in missing] == ["phase", "deployment.pattern"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "required"),
        ({"text": 3}, "wrong_type"),
        ({"txt": "x"}, "unknown_field"),
        ({"text": "x" * 20_001}, "too_long"),
    ],
)
def test_a_wrong_request_is_told(client: FlaskClient, document: object, code: str) -> None:
    """Faults come in the one shape of all."""
    answer = client.post("/interpret", json=document)
    assert answer.status_code == 422
    assert code in {fault["code"] for fault in answer.json["errors"]}


def test_a_description_fills_what_the_fields_leave_out(client: FlaskClient) -> None:
    """The same project in words and in fields has the same sum; what was read is listed."""
    fields = {"industry": "finance", "phase": "modeling", "deployment": {"pattern": "batch"}}
    words = {"description": "A proof of concept for a bank, scored in nightly batches"}
    told, given = (client.post("/recommend", json=project).json for project in (words, fields))
    assert told["score"]["raw"] == given["score"]["raw"]
    assert {item["field"] for item in told["inferred"]} >= {"industry", "phase", "deployment.pattern"}
    assert given["inferred"] == []


def test_a_field_that_was_given_wins(client: FlaskClient) -> None:
    """The description's other word is a warning, not an answer."""
    project = {"description": "fraud at a bank", "industry": "retail", "phase": "modeling"}
    body = client.post("/recommend", json={**project, "deployment": {"pattern": "batch"}}).json
    assert {"description_contradicts"} <= {warning["code"] for warning in body["warnings"]}
    assert not body["both_required"]


def test_answers_that_were_read_from_other_words_have_another_id(client: FlaskClient) -> None:
    """The id stands for the body: the words that were read are in it."""
    texts = ("a bank's poc, in nightly batches", "a poc for a bank, in nightly batches")
    first, second = (client.post("/recommend", json={"description": text}).json for text in texts)
    assert first["score"]["raw"] == second["score"]["raw"]
    assert first["id"] != second["id"]


def test_words_that_leave_a_required_field_open_are_answered_with_the_question(client: FlaskClient) -> None:
    """The 422 names what is missing; a fault of what was read shows the words."""
    errors = client.post("/recommend", json={"description": "a poc for a bank, team of 6.3"}).json["errors"]
    assert ("deployment.pattern", "required") in {(fault["field"], fault["code"]) for fault in errors}
    assert next(fault["message"] for fault in errors if fault["field"] == "team.size").endswith(
        "(read from '6.3' in the description)"
    )
