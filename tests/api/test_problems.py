"""Every error has one shape, whatever part of the service refuses."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import CapturingLogger
from werkzeug.test import TestResponse

from schemas.problem import ProblemSchema
from service import problems

LEAST = "industry=finance&phase=modeling&deployment.pattern=batch"


def post(client: FlaskClient, body: bytes, **headers: str) -> TestResponse:
    """Post a body as JSON."""
    return client.post("/recommend", data=body, content_type="application/json", headers=headers)


class StandingStill(BytesIO):
    """A body of which nothing comes, as a server's socket has it after its time."""

    def read(self, _size: int | None = -1) -> bytes:
        raise TimeoutError


# (status, what answers with it)
PRODUCERS: dict[str, tuple[int, Callable[[FlaskClient], TestResponse]]] = {
    "a caller from elsewhere": (403, lambda client: client.get("/rulebook", environ_base={"REMOTE_ADDR": "10.0.0.1"})),
    "an unknown address": (404, lambda client: client.get("/nothing/here")),
    "two slashes for one": (404, lambda client: client.get("/health//live")),
    "a slash too many": (404, lambda client: client.get("/health/live/")),
    "an unknown rule": (404, lambda client: client.get("/rulebook/rules/nothing")),
    "an unknown asset": (404, lambda client: client.get("/docs/nothing.js")),
    "an asset outside of its folder": (404, lambda client: client.get("/docs/../__init__.py")),
    "an unknown static file": (404, lambda client: client.get("/static/nothing")),
    "a zero byte in the address": (404, lambda client: client.get("/static/%00")),
    "a wrong method": (405, lambda client: client.put("/recommend")),
    "an invented method": (405, lambda client: client.open("/recommend", method="BREW")),
    "a range past the end": (
        416,
        lambda client: client.get("/docs/swagger-ui.css", headers={"Range": "bytes=9999999-"}),
    ),
    "no body": (400, lambda client: post(client, b"")),
    "no JSON": (400, lambda client: post(client, b"{'industry': 'finance'}")),
    "not a number": (400, lambda client: post(client, b'{"team": {"size": NaN}}')),
    "a number beyond all others": (400, lambda client: post(client, b'{"team": {"size": 1e400}}')),
    "a digit for every day of a century": (
        400,
        lambda client: post(client, b'{"team": {"size": ' + b"9" * 36_525 + b"}}"),
    ),
    "100,000 arrays": (400, lambda client: post(client, b"[" * 100_000)),
    "100,000 objects": (400, lambda client: post(client, b'{"a":' * 100_000 + b"1" + b"}" * 100_000)),
    "a thousand arrays": (400, lambda client: post(client, b"[" * 1_000 + b"]" * 1_000)),
    "half a surrogate pair": (400, lambda client: post(client, rb'{"name": "\ud800"}')),
    "bytes that are no UTF-8": (400, lambda client: post(client, b'{"name": "\xff"}')),
    "UTF-16": (400, lambda client: post(client, '{"name": "a"}'.encode("utf-16"))),
    "compressed JSON": (400, lambda client: post(client, gzip.compress(b"{}"), **{"Content-Encoding": "gzip"})),
    "a query that is no UTF-8": (400, lambda client: client.get(f"/recommend?{LEAST}&name=%FF")),
    "half a surrogate pair in a query": (400, lambda client: client.get(f"/recommend?{LEAST}&name=%ED%A0%80")),
    "a body past the limit": (413, lambda client: post(client, b" " * 1_048_577)),
    "a body of ten megabytes": (413, lambda client: post(client, b'{"name": "' + b"n" * 10_000_000 + b'"}')),
    "a body that stands still": (
        408,
        lambda client: client.post(
            "/recommend", input_stream=StandingStill(), content_length=9, content_type="application/json"
        ),
    ),
    "a form": (415, lambda client: client.post("/recommend", data={"industry": "finance"})),
    "plain text": (415, lambda client: client.post("/recommend", data="{}", content_type="text/plain")),
    "no type of content": (415, lambda client: client.post("/recommend", data="{}")),
    "a list": (422, lambda client: post(client, b"[1]")),
    "nothing of what is required": (422, lambda client: post(client, b"{}")),
    "a name twice": (422, lambda client: post(client, b'{"industry": "finance", "industry": "retail"}')),
    "a name twice in a query": (422, lambda client: client.get(f"/recommend?{LEAST}&industry=retail")),
    "a group and a field of it": (422, lambda client: client.get(f"/recommend?{LEAST}&team=1&team.size=2")),
    "a field as if it were a group": (422, lambda client: client.get(f"/recommend?{LEAST}&deployment.pattern.x=1")),
    "names of dots": (422, lambda client: client.get(f"/recommend?{LEAST}&.=1&..=1&=1&a.b.c.d=1&{'a.' * 1000}=1")),
    "zero bytes in a query": (422, lambda client: client.get(f"/recommend?{LEAST}&%00=1&name=%00")),
    "another script's digits": (422, lambda client: client.get(f"/recommend?{LEAST}&team.size=%D9%A5")),
    "thousands of parameters": (422, lambda client: client.get("/recommend?" + "a&" * 5_000)),
    "60,000 unknown fields": (
        422,
        lambda client: post(client, b"{%s}" % b",".join(b'"k%d":1' % n for n in range(60_000))),
    ),
}


