"""A portfolio that takes the solver long, over a real connection."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.workers import Reply, Service

PROJECT = {"industry": "finance", "phase": "modeling", "deployment": {"pattern": "batch"}}
WORKERS = [{}, {"WORKER_CLASS": "gthread", "WORKER_THREADS": "4"}]


def long_search() -> dict[str, Any]:
    """Fifty projects that all want the same people at the same time, in quarters: a second and more of search."""
    chance = random.Random(3)
    return {"people": {"data_scientist": 33.5, "ml_engineer": 61.25}, "projects": [member(chance) for _ in range(50)]}


def member(chance: random.Random) -> dict[str, Any]:
    """One of them."""
    start = f"2027-{chance.randint(1, 9):02d}-{chance.randint(1, 28):02d}"
    return {
        "priority": chance.randint(1, 5),
        "project": {
            "industry": chance.choice(["finance", "retail", "healthcare", "telecom"]),
            "phase": chance.choice(["data preparation", "modeling", "evaluation", "deployment"]),
            "deployment": {"pattern": chance.choice(["real_time", "batch", "streaming"])},
            "team": {"size": chance.randint(4, 40), "increment": chance.choice([0.25, 1])},
            "schedule": {"start": start, "weeks": chance.randint(6, 60)},
        },
    }


def post(service: Service, document: dict[str, Any]) -> Reply:
    """Ask for a portfolio."""
    return service.request("POST", "/portfolio", json.dumps(document).encode(), {"Content-Type": "application/json"})


@pytest.mark.parametrize("worker", WORKERS, ids=["gevent", "gthread"])
def test_others_are_answered_while_a_portfolio_is_searched(
    serve: Callable[..., Service], worker: dict[str, str]
) -> None:
    """By the same one worker, many times over before the search is done."""
    service, meanwhile = serve(**worker), 0
    with ThreadPoolExecutor(1) as planner:
        searching = planner.submit(post, service, long_search())
        while not searching.done():
            assert service.recommend(PROJECT).status == 200
            meanwhile += 1
    reply = searching.result()
    assert reply.status == 200
    assert reply.json()["status"] in ("optimal", "time_limit")
    assert meanwhile > 20
