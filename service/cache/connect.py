"""A Redis client from a URL: bounded, impatient, and not connected yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from redis import ConnectionPool, Redis, RedisCluster, UnixDomainSocketConnection
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelConnectionPool

from service.cache.cluster import LateCluster
from service.cache.redis_url import RedisUrl, read_redis_url
from service.cache.sockets import Impatient, ImpatientTLS, ImpatientTLSToMaster, ImpatientToMaster

Options = dict[str, Any]
# Some of redis-py's constructors retry ten times unless told otherwise; we rely on bytes and RESP2.
_FIXED: Options = {"protocol": 2, "decode_responses": False}


def connect(url: str, *, timeout: float = 0.05, connect_timeout: float = 0.05, max_connections: int = 32) -> Redis:
    """Return a client for a URL of one of `redis_url.FORMS`; timeouts are in seconds, looking up names included.

    It connects with the first command, and again after a fork: redis-py's pools compare process ids and drop
    their parent's sockets. The URL's own options (`?socket_timeout=`, `?ssl_ca_certs=`) win over ours. A cluster's
    client takes commands on one key. Raises ValueError for a URL that is wrong.
    """
    address = read_redis_url(url)
    ours = {"socket_timeout": timeout, "socket_connect_timeout": connect_timeout, "max_connections": max_connections}
    return _MAKERS[address.kind](address, {**ours, **address.options, **_FIXED})


def _standalone(address: RedisUrl, options: Options) -> Redis:
    ((host, port),) = address.hosts
    return Redis.from_pool(_pool(address, {**options, "host": host, "port": port}))


def _unix(_address: RedisUrl, options: Options) -> Redis:
    return Redis.from_pool(ConnectionPool(UnixDomainSocketConnection, **options, retry=_no_retry()))


def _sentinel(address: RedisUrl, options: Options) -> Redis:
    ours = {name: options[name] for name in ("socket_timeout", "socket_connect_timeout")}
    asking = {**ours, **address.sentinel_options, **_FIXED}
    sentinels = Sentinel([])  # type: ignore[no-untyped-call]
    sentinels.sentinels = [
        Redis.from_pool(_pool(address, {**asking, "host": host, "port": port})) for host, port in address.hosts
    ]
    kind = ImpatientTLSToMaster if address.tls else ImpatientToMaster
    return Redis.from_pool(
        SentinelConnectionPool(address.service, sentinels, connection_class=kind, retry=_no_retry(), **options)  # type: ignore[no-untyped-call]
    )


def _cluster(address: RedisUrl, options: Options) -> Redis:
    def make() -> RedisCluster:
        (host, port), *others = address.hosts
        return RedisCluster(
            url=f"redis://[{host}]:{port}" if ":" in host else f"redis://{host}:{port}",
            startup_nodes=[ClusterNode(*other) for other in others],  # type: ignore[no-untyped-call]
            connection_class=_transport(address),
            retry=_no_retry(),
            require_full_coverage=False,  # what is left of it is a cache still
            dynamic_startup_nodes=False,  # the URL's names outlive the addresses that the nodes have now
            **options,
        )

    return cast("Redis", LateCluster(make))


def _pool(address: RedisUrl, options: Options) -> ConnectionPool:
    return ConnectionPool(_transport(address), **options, retry=_no_retry())


def _transport(address: RedisUrl) -> type[Impatient]:
    return ImpatientTLS if address.tls else Impatient


def _no_retry() -> Retry:
    return Retry(NoBackoff(), 0)


_MAKERS: dict[str, Callable[[RedisUrl, Options], Redis]] = {
    "standalone": _standalone,
    "unix": _unix,
    "sentinel": _sentinel,
    "cluster": _cluster,
}
