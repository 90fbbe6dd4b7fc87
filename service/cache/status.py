"""What each tier did for a request, and how `Cache-Status` (RFC 9211) says it."""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Outcome(StrEnum):
    """What a tier did, in the parameters of RFC 9211."""

    HIT = "hit"
    MISS = "fwd=miss"
    CORRUPT = "fwd=miss; detail=corrupt"
    COLLAPSED = "fwd=miss; collapsed"
    UNAVAILABLE = "fwd=bypass; detail=unavailable"
    REFRESHED = "fwd=request"


class Step(NamedTuple):
    """What one tier did, and whether it took the value in afterwards."""

    tier: str
    outcome: Outcome
    stored: bool = False

    def __str__(self) -> str:
        return f"{self.tier}; {self.outcome}{'; stored' if self.stored else ''}"


Trail = tuple[Step, ...]
"""The steps of one request, nearest tier first."""


@lru_cache(maxsize=128)
def cache_status(trail: Trail) -> str:
    """Return the trail as a `Cache-Status` value, the tier closest to the origin first."""
    return ", ".join(str(step) for step in reversed(trail))
