"""What the Slack app remembers: in Redis, each thing with a time limit, and without Redis next to nothing."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from threading import Lock
from typing import Any, TypeVar

import orjson
from cachetools import TTLCache
from redis import Redis

from service.cache import Unavailable, connect
from service.cache.circuit import Circuit

T = TypeVar("T")
D = TypeVar("D")

CLAIMED = 3_600  # seconds in which a request answered once is not answered again; Slack repeats one for minutes
KEPT = 7 * 86_400  # seconds for which a project too long for a button is kept
REMEMBERED = 30 * 86_400  # seconds for which a person's answers are
RECENT = 5
_TIMEOUT = 0.5  # seconds; nobody waits for these commands


class Store:
    """Claims, long projects and recent answers. Redis failing is never the caller's failure."""

    def __init__(self, client: Redis | None) -> None:
        self._redis = client
        self._circuit = Circuit("slack", fail_max=3, reset_after=5)
        self._claims: TTLCache[str, bool] = TTLCache(65_536, CLAIMED)
        self._lock = Lock()

    @classmethod
    def at(cls, url: str | None) -> Store:
        """A store in the Redis of that URL, or without one."""
        return cls(connect(url, timeout=_TIMEOUT, connect_timeout=_TIMEOUT) if url else None)

    def claim(self, key: str) -> bool:
        """Whether this caller is the first with the key: over all processes with Redis, else in this one."""
        with self._lock:
            if key in self._claims:
                return False
            self._claims[key] = True
        won = self._ask(lambda redis: redis.set(f"slack:claim:{key}", b"1", nx=True, ex=CLAIMED), default=True)
        return bool(won)

    def release(self, key: str) -> None:
        """Give a claim back, for what it was made for failed."""
        with self._lock:
            self._claims.pop(key, None)
        self._ask(lambda redis: redis.delete(f"slack:claim:{key}"), default=None)

    def keep(self, text: str) -> str | None:
        """Keep a text, and return the short name that it is found by, or None where it can't be kept."""
        name = blake2b(text.encode(), digest_size=12).hexdigest()
        kept = self._ask(lambda redis: redis.set(f"slack:state:{name}", text.encode(), ex=KEPT), default=None)
        return name if kept else None

    def kept(self, name: str) -> str | None:
        """The text of that name, or None where it is kept no longer."""
        found = self._ask(lambda redis: redis.get(f"slack:state:{name}"), default=None)
        return found.decode() if isinstance(found, bytes) else None

    def remember(self, person: str, entry: dict[str, Any]) -> None:
        """Put an entry before the person's others, of which the newest few are kept."""
        key = f"slack:recent:{person}"

        def push(redis: Redis) -> None:
            with redis.pipeline() as pipe:
                pipe.lpush(key, orjson.dumps(entry))
                pipe.ltrim(key, 0, RECENT - 1)
                pipe.expire(key, REMEMBERED)
                pipe.execute()

        self._ask(push, default=None)

    def recent(self, person: str) -> list[dict[str, Any]] | None:
        """The person's newest entries, newest first, or None where nothing is remembered."""
        found: Any = self._ask(lambda redis: redis.lrange(f"slack:recent:{person}", 0, -1), default=None)
        return None if found is None else [orjson.loads(entry) for entry in found]

    def must(self, command: Callable[[Redis], T]) -> T:
        """Return what a command returns; raises `Unavailable` where there is no Redis or it fails."""
        if (redis := self._redis) is None:
            raise Unavailable("no Redis is set")
        return self._circuit.call(lambda: command(redis))

    def _ask(self, command: Callable[[Redis], T], default: D) -> T | D:
        try:
            return self.must(command)
        except Unavailable:
            return default
