"""From a request to the bytes of its answer: cache, else rules, then the caller's own labels."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b, sha256
from pathlib import Path
from typing import NamedTuple

import orjson

import rules
import schemas
from rules.engine import Engine
from rules.explain import Json
from schemas.project import Request, canonical
from service.cache import Fetched, TieredCache


class Ticket(NamedTuple):
    """A request that was read: the project's `id`, and the labels that the body begins with."""

    id: str
    request: Request
    head: bytes


class Answer(NamedTuple):
    """The JSON body of a recommendation, and what the cache did for it (RFC 9211)."""

    body: bytes
    cache_status: str


class Observer:
    """Told of answers as they are given; this one does nothing with it."""

    def answered(self, ticket: Ticket, fetched: Fetched) -> None:
        """Take note of an answer, from the cache or computed."""

    def computed(self, answer: Json) -> None:
        """Take note of an answer that was computed."""

    def batched(self, rows: int, faulty: int) -> None:
        """Take note of so many rows of a batch, some of them faulty."""

    def delivered(self, method: str, outcome: str) -> None:
        """Take note of a call of Slack, `delivered` or `refused`."""


class Recommender:
    """Answers requests under one rulebook, and tells `observer` of it. Safe to share between threads."""

    def __init__(self, engine: Engine, cache: TieredCache, observer: Observer | None = None) -> None:
        self.engine = engine
        self.cache = cache
        self.observer = observer or Observer()
        self._context = f"{engine.rulebook.digest} {code_digest()} ".encode()

    def ticket(self, request: Request) -> Ticket:
        """Identify the request: equal projects under the same rulebook and code have equal ids."""
        said = orjson.dumps([request.inferred, request.remarks]) if request.inferred or request.remarks else b""
        name = blake2b(self._context + canonical(request.project) + said, digest_size=16).hexdigest()
        labels = {"id": name, "name": request.name, "reference": request.reference}
        return Ticket(name, request, orjson.dumps(labels)[:-1] + b",")

    def answer(self, ticket: Ticket, *, refresh: bool = False) -> Answer:
        """Answer from the cache, or compute and store; `refresh` computes in any case."""
        observer = self.observer
        fetched = self.cache.fetch(ticket.id, lambda: self._compute(ticket, observer), refresh=refresh)
        observer.answered(ticket, fetched)
        return Answer(ticket.head + fetched.value, fetched.cache_status)

    def compute(self, ticket: Ticket) -> bytes:
        """Answer by the rules alone."""
        return ticket.head + self._compute(ticket, Observer())

    def body(self, request: Request) -> Json:
        """Answer a request by the rules alone, as JSON-ready values."""
        body: Json = orjson.loads(self.compute(self.ticket(request)))
        return body

    def _compute(self, ticket: Ticket, observer: Observer) -> bytes:
        """All of the body that the labels don't begin."""
        request = ticket.request
        answer = self.engine.recommend(request.project)
        answer["inferred"] = request.inferred
        answer["warnings"] = [*request.remarks, *answer["warnings"]]
        observer.computed(answer)
        return orjson.dumps(answer)[1:]


@lru_cache(maxsize=1)
def code_digest() -> str:
    """A digest of the code that decides and spells answers, so that new code never serves an old body."""
    digest = sha256()
    for package in (rules, schemas):
        folder = Path(package.__path__[0])
        for source in sorted(folder.rglob("*.py"), key=lambda path: path.relative_to(folder).as_posix()):
            digest.update(source.read_bytes())
    return digest.hexdigest()
