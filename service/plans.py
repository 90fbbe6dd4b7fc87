"""The plans of many projects as one file for a planning tool."""

from __future__ import annotations

from collections.abc import Sequence
from time import sleep

from rules.rows import plan_rows
from schemas.plan import project_names
from schemas.project import Request
from service.api.streams import SHORTEST
from service.exports import FORMATS
from service.recommender import Recommender


def plan_file(recommender: Recommender, requests: Sequence[Request], layout: str) -> bytes:
    """Plan projects with whole schedules, one after the other in order; raise InputError where they are too many."""
    rows = []
    for name, request in zip(project_names(requests), requests, strict=True):
        answer = recommender.body(request)
        rows += plan_rows({**answer, "name": name})
        sleep(SHORTEST)  # each takes a millisecond: let gevent's other requests have their turn
    return FORMATS[layout].write(rows)
