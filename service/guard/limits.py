"""Rate limits: how often a caller may come, counted over all replicas in Redis, or in this process while it is away.

`limits` reads the rates. Flask-Limiter, which is built on it, would cost each request several times what this does
(docs/adr/0012).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock
from time import monotonic
from typing import NamedTuple, cast

from cachetools import TLRUCache
from limits import RateLimitItem
from redis import Redis

from service.cache import Unavailable
from service.cache.circuit import Circuit

# One round trip; the window begins with the first request in it. A count that lost its end gets a new one.
_HIT = """
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = 1000 * ARGV[1]
  redis.call('PEXPIRE', KEYS[1], left)
end
return {count, left}
"""


_CALLERS = 65_536


class Counter:
    """Counts what happens under a name within a window of seconds, each from its first event on."""

    def __init__(self, client: Redis | None = None, reset_after: float = 5.0) -> None:
        self._script = client.register_script(_HIT) if client else None
        self._circuit = Circuit("limits", fail_max=3, reset_after=reset_after)
        self._here = _Here()

    def hit(self, name: str, window: int) -> tuple[int, float]:
        """Count one more; return how many there are by now, and the seconds until the window ends."""
        if (script := self._script) is not None:
            try:
                reply = self._circuit.call(lambda: script(keys=[f"staffing:limit:{name}"], args=[window]))
            except Unavailable:
                pass
            else:
                count, left = cast("tuple[int, int]", reply)
                return count, left / 1_000
        return self._here.hit(name, window)


class _Window:
    """A count, and the time at which it ends."""

    __slots__ = ("count", "end")

    def __init__(self, end: float) -> None:
        self.count, self.end = 0, end


class _Here:
    """Counts in this process, of so many callers that no crowd of addresses fills its memory."""

    def __init__(self) -> None:
        self._windows: TLRUCache[str, _Window] = TLRUCache(_CALLERS, lambda _name, window, _now: window.end, monotonic)
        self._lock = Lock()

    def hit(self, name: str, window: int) -> tuple[int, float]:
        with self._lock:
            found = self._windows.get(name)
            if found is None:
                self._windows[name] = found = _Window(monotonic() + window)
            found.count += 1
            return found.count, max(0.0, found.end - monotonic())


class Allowance(NamedTuple):
    """How much a caller has used of one rate: `spent` of `quota` requests, with `reset` seconds of `window` left."""

    rate: str
    quota: int
    window: int
    spent: int
    reset: int

    @property
    def policy(self) -> str:
        """The rate, as the `RateLimit-Policy` header has it."""
        return f'"{self.rate}";q={self.quota};w={self.window}'

    @property
    def state(self) -> str:
        """What is left, as the `RateLimit` header has it."""
        return f'"{self.rate}";r={max(0, self.quota - self.spent)};t={self.reset}'


class RateLimits:
    """The rates by name; a caller is held to every one that applies."""

    def __init__(self, rates: Mapping[str, Sequence[RateLimitItem]], counter: Counter) -> None:
        self._rates = rates
        self._counter = counter

    def spend(self, caller: str, names: Sequence[str]) -> list[Allowance]:
        """Count a request of the caller's under each of the named rates."""
        return [
            self._spend(caller, f"{name}-{place}" if place else name, item)
            for name in names
            for place, item in enumerate(self._rates[name])
        ]

    def _spend(self, caller: str, name: str, item: RateLimitItem) -> Allowance:
        window = item.get_expiry()
        count, seconds = self._counter.hit(f"{name}:{item.amount}:{window}:{caller}", window)
        return Allowance(name, item.amount, window, count, max(1, ceil(seconds)))


@lru_cache(maxsize=4_096)
def neighbourhood(address: str | None) -> str:
    """What an address is counted under: itself, or the /64 of an IPv6 one, all of which is one customer's."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return address or "local"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)
