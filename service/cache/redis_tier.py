"""The tier that processes and machines share: Redis."""

from typing import cast

from redis import Redis
from redis.exceptions import ResponseError

from service.cache.circuit import Circuit
from service.cache.seal import seal, unseal
from service.cache.tier import Health, Unavailable, jittered


class RedisTier:
    """Values in Redis, sealed, under `prefix`, for `ttl` seconds give or take a tenth.

    Every command goes through a circuit breaker: after `fail_max` failures in a row none is sent
    for `reset_after` seconds.
    """

    name = "redis"

    def __init__(
        self,
        client: Redis,
        *,
        ttl: float,
        fail_max: int = 3,
        reset_after: float = 5.0,
        prefix: str = "staffing:",
    ) -> None:
        self._client = client
        self._ttl = ttl
        self._prefix = prefix
        self._circuit = Circuit(self.name, fail_max, reset_after)

    @property
    def breaker(self) -> str:
        """`closed`, `open` or `half-open`."""
        return self._circuit.state

    def get(self, key: str) -> bytes | None:
        """Return the value, or None. Raises `Unavailable` or `Corrupt`."""
        sealed = self._circuit.call(lambda: self._read(self._prefix + key))
        return None if sealed is None else unseal(key, sealed)

    def put(self, key: str, value: bytes) -> None:
        """Store the value, replacing any other. Raises `Unavailable`."""
        sealed, milliseconds = seal(key, value), max(1, round(jittered(self._ttl) * 1000))
        self._circuit.call(lambda: self._client.set(self._prefix + key, sealed, px=milliseconds))

    def health(self) -> Health:
        """Ping Redis, unless the breaker is open. Never raises."""
        return {
            "state": "ok" if self._answers() else "unavailable",
            "breaker": self.breaker,
            "failures": self._circuit.failures,
        }

    def _answers(self) -> bool:
        try:
            self._circuit.call(self._client.ping)
        except Unavailable:
            return False
        return True

    def _read(self, name: str) -> bytes | None:
        try:
            return cast("bytes | None", self._client.get(name))
        except ResponseError as error:
            if str(error).startswith("WRONGTYPE"):
                return b""  # a list or a hash sits there: Redis is well, the value is not ours
            raise
