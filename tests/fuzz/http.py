"""Requests of any kind, with a key and without: whatever is sent, the fault is never the service's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from limits import parse_many

from service.app import create_app
from service.config import Settings, bundled_rulebook
from service.guard.keys import make_key
from service.guard.scopes import KEYED
from service.guard.settings import GuardSettings
from service.slack.settings import SlackSettings

# All but the proof, which takes seconds, and pictures, which are drawn by what is not Python.
ROUTES = (
    ("GET", "/recommend"), ("POST", "/recommend"), ("POST", "/recommend/batch"), ("POST", "/interpret"),
    ("POST", "/plan"), ("POST", "/compare"), ("POST", "/portfolio"), ("GET", "/"), ("GET", "/compare"),
    ("GET", "/rules"), ("GET", "/recommend.csv"), ("GET", "/metrics"), ("GET", "/rulebook/rules/"),
    ("POST", "/slack/events"), ("PUT", "/"), ("GET", "/health/ready"),
)  # fmt: skip
TYPES = ("application/json", "text/csv", "application/x-ndjson", "application/x-www-form-urlencoded")


@cache
def app(keyed: bool) -> tuple[Flask, str]:
    """An application that asks for keys, or none, and a key that opens all of it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "keys.json"
        key = make_key(file, "fuzzer", KEYED, None)[1]
        guard = GuardSettings(keys_file=file if keyed else None, rate_limit=tuple(parse_many("1000000/second")))
        slack = SlackSettings("a-signing-secret", "xoxb-1")
        return create_app(Settings(bundled_rulebook(), guard=guard, slack=slack, log_level="error")), key


def run(data: bytes) -> None:
    """Two bytes choose route, type and key; the first line is what follows the path, the rest the body."""
    first, second = data[:1] or b"\0", data[1:2] or b"\0"
    method, path = ROUTES[first[0] % len(ROUTES)]
    tail, _, body = data[2:].partition(b"\n")
    served, key = app(bool(second[0] & 4))
    headers = {"X-API-Key": key} if second[0] & 8 else {"Authorization": tail.decode("latin-1").replace("\r", "")}
    reply = served.test_client().open(
        path + tail.decode("latin-1"),
        method=method,
        data=None if method == "GET" else body,
        headers=headers,
        content_type=TYPES[second[0] % 4],
    )
    assert reply.status_code < 500, (method, path, reply.status_code)
    assert reply.status_code < 400 or reply.mimetype in ("application/problem+json", "text/html"), reply.headers
