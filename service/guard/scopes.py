"""What a key may open: the scopes that routes are registered under."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """What a route asks of a key. OPEN asks for none, and is not counted by the rate limits."""

    OPEN = "open"
    RECOMMEND = "recommend"  # single projects, plans, comparisons, texts, the page
    BATCH = "batch"  # what takes seconds of a core: many projects at once
    RULEBOOK = "rulebook"  # what decides, and its proof
    METRICS = "metrics"


KEYED = tuple(str(scope) for scope in Scope if scope is not Scope.OPEN)
