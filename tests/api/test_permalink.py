"""GET /recommend: a project in a query, and whether its answer has changed."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from schemas.flat import flatten
from schemas.openapi import EXAMPLE
from schemas.project import load_project

LEAST = "industry=finance&phase=modeling&deployment.pattern=batch"


def get(client: FlaskClient, query: str = LEAST, **headers: str) -> TestResponse:
    """Follow a permalink."""
    return client.get(f"/recommend?{query}", headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_a_query_is_answered_like_the_body_it_stands_for(client: FlaskClient) -> None:
    """Byte by byte, under the same ETag."""
    query = urlencode(flatten(load_project(EXAMPLE)))
    linked, posted = get(client, query), client.post("/recommend", json=EXAMPLE)
    assert linked.data == posted.data
    assert linked.headers["ETag"] == posted.headers["ETag"]


@pytest.mark.parametrize("form", ['"{id}"', 'W/"{id}"', '"another", W/"{id}"', "*"])
def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient, form: str) -> None:
    """304 to the id; also to the weak form into which a compressing proxy turns it."""
    name = get(client).get_json()["id"]
    response = get(client, If_None_Match=form.format(id=name))
    assert (response.status_code, response.data) == (304, b"")
    assert response.headers["ETag"] == f'"{name}"'


@pytest.mark.parametrize("etag", ['"another"', "unquoted", '"', ",,W/", "\x80"])
def test_another_answer_is_sent(client: FlaskClient, etag: str) -> None:
    """A different tag, or none that can be read, gets the body."""
    assert get(client, If_None_Match=etag).status_code == 200


def test_no_cache_computes_although_nothing_changed(client: FlaskClient) -> None:
    """Whoever asks for a fresh answer gets one."""
    etag = get(client).headers["ETag"]
    response = get(client, If_None_Match=etag, Cache_Control="no-cache")
    assert (response.status_code, response.headers["Cache-Status"]) == (200, "process; fwd=request; stored")


def test_a_browser_asks_again_each_time(client: FlaskClient) -> None:
    """The rulebook may change under the link, so nobody keeps an answer without asking."""
    etag = get(client).headers["ETag"]
    assert get(client).headers["Cache-Control"] == "no-cache"
    assert get(client, If_None_Match=etag).headers["Cache-Control"] == "no-cache"


def test_head_says_what_get_would(client: FlaskClient) -> None:
    """The same headers and no body, for answers and for problems."""
    for query, status in ((LEAST, 200), ("industry=finance", 422)):
        asked, head = get(client, query), client.head(f"/recommend?{query}")
        assert (head.status_code, head.data) == (status, b"")
        assert head.headers.get("ETag") == asked.headers.get("ETag")
        assert head.content_type == asked.content_type


@pytest.mark.parametrize(
    ("query", "like"),
    [
        ("languages=python&languages=r", "languages=r,python"),
        ("goal=&team.size=&languages=,,", ""),
        ("team.size=1e1", "team.size=10.0"),
        ("budget.amount=-0", "budget.amount=0"),
        ("governance.regulated=yes", "governance.regulated=true"),
        ("data.quality=%20poor+", "data.quality=poor"),
    ],
)
def test_a_query_may_be_written_in_several_ways(client: FlaskClient, query: str, like: str) -> None:
    """A list by commas or by repetition, empty for nothing, numbers as JSON has them, yes for true."""
    assert get(client, f"{LEAST}&{query}").data == get(client, f"{LEAST}&{like}").data


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("industry=retail", "industry", "wrong_type"),
        ("team.size=0x10", "team.size", "wrong_type"),
        ("team.size=1_000", "team.size", "wrong_type"),
        ("team.size=NaN", "team.size", "wrong_type"),
        ("team.size=1e400", "team.size", "wrong_type"),
        ("team.size=-0", "team.size", "out_of_range"),
        ("team.size=1.5", "team.size", "not_a_multiple"),
        ("budget.annual_cost.data_scientist=1", "budget.annual_cost.ml_engineer", "required"),
        ("mlops_level=one", "mlops_level", "wrong_type"),
        ("patern=batch", "patern", "unknown_field"),
        ("%=%zz", "%", "unknown_field"),
    ],
)
def test_what_a_query_says_wrongly_is_named(client: FlaskClient, query: str, field: str, code: str) -> None:
    """By the dotted name, with the code that the same fault of a body has."""
    problem = get(client, f"{LEAST}&{query}")
    assert problem.status_code == 422
    assert {fault["field"]: fault["code"] for fault in problem.get_json(force=True)["errors"]}[field] == code
