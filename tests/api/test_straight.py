"""`POST /recommend` is answered ahead of Flask where nothing else has to run, and then as Flask would."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import parse_many
from werkzeug.test import TestResponse

from schemas.openapi import EXAMPLE
from service.app import create_app
from service.config import Settings, bundled_rulebook
from service.guard.settings import GuardSettings

PLAIN = {"Content-Type": "application/json", "X-Request-ID": "the-same"}
AWAY = {"REMOTE_ADDR": "192.0.2.7"}
BODY = json.dumps(EXAMPLE).encode()


@pytest.fixture(scope="module")
def flask_alone() -> FlaskClient:
    """A client of an application whose rate limit has to be looked at, by Flask, before any answer."""
    guard = GuardSettings(rate_limit=tuple(parse_many("100000/minute")))
    return create_app(Settings(rulebook=bundled_rulebook(), guard=guard)).test_client()


def told(response: TestResponse) -> tuple[int, dict[str, str], bytes]:
    """All that a caller sees, but for the rates that only one of the two applications has."""
    headers = {name: value for name, value in response.headers.items() if not name.startswith("RateLimit")}
    return response.status_code, headers, response.data


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY, {}),
        (BODY, {"Cache-Control": "no-cache"}),
        (b'{"industry": "finance"}', {}),
        (b'{"industry": "finance", "phase": "modelling"', {}),
        (b"", {}),
        (b"[1]", {}),
        (b"\xff", {}),
        (BODY, {"Content-Type": "text/plain"}),
        (BODY + b" " * 200_000, {}),
    ],
    ids=["whole", "refresh", "missing", "cut", "empty", "array", "not-utf-8", "type", "large"],
)
def test_both_roads_answer_alike(
    client: FlaskClient, flask_alone: FlaskClient, body: bytes, headers: dict[str, str]
) -> None:
    """Right or wrong: status, headers and body, once both know the project."""
    for one in (client, flask_alone):
        one.post("/recommend", data=BODY, headers=PLAIN)
    roads = [told(one.post("/recommend", data=body, headers=PLAIN | headers)) for one in (client, flask_alone)]
    assert roads[0] == roads[1]


def test_what_flask_was_to_run_before_a_view_is_run(flask_alone: FlaskClient) -> None:
    """A limit counts recommendations too."""
    assert flask_alone.post("/recommend", json=EXAMPLE).headers["RateLimit"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused_as_before(client: FlaskClient, method: str) -> None:
    """With what is allowed."""
    response = client.open("/recommend", method=method, json=EXAMPLE)
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


def test_callers_from_afar_are_refused_where_only_this_machine_is_answered(client: FlaskClient) -> None:
    """By the same problem as anywhere else."""
    assert client.post("/recommend", json=EXAMPLE, environ_overrides=AWAY).status_code == 403


def test_a_failure_of_ours_is_a_problem_without_a_trace(
    flask_alone: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the log has its cause."""
    app: Flask = create_app(Settings(rulebook=bundled_rulebook()))
    monkeypatch.setattr("service.recommender.Recommender.answer", _fail)
    response = app.test_client().post("/recommend", data=BODY, headers=PLAIN)
    assert told(response) == told(flask_alone.post("/recommend", data=BODY, headers=PLAIN))
    assert response.status_code == 500
    assert b"secret" not in response.data


def _fail(*_: Any, **__: Any) -> None:
    raise RuntimeError("secret")


@pytest.mark.parametrize(("body", "status"), [(BODY, 200), (b"{}", 422), (b"{", 400)])
def test_its_requests_are_counted_under_their_route(client: FlaskClient, body: bytes, status: int) -> None:
    """As all others are, and where Flask, which tells of faults, would have found none."""
    client.post("/recommend", data=body, headers=PLAIN | {"Upgrade": "websocket", "Connection": "Upgrade"})
    text = client.get("/metrics").get_data(as_text=True)
    assert f'staffing_request_duration_seconds_count{{method="POST",route="/recommend",status="{status}"}}' in text


@pytest.mark.parametrize("where", ["before_request", "after_request", "teardown_request"])
def test_a_hook_that_is_added_to_the_application_runs(where: str) -> None:
    """Whoever adds one need not know of the other road."""
    app, seen = create_app(Settings(rulebook=bundled_rulebook())), []
    getattr(app, where)(lambda *given: (seen.append(where), *given, None)[1])
    assert app.test_client().post("/recommend", json=EXAMPLE).status_code == 200
    assert seen == [where]
