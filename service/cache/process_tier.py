"""The nearest tier: this process's own memory."""

import sys
import time
from collections.abc import Callable
from threading import Lock

from cachetools import TLRUCache

from service.cache.tier import Health, jittered


class ProcessTier:
    """A cache in memory, bounded in bytes; the least recently used value makes room.

    `ttl` is in seconds of `clock`. A value larger than `max_bytes` is not kept.
    """

    name = "process"
    breaker = None

    def __init__(self, max_bytes: int, ttl: float, clock: Callable[[], float] = time.monotonic) -> None:
        # getsizeof counts the object too: a flood of empty values is bounded as well.
        self._values: TLRUCache[str, bytes] = TLRUCache(
            max_bytes, lambda _key, _value, now: now + jittered(ttl), clock, sys.getsizeof
        )
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        """Return the value, or None."""
        with self._lock:
            try:
                return self._values[key]
            except KeyError:
                return None

    def put(self, key: str, value: bytes) -> None:
        """Store the value, replacing any other."""
        with self._lock:
            try:
                self._values[key] = value
            except ValueError:  # too large; what it was to replace must go all the same
                self._values.pop(key, None)

    def health(self) -> Health:
        """Report that a process can always reach its own memory."""
        return {"state": "ok"}
