"""From a query to what the page tells: an answer, or the faults that keep it from one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import orjson
from flask import request

from schemas.faults import Fault, InputError
from schemas.flat import nest
from schemas.project import Request, load_project
from service.recommender import Recommender
from service.requests import CACHE_STATUS
from service.web.answer import Answer, answer

Pairs = Sequence[tuple[str, str]]

EXAMPLES: Mapping[str, str] = {
    "Card fraud at a bank": "industry=finance&phase=modeling&deployment.pattern=real_time&goal=decision_automation"
    "&deployment.latency_ms_p99=50&deployment.peak_rps=900&deployment.serving_platform=existing&data.quality=poor"
    "&data.sensitivity=personal&governance.regulated=true&team.size=8&team.existing.data_scientist=2"
    "&team.existing.ml_engineer=1",
    "Demand at a retailer": "industry=retail&phase=deployment&deployment.pattern=batch&goal=prediction"
    "&model.origin=off_the_shelf&data.quality=good&deployment.models_in_production=4&deployment.retraining=scheduled",
    "Readmissions at a hospital": "industry=healthcare&phase=business_and_data_understanding&deployment.pattern=none"
    "&goal=insights&audience=executives&data.sensitivity=special_category",
}


class Told(NamedTuple):
    """What a query came to; `faults` are empty where there is an answer."""

    pairs: Pairs
    request: Request | None
    answer: Answer | None
    faults: tuple[Fault, ...] = ()

    @property
    def query(self) -> str:
        """The query without what says nothing."""
        return urlencode(self.pairs)

    @property
    def inferred(self) -> Sequence[Mapping[str, Any]]:
        """What was read from the description."""
        return self.answer.body["inferred"] if self.answer else ()


class Teller:
    """Tells queries by the recommender, within a request."""

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender
        self._claims = {claim.id: claim.says for claim in recommender.engine.rulebook.claims.values()}

    def tell(self, pairs: Pairs) -> Told:
        """The answer to a query's pairs, or what keeps it from one."""
        pairs = [(name, text) for name, text in pairs if text.strip()]
        try:
            read = load_project(nest(pairs))
        except InputError as error:
            return Told(pairs, None, None, error.faults)
        found = self._recommender.answer(self._recommender.ticket(read))
        request.environ[CACHE_STATUS] = found.cache_status
        phase = str(read.project.answers["phase"])
        return Told(pairs, read, answer(orjson.loads(found.body), pairs, self._claims, phase))

    def answer(self, pairs: Pairs) -> Answer:
        """The answer; raises InputError where there is none."""
        told = self.tell(pairs)
        if told.answer is None:
            raise InputError(told.faults)
        return told.answer

    @cached_property
    def examples(self) -> list[tuple[str, Answer]]:
        """Some projects to begin with, each under its title."""
        return [(title, self.answer(parse_qsl(query))) for title, query in EXAMPLES.items()]
