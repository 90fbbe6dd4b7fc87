"""What every cache tier offers, and the ways in which one may let the caller down."""

import random
from collections.abc import Callable
from typing import Literal, NotRequired, Protocol, TypedDict

JITTER = 0.1


class Unavailable(Exception):  # noqa: N818
    """The tier cannot be reached, or is being left alone because it could not be."""


class Corrupt(Exception):  # noqa: N818
    """The tier holds something under the key that was never stored there."""


class Health(TypedDict):
    """Whether a tier can be reached now, and what was seen of it since the process started."""

    state: Literal["ok", "unavailable"]
    breaker: NotRequired[str]
    failures: NotRequired[int]


class Tier(Protocol):
    """One place where values are kept by key. Safe to share between threads."""

    @property
    def name(self) -> str:
        """The tier's name, a token fit for `Cache-Status`."""

    @property
    def breaker(self) -> str | None:
        """The state of the circuit breaker before the tier, or None where it needs none."""

    def get(self, key: str) -> bytes | None:
        """Return the value, or None. Raises `Unavailable` or `Corrupt`."""

    def put(self, key: str, value: bytes) -> None:
        """Store the value, replacing any other. Raises `Unavailable`."""

    def health(self) -> Health:
        """Try to reach the tier now. Never raises."""


def jittered(ttl: float, chance: Callable[[], float] = random.random) -> float:
    """Return `ttl` (seconds) moved by up to 10 % either way, so that what was stored together
    does not expire together.
    """
    return ttl * (1 + JITTER * (2 * chance() - 1))
