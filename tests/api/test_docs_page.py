"""/docs: the documentation to read, from this service alone."""

from __future__ import annotations

import re

from flask.testing import FlaskClient


def test_the_page_names_only_what_is_served_here(client: FlaskClient) -> None:
    """Every address in it is one of ours, and leads somewhere."""
    page = client.get("/docs")
    assert page.content_type == "text/html; charset=utf-8"
    addresses = re.findall(r'(?:src|href|data-specification)="([^"]+)"', page.text)
    assert len(addresses) >= 5
    for address in addresses:
        assert address.startswith("/")
        assert not address.startswith("//")
        assert client.get(address, buffered=True).status_code == 200


def test_the_browser_is_told_to_fetch_nothing_from_outside(client: FlaskClient) -> None:
    """The policy lets no script, style, picture or connection leave."""
    policy = dict(part.split(" ", 1) for part in client.get("/docs").headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert not [sources for sources in policy.values() if re.search(r"https?:|\*|unsafe-eval", sources)]
    assert "unsafe-inline" not in policy.get("script-src", policy["default-src"])
    assert "<script>" not in client.get("/docs").text


def test_its_scripts_ask_nobody_else(client: FlaskClient) -> None:
    """The specification comes from here, and no validator elsewhere is asked about it."""
    script = client.get("/static/docs.js", buffered=True).text
    assert re.findall(r"https?://", script) == []
    assert "validatorUrl: null" in script


def test_assets_may_be_kept_and_asked_for_again(client: FlaskClient) -> None:
    """They carry an ETag and an age."""
    asset = client.get("/docs/swagger-ui.css", buffered=True)
    assert asset.headers["Cache-Control"].endswith("max-age=86400")
    known = {"If-None-Match": asset.headers["ETag"]}
    assert client.get("/docs/swagger-ui.css", headers=known, buffered=True).status_code == 304
