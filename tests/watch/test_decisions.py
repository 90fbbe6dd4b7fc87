"""The log of decisions: a line for each answer, of as much as was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from schemas.openapi import EXAMPLE
from tests.article import article
from tests.servers import eventually
from tests.workers import Service

Serve = Callable[..., Service]
SECRET = {"name": "Project Nightjar", "reference": "N-1", "description": "Fraud model for a bank, prototype done."}


def lines(service: Service, number: int) -> list[dict[str, Any]]:
    """So many lines of decisions."""
    eventually(lambda: len(service.events("decision")) >= number)
    return service.events("decision")


def test_an_answer_is_written_down_with_what_decided_and_what_was_decided(serve: Serve) -> None:
    """Computed or cached alike, and nothing of what was asked."""
    service = serve(DECISION_LOG="answer")
    replies = [service.recommend({**EXAMPLE, **SECRET}) for _ in range(2)]
    answer = replies[0].json()
    written = lines(service, 2)
    assert len(written) == 2
    for line, reply in zip(written, replies, strict=True):
        assert line["request_id"] == reply.headers["x-request-id"]
        assert line["cache"] == reply.headers["cache-status"]
        assert (line["id"], line["rulebook"], line["lean"]) == (answer["id"], article().digest, answer["lean"])
        assert line["ratio"] == answer["ratio"]["text"]
        assert line["headcount"].items() <= answer["headcount"].items()
        assert line["key"] is None
        assert line["timestamp"].endswith("Z")
        assert "Nightjar" not in json.dumps(line)
        assert "prototype" not in json.dumps(line)


def test_every_way_to_an_answer_is_written_down(serve: Serve) -> None:
    """Links, the page and plans; a link that has not changed gives none."""
    service = serve(DECISION_LOG="answer")
    link = "/recommend?industry=retail&phase=modeling&deployment.pattern=batch"
    etag = service.request("GET", link).headers["etag"]
    assert service.request("GET", link, headers={"If-None-Match": etag}).status == 304
    assert service.request("GET", "/" + link.removeprefix("/recommend")).status == 200
    dated = json.dumps({**EXAMPLE, "schedule": {"start": "2027-01-04", "weeks": 26}}).encode()
    assert service.request("POST", "/plan", dated, {"Content-Type": "application/json"}).status == 200
    assert len(lines(service, 3)) == 3


def test_the_input_is_written_only_where_it_is_asked_for(serve: Serve) -> None:
    """The project as it was read, and its labels."""
    service = serve(DECISION_LOG="input")
    service.recommend({**EXAMPLE, **SECRET})
    (line,) = lines(service, 1)
    assert {name: line[name] for name in SECRET} == SECRET
    assert line["project"]["deployment.peak_rps"] == EXAMPLE["deployment"]["peak_rps"]


def test_without_being_asked_for_nothing_is_written(serve: Serve) -> None:
    """Neither at the start nor for answers."""
    service = serve()
    service.recommend(EXAMPLE)
    eventually(lambda: service.events("request"))
    assert service.events("decision") == []


def test_a_level_that_leaves_out_requests_leaves_decisions_in(serve: Serve) -> None:
    """Who asks for an account of decisions gets all of it."""
    service = serve(DECISION_LOG="answer", LOG_LEVEL="warning")
    service.recommend(EXAMPLE)
    assert len(lines(service, 1)) == 1
    assert service.events("request") == []
