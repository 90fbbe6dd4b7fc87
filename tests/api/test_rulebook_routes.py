"""/rulebook: what decides, whole and rule by rule."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from schemas.openapi import EXAMPLE
from tests.article import article


def test_the_rulebook_that_is_shown_is_the_one_that_decides(client: FlaskClient) -> None:
    """Its name, version and digest stand in every answer and in readiness."""
    book = client.get("/rulebook").get_json()
    stamp = client.post("/recommend", json=EXAMPLE).get_json()["rulebook"]
    ready = client.get("/health/ready").get_json()["rulebook"]
    for key in ("name", "version", "digest"):
        assert book[key] == stamp[key] == ready[key]


def test_every_rule_can_be_looked_up(client: FlaskClient) -> None:
    """Under the id that factors name, with the claims that it carries."""
    book = client.get("/rulebook").get_json()
    assert [rule["id"] for rule in book["rules"]] == [rule.id for rule in article().rules]
    for rule in book["rules"]:
        assert client.get(f"/rulebook/rules/{rule['id']}").get_json() == rule
        assert all(claim["says"] for claim in rule["claims"])


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("real-time-servin", "Did you mean 'real-time-serving'?"),
        ("Real-Time-Serving", "Did you mean 'real-time-serving'?"),
        ("xyzzy", "GET /rulebook lists them."),
        ("x" * 5_000, "GET /rulebook lists them."),
        ("%00%0d%0a", "GET /rulebook lists them."),
    ],
)
def test_an_unknown_rule_is_answered_with_the_nearest(client: FlaskClient, name: str, way_out: str) -> None:
    """404, with the id that was likely meant or the way to all of them."""
    response = client.get(f"/rulebook/rules/{name}")
    assert response.status_code == 404
    assert response.get_json(force=True)["detail"] == f"The rulebook has no rule of this id. {way_out}"


@pytest.mark.parametrize("path", ["/rulebook", "/rulebook/rules/regulated-work"])
def test_an_unchanged_rulebook_is_not_sent_again(client: FlaskClient, path: str) -> None:
    """Its digest is the ETag."""
    first = client.get(path)
    assert first.headers["ETag"] == f'"{article().digest}"'
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(path, headers={"If-None-Match": '"another"'}).data == first.data
