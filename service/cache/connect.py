"""A Redis client from a URL: bounded, impatient, and not connected yet."""

from typing import Any

from redis import ConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.retry import Retry


def connect(url: str, *, timeout: float = 0.05, connect_timeout: float = 0.05, max_connections: int = 32) -> Redis:
    """Return a client for a `redis://`, `rediss://` or `unix://` URL; timeouts are in seconds.

    It connects with the first command, and again after a fork: redis-py's pool compares process
    ids and drops its parent's sockets. The URL's own options (`?socket_timeout=`, `?ssl_ca_certs=`)
    win over ours. Raises ValueError for any other URL.
    """
    defaults = {
        "socket_timeout": timeout,
        "socket_connect_timeout": connect_timeout,
        "max_connections": max_connections,
    }
    # Some of redis-py's constructors retry ten times unless told otherwise; we rely on bytes and RESP2.
    fixed = {"retry": Retry(NoBackoff(), 0), "protocol": 2, "decode_responses": False}
    asked: dict[str, Any] = parse_url(url)  # type: ignore[no-untyped-call]
    return Redis.from_pool(ConnectionPool(**{**defaults, **asked, **fixed}))
