"""What every response carries, whose pages may ask, and whom a forwarded address is believed from."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import request
from flask.testing import FlaskClient

from tests.guard.conftest import ASKED, Make

ORIGIN = "https://app.example"
PATHS = [ASKED, "/", "/docs", "/openapi.json", "/nothing", "/recommend.png", "/health/live", "/static/docs.js"]
STRANGERS = ["https://app.example.evil.example", "http://app.example", "https://appXexample", "null"]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_holds_browsers_back(client: FlaskClient, path: str) -> None:
    """Answers, pages, files and problems alike: each header once, and none of TLS where there was none."""
    headers = client.get(path, buffered=True).headers
    assert headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert headers.getlist("X-Frame-Options") == ["DENY"]
    assert headers.getlist("Referrer-Policy") == ["no-referrer"]
    (policy,) = headers.getlist("Content-Security-Policy")
    assert "frame-ancestors 'none'" in policy
    assert ("script-src" in policy or "default-src 'self'" in policy) == (path in ("/", "/docs"))
    assert "Strict-Transport-Security" not in headers


def test_by_tls_browsers_are_told_to_stay_with_it(client: FlaskClient) -> None:
    """For a year."""
    reply = client.get("/health/live", base_url="https://staffing.example")
    assert reply.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_listed_origin_may_ask_with_a_key(guarded: Make, keys_file: Path, reader: str) -> None:
    """The preflight brings none and passes; answers, and refusals, may be read with their headers."""
    client = guarded(cors_origins=(ORIGIN,), keys_file=keys_file).test_client()
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-api-key, content-type"}
    preflight = client.options("/recommend", headers={"Origin": ORIGIN, **wanted})
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    allowed = preflight.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"x-api-key", "content-type"} <= set(allowed)
    for headers, status in (({"X-API-Key": reader}, 200), ({}, 401)):
        reply = client.get(ASKED, headers={"Origin": ORIGIN, **headers})
        assert reply.status_code == status
        assert reply.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "Access-Control-Allow-Credentials" not in reply.headers
        assert "Origin" in reply.headers["Vary"]
        exposed = set(reply.headers["Access-Control-Expose-Headers"].split(", "))
        assert {"ETag", "Cache-Status", "X-Request-ID", "Retry-After"} <= exposed


@pytest.mark.parametrize("origin", STRANGERS)
def test_other_origins_are_told_nothing(guarded: Make, origin: str) -> None:
    """An origin is itself, and no pattern."""
    reply = guarded(cors_origins=(ORIGIN,)).test_client().get(ASKED, headers={"Origin": origin})
    assert reply.status_code == 200
    assert not {name for name, _ in reply.headers if name.startswith("Access-Control")}


def test_no_origin_is_listed_by_default(client: FlaskClient) -> None:
    """No page from elsewhere reads an answer."""
    reply = client.get(ASKED, headers={"Origin": ORIGIN})
    assert not {name for name, _ in reply.headers if name.startswith("Access-Control")}


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [(0, "127.0.0.1 http localhost"), (1, "10.0.0.3 https c.example"), (2, "10.0.0.2 https b.example")],
)
def test_a_forwarded_address_is_believed_from_as_many_proxies_as_are_trusted(
    guarded: Make, proxies: int, seen: str
) -> None:
    """The last that many, which they wrote; what a caller put before them is not."""
    app = guarded(trusted_proxies=proxies, open_to_all=True)
    app.add_url_rule("/seen", "seen", lambda: f"{request.remote_addr} {request.scheme} {request.host}")
    forwarded = {
        "X-Forwarded-For": "10.0.0.1, 10.0.0.2, 10.0.0.3",
        "X-Forwarded-Proto": "http, https, https",
        "X-Forwarded-Host": "a.example, b.example, c.example",
    }
    assert app.test_client().get("/seen", headers=forwarded).text == seen
