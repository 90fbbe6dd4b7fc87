"""Every answer in the metrics, and in a log of decisions where one is asked for."""

from __future__ import annotations

from typing import Any

import orjson
from flask import g, has_request_context

from rules.explain import Json
from schemas.project import canonical
from service.cache import Fetched
from service.logs import LEDGER
from service.recommender import Observer, Ticket
from service.watch.metrics import Metrics

_LEAN = len(b'"lean":"')
_AFTER_HEADCOUNT = b',"cost":'


class Watch(Observer):
    """Counts answers, and logs each as `detail` says: `off`, the `answer` alone, or the `input` too."""

    def __init__(self, metrics: Metrics, detail: str, digest: str) -> None:
        self._metrics = metrics
        self._detail = detail
        self._digest = digest

    def answered(self, ticket: Ticket, fetched: Fetched) -> None:
        """Count the lean, which a body begins with: reading all of it would cost more than a cached answer."""
        value = fetched.value
        self._metrics.answers.add(value[_LEAN : value.index(b'"', _LEAN)].decode())
        if self._detail != "off":
            LEDGER.write(self._line(ticket, fetched))

    def computed(self, answer: Json) -> None:
        """Count which rules decided, and what was left open."""
        self._metrics.rules.add_each(factor["rule"] for factor in answer["score"]["factors"] if factor["counted"])
        self._metrics.unanswered.add_each(answer["unanswered"])

    def batched(self, rows: int, faulty: int) -> None:
        """Count rows of a batch."""
        self._metrics.rows.add("ok", times=rows - faulty)
        self._metrics.rows.add("faulty", times=faulty)

    def delivered(self, method: str, outcome: str) -> None:
        """Count a call of Slack."""
        self._metrics.deliveries.add(method, outcome)

    def _line(self, ticket: Ticket, fetched: Fetched) -> dict[str, Any]:
        answer = orjson.loads(b"{" + fetched.value.partition(_AFTER_HEADCOUNT)[0] + b"}")
        headcount = answer["headcount"]
        line = {
            "event": "decision",
            "id": ticket.id,
            "rulebook": self._digest,
            "ratio": answer["ratio"]["text"],
            "lean": answer["lean"],
            "headcount": {role: headcount[role] for role in ("total", "data_scientist", "ml_engineer")},
            "cache": fetched.cache_status,
            "key": getattr(g.get("flask_httpauth_user"), "name", None) if has_request_context() else None,
        }
        return line | _asked(ticket) if self._detail == "input" else line


def _asked(ticket: Ticket) -> dict[str, Any]:
    request = ticket.request
    return {
        "project": orjson.Fragment(canonical(request.project)),
        "name": request.name,
        "reference": request.reference,
        "description": request.description,
    }
