"""A client of a Redis Cluster that fits a service which starts, and answers, without one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, Self

from redis import RedisCluster
from redis.exceptions import ConnectionError as RedisConnectionError

from service.cache.flight import SingleFlight


class LateCluster:
    """Looks the cluster up with the first command, and with each further one until it is found.

    It takes the commands that `RedisCluster` takes: those on one key, and pipelines without a transaction.
    """

    def __init__(self, make: Callable[[], RedisCluster]) -> None:
        self._make = make
        self._cluster: RedisCluster | None = None
        self._looking: SingleFlight[RedisCluster] = SingleFlight()

    def __getattr__(self, command: str) -> Callable[..., Any]:
        """Return a command that does all of its work, looking included, when it is called."""

        def run(*arguments: Any, **options: Any) -> Any:
            return getattr(self._found(), command)(*arguments, **options)

        return run

    def register_script(self, script: str) -> Callable[..., Any]:
        """Return a command that runs a script on the node that has its keys."""

        def run(keys: Sequence[Any], args: Sequence[Any] = ()) -> Any:
            return self._found().eval(script, len(keys), *keys, *args)

        return run

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what is open; a further command opens it again."""
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None

    def _found(self) -> RedisCluster:
        return self._cluster or self._looking.run("cluster", self._look)[0]

    def _look(self) -> RedisCluster:
        cluster = self._make()
        # redis-py looks the cluster up anew after each failure, and callers queue for it: with all nodes frozen
        # the hundredth would wait for a hundred time-outs.
        cluster.nodes_manager._initialization_lock = _OneAtATime()  # type: ignore[assignment] # noqa: SLF001
        self._cluster = cluster
        return cluster


class _OneAtATime:
    """A lock that turns others away at once; the breaker counts that as the failure which it follows from."""

    def __init__(self) -> None:
        self._lock = Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            raise RedisConnectionError("the cluster is being looked up anew")

    def __exit__(self, *_error: object) -> None:
        self._lock.release()
