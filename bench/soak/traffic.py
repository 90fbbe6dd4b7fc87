"""What the soak asks: well-formed requests of every kind, each with the right answer under either rulebook."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from bench.load import post
from bench.projects import draw
from rules.project import Project
from schemas.contract import nested
from schemas.flat import flatten
from schemas.project import load_project
from service.app import build_recommender, create_app
from service.config import Settings

Json = dict[str, Any]
Answer = tuple[int, bytes]

POPULAR, OTHERS = 60, 600  # projects; a worker's own memory holds the popular ones and few of the others
MIX = {"hit": 38, "far hit": 20, "computed": 15, "permalink": 12, "interpret": 8, "plan": 4, "batch": 1, "health": 2}
_TEXTS = [
    f"{model} for a {business}, {phase}, {pattern}"
    for model in ("Fraud model", "Demand forecast", "Chatbot on our documents", "Image classifier")
    for business in ("bank", "hospital", "supermarket chain", "car maker")
    for phase in ("poc", "prototype done", "in production")
    for pattern in ("real-time, p99 < 80ms", "nightly batch", "on the device")
]


@dataclass(frozen=True, slots=True)
class Question:
    """A request as bytes on the wire; `right` is its answer by the digest of the rulebook that decides.

    Health has none: what it tells is a matter of the moment.
    """

    kind: str
    wire: bytes
    right: Mapping[str, Answer]

    def answered_by(self, status: int, body: bytes, digests: set[str]) -> bool:
        """Whether this is, byte for byte, the answer under one of the rulebooks that may decide now."""
        if self.right:
            return any(self.right[digest] == (status, body) for digest in digests)
        return status == 200 and json.loads(body)["rulebook"]["digest"] in digests


class Reference:
    """The engine under one rulebook, in this process and without a cache of any other."""

    def __init__(self, rulebook: Path) -> None:
        settings = Settings(rulebook=rulebook, log_level="error")
        self.recommender = build_recommender(settings)
        self.digest = self.recommender.engine.rulebook.digest
        self._client = create_app(settings).test_client()

    def recommend(self, project: Json) -> tuple[str, Answer]:
        """The tag of the project's answer, and the answer, by the rules alone."""
        ticket = self.recommender.ticket(load_project(project))
        return f'"{ticket.id}"', (200, self.recommender.compute(ticket))

    def post(self, path: str, body: bytes, content_type: str) -> Answer:
        """The answer to any other request."""
        response = self._client.post(path, data=body, content_type=content_type)
        return response.status_code, response.data


class Traffic:
    """An endless mix of questions, drawn with a seed, so that every soak asks the same."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self._references = references
        documents = [_document(project) for project in draw(references[0].recommender.engine.scorecard, OTHERS)]
        popular = documents[:POPULAR]
        self._pools: dict[str, list[Question]] = {
            "hit": [self._recommend("hit", project) for project in popular],
            "far hit": [self._recommend("far hit", project) for project in documents],
            "computed": [
                self._recommend("computed", project, **{"Cache-Control": "no-cache"}) for project in documents
            ],
            "permalink": [self._permalink(project) for project in popular],
            "interpret": [self._posted("interpret", "/interpret", {"text": text}) for text in _TEXTS],
            "plan": [self._posted("plan", "/plan", {**project, "schedule": _SCHEDULE}) for project in popular],
            "batch": [self._batch(documents[start : start + 20]) for start in range(0, 200, 20)],
            "health": [Question("health", _get("/health/ready"), {})],
        }

    def __iter__(self) -> Iterator[Question]:
        random = Random(8)
        kinds, weights = list(MIX), list(MIX.values())
        while True:
            for kind in random.choices(kinds, weights, k=1_000):
                yield random.choice(self._pools[kind])

    def each(self) -> list[Question]:
        """Every question once."""
        return [question for pool in self._pools.values() for question in pool]

    def _recommend(self, kind: str, project: Json, **headers: str) -> Question:
        wire = post("/recommend", json.dumps(project).encode(), **headers)
        return Question(kind, wire, self._right(lambda reference: reference.recommend(project)[1]))

    def _permalink(self, project: Json) -> Question:
        """A link whose first rulebook's answer the caller has: unchanged under that, and another under the other."""
        first, *others = self._references
        tag, _ = first.recommend(project)
        wire = _get(f"/recommend?{urlencode(list(flatten(load_project(project))))}", **{"If-None-Match": tag})
        changed = {other.digest: other.recommend(project)[1] for other in others}
        return Question("permalink", wire, {first.digest: (304, b""), **changed})

    def _posted(self, kind: str, path: str, document: Json) -> Question:
        body = json.dumps(document).encode()
        right = self._right(lambda reference: reference.post(path, body, "application/json"))
        return Question(kind, post(path, body), right)

    def _batch(self, documents: list[Json]) -> Question:
        body = "".join(f"{json.dumps(document)}\n" for document in documents).encode()
        kind = "application/x-ndjson"
        wire = post("/recommend/batch", body).replace(b"application/json", kind.encode())
        return Question("batch", wire, self._right(lambda one: one.post("/recommend/batch", body, kind)))

    def _right(self, answer: Callable[[Reference], Answer]) -> dict[str, Answer]:
        return {reference.digest: answer(reference) for reference in self._references}


_SCHEDULE = {"start": "2027-01-04", "weeks": 26}


def _document(project: Project) -> Json:
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in project.answers.items()}
    return nested({**values, "team.size": project.team.size})


def _get(path: str, **headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: bench", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()
