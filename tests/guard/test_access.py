"""Who is let in where: by three ways to present a key, scope by scope, and nobody by oversight."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from schemas.openapi import EXAMPLE
from schemas.problem import ProblemSchema
from service.guard.guard import Guard
from service.guard.keys import make_key, revoke_key
from service.guard.limits import Counter
from service.guard.scopes import Scope
from service.guard.settings import GuardSettings
from tests.guard.conftest import ASKED, LEAST, Make

CSV = {"data": "industry,phase,deployment.pattern\nfinance,modeling,batch\n", "content_type": "text/csv"}


@pytest.fixture
def client(guarded: Make, keys_file: Path, reader: str, batcher: str) -> FlaskClient:
    """A client of an application that asks for keys."""
    assert reader
    assert batcher
    return guarded(keys_file=keys_file).test_client()


def basic(name: str, password: str) -> str:
    """The value of `Authorization` for a name and a password."""
    return f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"


def test_a_key_may_be_presented_in_three_ways(client: FlaskClient, reader: str) -> None:
    """In a header of its own, as a bearer, and as the password of anybody."""
    for headers in (
        {"X-API-Key": reader},
        {"Authorization": f"Bearer {reader}"},
        {"Authorization": f"bearer {reader}"},
        {"Authorization": basic("anybody", reader)},
        {"Authorization": basic("", reader)},
    ):
        assert client.get(ASKED, headers=headers).status_code == 200, headers


@pytest.mark.parametrize("path", [ASKED, "/", "/rulebook", "/metrics", "/nothing/here", "/recommend.png?a=1"])
def test_without_a_key_there_is_one_answer(client: FlaskClient, keys_file: Path, path: str) -> None:
    """None, unknown, malformed, expired and revoked are one and the same."""
    revoked, gone = make_key(keys_file, "gone", ["recommend"], None)
    _, ended = make_key(keys_file, "ended", ["recommend"], revoked.created)
    revoke_key(keys_file, revoked.id)
    said = []
    for headers in (
        {},
        {"X-API-Key": gone},
        {"X-API-Key": ended},
        {"X-API-Key": f"stf_{'0' * 12}_{'A' * 43}"},
        {"X-API-Key": ""},
        {"X-API-Key": "é"},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic %"},
        {"Authorization": "basic é"},
        {"Authorization": "Digest a='b"},
        {"Authorization": basic("a", "b")},
        {"Authorization": f"Digest {gone}"},
    ):
        reply = client.get(path, headers={"X-Request-ID": "same", **headers})
        assert (reply.status_code, reply.content_type) == (401, "application/problem+json"), headers
        assert ProblemSchema().validate(reply.get_json(force=True)) == {}
        said.append((reply.data, reply.headers["WWW-Authenticate"]))
    assert len(set(said)) == 1


def test_browsers_are_asked_at_pages_alone(client: FlaskClient, reader: str) -> None:
    """A page challenges for a name and a password; the API names the scheme that programs use."""
    assert client.get("/").headers["WWW-Authenticate"] == 'Basic realm="Staffing recommender", charset=UTF-8'
    assert client.get(ASKED).headers["WWW-Authenticate"] == 'Bearer realm="Staffing recommender"'
    page = client.get(f"/?{LEAST}", headers={"Authorization": basic("me", reader)})
    assert page.status_code == 200
    assert "<h1" in page.text
    for name in page.text.split('"'):
        if name.startswith("/assets/"):
            assert client.get(name, headers={"Authorization": basic("me", reader)}).status_code == 200


def test_a_scope_that_is_missing_is_named(client: FlaskClient, reader: str, batcher: str) -> None:
    """403, for the key is known; it opens nothing else."""
    refused = client.post("/recommend/batch", headers={"X-API-Key": reader}, **CSV)
    assert (refused.status_code, refused.content_type) == (403, "application/problem+json")
    assert refused.get_json(force=True)["detail"] == "This needs a key with the scope batch; this one has recommend."
    assert client.post("/recommend/batch", headers={"X-API-Key": batcher}, **CSV).status_code == 200
    assert client.get("/rulebook", headers={"X-API-Key": reader}).status_code == 403
    assert client.get("/rulebook", headers={"X-API-Key": batcher}).status_code == 200
    assert client.get("/metrics", headers={"X-API-Key": batcher}).status_code == 200
    assert client.get(ASKED, headers={"X-API-Key": batcher}).status_code == 403


def test_any_key_may_learn_what_is_not_there(client: FlaskClient, reader: str) -> None:
    """404 and 405 are told to who is known, and 401 to who is not."""
    assert client.get("/nothing", headers={"X-API-Key": reader}).status_code == 404
    assert client.delete("/recommend", headers={"X-API-Key": reader}).status_code == 405
    assert client.delete("/recommend").status_code == 401


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/openapi.json", "/docs", "/static/docs.js"])
def test_probes_and_the_contract_are_open(client: FlaskClient, path: str) -> None:
    """They hold nothing of anybody's, and say how to present a key."""
    assert client.get(path, buffered=True).status_code == 200


