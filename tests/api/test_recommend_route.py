"""POST /recommend: what is read, what is answered, what the cache says."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from rules.vocabulary import INDUSTRIES
from schemas.openapi import EXAMPLE
from service.app import create_app
from service.config import Settings
from tests.documents import documents
from tests.recheck import recheck

LEAST: dict[str, Any] = {"industry": "finance", "phase": "modeling", "deployment": {"pattern": "batch"}}


def answer(client: FlaskClient, project: dict[str, Any]) -> dict[str, Any]:
    """The answer to a project, which must be one."""
    response = client.post("/recommend", json=project)
    assert response.status_code == 200, response.data
    body: dict[str, Any] = response.get_json()
    return body


def test_a_project_is_answered_and_its_sum_can_be_re_done(client: FlaskClient) -> None:
    """The example of the documentation, labels and all."""
    body = answer(client, EXAMPLE)
    assert (body["name"], body["reference"]) == ("Card fraud", "PLAN-142")
    assert body["headcount"]["total"] == 8
    assert body["both_required"]
    recheck(body)


@hypothesis_settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents())
def test_whatever_the_contract_takes_is_answered(client: FlaskClient, document: dict[str, Any]) -> None:
    """Any project in any spelling, and its labels come back with the answer."""
    body = answer(client, document)
    assert (body["name"], body["reference"]) == (document.get("name"), document.get("reference"))


def test_labels_are_echoed_and_decide_nothing(client: FlaskClient) -> None:
    """The same project under two names has one id and, but for the labels, one body."""
    ours = answer(client, {**LEAST, "name": "Ours", "reference": "A-1"})
    theirs = answer(client, {**LEAST, "name": "Theirs"})
    assert (ours.pop("name"), ours.pop("reference")) == ("Ours", "A-1")
    assert (theirs.pop("name"), theirs.pop("reference")) == ("Theirs", None)
    assert ours == theirs


def test_equal_projects_have_equal_bodies_however_they_are_written(client: FlaskClient) -> None:
    """Aliases, codes, numbers, nulls, gaps, the order of keys and a byte order mark say nothing."""
    project = {**LEAST, "languages": ["python", "r"], "team": {"size": 8}}
    again = b"""\xef\xbb\xbf {"team": {"increment": 1.0, "size": 8.0e0, "existing": null},
        "languages": ["R", "Python", "r"], "deployment": {"pattern": "Batch", "users": null},
        "phase": "Modeling", "industry": "52", "governance": {}}"""
    spelled = client.post("/recommend", data=again, content_type="application/json; charset=utf-8")
    assert spelled.data == client.post("/recommend", json=project).data


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_every_industry_is_answered(client: FlaskClient, industry: str) -> None:
    """Each of the twenty sectors, and both roles are required where the article says so."""
    assert answer(client, {**LEAST, "industry": industry})["both_required"] == (industry in ("finance", "healthcare"))


def test_the_cache_says_what_it_did(app: Flask) -> None:
    """RFC 9211: computed and stored, then found; `no-cache` in any case computes again, to the same bytes."""
    client = app.test_client()
    first, second = (client.post("/recommend", json=LEAST) for _ in range(2))
    renewed = client.post("/recommend", json=LEAST, headers={"Cache-Control": "max-age=0, No-Cache"})
    assert [reply.headers["Cache-Status"] for reply in (first, second, renewed)] == [
        "process; fwd=miss; stored",
        "process; hit",
        "process; fwd=request; stored",
    ]
    assert first.data == second.data == renewed.data


def test_the_id_is_the_etag(client: FlaskClient) -> None:
    """A strong one: the bytes are the same wherever they were computed."""
    response = client.post("/recommend", json=LEAST)
    assert response.headers["ETag"] == f'"{response.get_json()["id"]}"'


def test_two_services_give_the_same_bytes(client: FlaskClient, settings: Settings) -> None:
    """Nothing of the process is in an answer."""
    other = create_app(settings).test_client()
    assert client.post("/recommend", json=EXAMPLE).data == other.post("/recommend", json=EXAMPLE).data


@pytest.mark.parametrize("sizes", [[8] * 400, [*range(1, 201)] * 2], ids=["one project", "200 projects"])
def test_fifty_threads_get_the_right_answers(app: Flask, sizes: list[int]) -> None:
    """Whether they ask the same or not, each gets the answer to its own question."""

    def total(size: int) -> float:
        response = app.test_client().post("/recommend", json={**LEAST, "team": {"size": size}})
        return float(json.loads(response.data)["headcount"]["total"])

    with ThreadPoolExecutor(50) as threads:
        assert list(threads.map(total, sizes)) == sizes


@pytest.mark.parametrize(
    ("budget", "team", "total"),
    [
        ((1e12, 0.0001, 0.0001), {"increment": 0.25}, 100_000),
        ((1e12, 1e12, 0.0001), {}, 1),
        ((0, 1, 1), {}, 0),
    ],
    ids=["all the money for next to nobody", "one role is worth it all", "no money"],
)
def test_extreme_budgets_are_answered_like_any(
    client: FlaskClient, budget: tuple[float, float, float], team: dict[str, Any], total: float
) -> None:
    """The largest team is bounded, and so is the work of finding it."""
    amount, scientist, engineer = budget
    costs = {"data_scientist": scientist, "ml_engineer": engineer}
    body = answer(client, {**LEAST, "budget": {"amount": amount, "annual_cost": costs}, "team": team})
    assert (body["headcount"]["total"], body["headcount"]["basis"]) == (total, "budget.amount")


@pytest.mark.parametrize(("start", "status"), [("0001-01-01", 200), ("9990-01-12", 200), ("9990-01-13", 422)])
def test_a_plan_ends_within_the_calendar(client: FlaskClient, start: str, status: int) -> None:
    """The longest plan may begin as late as that it still has a last day."""
    assert client.post("/recommend", json={**LEAST, "schedule": {"start": start, "weeks": 520}}).status_code == status


def test_a_largest_team_is_seated(client: FlaskClient) -> None:
    """100,000 people by the quarter."""
    people = answer(client, {**LEAST, "team": {"size": 1e5, "increment": 0.25}})["headcount"]
    assert people["data_scientist"] + people["ml_engineer"] == people["total"] == 100_000


def test_other_types_of_json_are_json(client: FlaskClient) -> None:
    """Parameters and capitals of the content type do not matter."""
    body = json.dumps(LEAST)
    for content_type in ("Application/JSON", 'application/json;charset="utf-8"', "application/json;"):
        assert client.post("/recommend", data=body, content_type=content_type).status_code == 200