@pytest.mark.parametrize("producer", PRODUCERS)
def test_every_error_is_a_problem(client: FlaskClient, producer: str) -> None:
    """RFC 9457, with the request's id and all faults; neither more nor less, and nothing of our insides."""
    status, provoke = PRODUCERS[producer]
    response = provoke(client)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    problem: dict[str, Any] = response.get_json(force=True)
    assert ProblemSchema().validate(problem) == {}
    assert list(problem) == ["type", "title", "status", "detail", "instance", "request_id", "errors"]
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["X-Request-ID"]
    assert bool(problem["errors"]) == (status == 422)
    assert len(response.data) < 60_000
    assert b"Traceback" not in response.data


def test_a_failure_of_ours_is_a_problem_and_its_cause_is_logged(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 500 tells the caller nothing but the id under which the log tells all."""

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("the secret cause")

    log = CapturingLogger()
    monkeypatch.setattr(problems, "LOGGER", log)
    response = app.test_client().get("/broken")
    assert (response.status_code, response.content_type) == (500, "application/problem+json")
    assert response.get_json(force=True)["request_id"] == response.headers["X-Request-ID"]
    assert b"secret" not in response.data
    (failure,) = log.calls
    assert (failure.args, str(failure.kwargs["exc_info"])) == (("request_failed",), "the secret cause")


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/recommend", "DELETE", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("/rulebook", "POST", {"GET", "HEAD", "OPTIONS"}),
        ("/rulebook/rules/regulated-work", "PATCH", {"GET", "HEAD", "OPTIONS"}),
        ("/health/live", "POST", {"GET", "HEAD", "OPTIONS"}),
        ("/openapi.json", "PUT", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient, path: str, method: str, allowed: set[str]) -> None:
    """`Allow` names them, as it does for OPTIONS."""
    refused = client.open(path, method=method)
    assert refused.status_code == 405
    assert set(refused.headers["Allow"].split(", ")) == allowed
    assert set(client.options(path).headers["Allow"].split(", ")) == allowed


def test_all_faults_are_told_at_once_each_with_a_way_out(client: FlaskClient) -> None:
    """A wrong value, a wrong name and what is missing, in one answer."""
    problem = client.post("/recommend", json={"industry": "fintec", "deployment": {"patern": "batch"}}).get_json(
        force=True
    )
    assert problem["title"] == "Unprocessable Content"
    assert problem["detail"] == "4 fields are wrong; errors names each with a way out."
    faults = {fault["field"]: fault for fault in problem["errors"]}
    assert {field: fault["code"] for field, fault in faults.items()} == {
        "industry": "invalid_choice",
        "phase": "required",
        "deployment.patern": "unknown_field",
        "deployment.pattern": "required",
    }
    assert faults["industry"]["did_you_mean"] == "fintech"
    assert "finance" in faults["industry"]["allowed"]
    assert faults["deployment.patern"]["did_you_mean"] == "deployment.pattern"


def test_an_instance_is_an_address_whatever_was_asked_for(client: FlaskClient) -> None:
    """What a URI cannot hold is percent-encoded, and so cannot break out of a log or a page."""
    problem = client.get("/rulebook/rules/%0d%0a<é>").get_json(force=True)
    assert problem["instance"] == "/rulebook/rules/%0D%0A%3C%C3%A9%3E"