def test_every_route_has_a_scope(app: Flask) -> None:
    """A route that was registered past the guard fails here."""
    guard = app.extensions["guard"]
    assert isinstance(guard, Guard)
    assert [rule.endpoint for rule in app.url_map.iter_rules() if guard.scope_of(rule.endpoint) is None] == []


def test_a_route_without_a_scope_is_opened_by_no_key(keys_file: Path, batcher: str) -> None:
    """Refused, not let in by oversight."""
    app = Flask("service")
    Guard(app, GuardSettings(keys_file=keys_file), Counter())
    app.add_url_rule("/new", "new", lambda: "in")
    assert app.test_client().get("/new", headers={"X-API-Key": batcher}).status_code == 403
    assert app.test_client().get("/new").status_code == 401


def test_without_keys_and_a_word_only_this_machine_is_answered(guarded: Make) -> None:
    """Whatever server it runs under; probes are answered for all."""
    client = guarded().test_client()
    for address in ("127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1", ""):
        assert client.get(ASKED, environ_base={"REMOTE_ADDR": address}).status_code == 200, address
    for address in ("10.0.0.7", "172.17.0.1", "::2", "::ffff:10.0.0.7", "fe80::1%eth0", "localhost.example"):
        refused = client.get(ASKED, environ_base={"REMOTE_ADDR": address})
        assert refused.status_code == 403, address
        assert "OPEN_TO_ALL=yes" in refused.get_json(force=True)["detail"]
        assert client.get("/health/ready", environ_base={"REMOTE_ADDR": address}).status_code == 200
    opened = guarded(open_to_all=True).test_client()
    assert opened.get(ASKED, environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 200


def test_a_key_that_is_taken_changes_no_answer(client: FlaskClient, app: Flask, reader: str) -> None:
    """The same bytes as without keys."""
    answer = client.post("/recommend", json=EXAMPLE, headers={"X-API-Key": reader})
    assert answer.data == app.test_client().post("/recommend", json=EXAMPLE).data


def test_readiness_tells_of_a_file_that_went_bad(client: FlaskClient, keys_file: Path) -> None:
    """Degraded, with no word of where the file is."""
    keys_file.write_text("{")
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.get_json()["status"]) == (200, "degraded")
    assert "API keys" in ready.get_json()["reasons"]["keys"]
    assert str(keys_file) not in ready.text


def test_a_file_that_cannot_be_read_stops_the_start(guarded: Make, keys_file: Path) -> None:
    """There is no last good version to go on with."""
    with pytest.raises(FileNotFoundError):
        guarded(keys_file=keys_file)
    keys_file.write_text("[]")
    with pytest.raises(ValueError, match=r"keys\.json: not a list of keys"):
        guarded(keys_file=keys_file)


def test_the_contract_names_the_scope_that_is_asked_for(app: Flask) -> None:
    """Of every operation, as the guard has it."""
    document, guard = app.test_client().get("/openapi.json").get_json(), app.extensions["guard"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            endpoint, _ = app.url_map.bind("").match(path, method.upper())
            scope = guard.scope_of(endpoint)
            named = {name for way in operation["security"] for names in way.values() for name in names}
            assert named == (set() if scope is Scope.OPEN else {scope}), path
            assert ("401" in operation["responses"]) == (scope is not Scope.OPEN), path
