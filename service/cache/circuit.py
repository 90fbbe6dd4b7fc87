"""The circuit breaker between the service and Redis."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import NoReturn, TypeVar

import structlog
from pybreaker import (
    STATE_CLOSED,
    STATE_OPEN,
    CircuitBreaker,
    CircuitBreakerError,
    CircuitBreakerListener,
    CircuitBreakerState,
)
from redis.exceptions import MaxConnectionsError

from service.cache.tier import Unavailable

T = TypeVar("T")
log = structlog.get_logger()


class Circuit:
    """Stops calling Redis after `fail_max` failures in a row; after `reset_after` seconds one caller tries.

    pybreaker holds its lock while the guarded call lasts, which would let one Redis command through
    at a time. So while the circuit is closed, calls run outside of it and only their outcome is
    settled inside; while it is open, the one caller who may probe goes through it and nobody waits.
    """

    def __init__(self, tier: str, fail_max: int, reset_after: float) -> None:
        self.failures = 0
        self._breaker = CircuitBreaker(
            fail_max, reset_after, listeners=[_Announcer(tier)], throw_new_error_on_trip=False
        )
        self._counting = Lock()
        self._probing = Lock()

    @property
    def state(self) -> str:
        """`closed`, `open` or `half-open`."""
        return self._breaker.current_state

    def call(self, command: Callable[[], T]) -> T:
        """Return what the command returns. Raises `Unavailable` when it fails or is not tried."""
        try:
            return self._attempt(command) if self.state == STATE_CLOSED else self._probe(command)
        except (CircuitBreakerError, MaxConnectionsError) as error:
            raise Unavailable(str(error)) from error
        except Exception as error:  # whatever the client raises is the tier's failure, not the caller's
            with self._counting:
                self.failures += 1
            raise Unavailable(str(error)) from error

    def _attempt(self, command: Callable[[], T]) -> T:
        try:
            result = command()
        except MaxConnectionsError:  # our own pool is busy, which says nothing about Redis
            raise
        except Exception as error:
            with suppress(CircuitBreakerError, type(error)):
                self._breaker.call(_fail, error)
            raise
        if self._breaker.fail_counter:
            with suppress(CircuitBreakerError):  # others opened it meanwhile
                self._breaker.call(_succeed)
        return result

    def _probe(self, command: Callable[[], T]) -> T:
        if not self._probing.acquire(blocking=False):
            raise CircuitBreakerError("another caller is probing")
        try:
            return self._breaker.call(command)
        finally:
            self._probing.release()


class _Announcer(CircuitBreakerListener):
    """Logs one line when the tier is given up and one when it is back; pybreaker calls it under its lock."""

    def __init__(self, tier: str) -> None:
        self._tier = tier
        self._error = ""

    def failure(self, _breaker: CircuitBreaker, error: BaseException) -> None:
        self._error = f"{type(error).__name__}: {error}"

    def state_change(self, _breaker: CircuitBreaker, old: CircuitBreakerState | None, new: CircuitBreakerState) -> None:
        if new.name == STATE_CLOSED:
            log.info("cache_tier_recovered", tier=self._tier)
        elif new.name == STATE_OPEN and old is not None and old.name == STATE_CLOSED:
            log.warning("cache_tier_unavailable", tier=self._tier, error=self._error)


def _fail(error: Exception) -> NoReturn:
    raise error


def _succeed() -> None:
    """Stand for a call that went well."""
