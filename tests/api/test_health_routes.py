"""/health: whether it lives and whether it answers."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from schemas.openapi import EXAMPLE


def test_it_lives(client: FlaskClient) -> None:
    """And nothing else is asked for that."""
    assert client.get("/health/live").get_json() == {"status": "ok"}


def test_without_redis_the_process_tier_alone_is_ready(client: FlaskClient) -> None:
    """No Redis was asked for, so none is missing."""
    ready = client.get("/health/ready").get_json()
    assert (ready["status"], ready["reasons"], list(ready["cache"])) == ("ok", {}, ["process"])


def test_look_ups_are_counted(app: Flask) -> None:
    """A miss, then hits."""
    client = app.test_client()
    for _ in range(3):
        client.post("/recommend", json=EXAMPLE)
    counts = client.get("/health/ready").get_json()["cache"]["process"]
    assert (counts["misses"], counts["hits"], counts["corrupt"]) == (1, 2, 0)
