"""Connections to Redis for which looking a name up is part of connecting, and no slower than that may be."""

from __future__ import annotations

import select
import socket
from concurrent.futures import Future
from ipaddress import ip_address
from threading import Lock, Thread
from typing import Any, cast

from gevent.monkey import get_original  # type: ignore[import-untyped]
from redis import Connection, SSLConnection
from redis.sentinel import SentinelManagedConnection, SentinelManagedSSLConnection

_poll = get_original("select", "poll")  # gevent's takes a turn of its loop, even where it is not to wait
_lookups: dict[str, Future[list[str]]] = {}
_lock = Lock()


def look_up(host: str, seconds: float | None) -> list[str]:
    """Return a host's addresses, best first. Raises OSError where there is none, or none in so many seconds.

    The resolver can't be told a time limit, so it is left behind. Callers share one look-up a name: a resolver
    that hangs holds a single thread, however many ask.
    """
    if _is_address(host):
        return [host]
    with _lock:
        answer = _lookups.get(host)
        if answer is None:
            answer = _lookups[host] = Future()
            Thread(target=_resolve, args=(host, answer), daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        raise TimeoutError(f"{host} was not looked up within {seconds} s") from None


def _resolve(host: str, answer: Future[list[str]]) -> None:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        result, error = list(dict.fromkeys(str(address[0]) for *_, address in found)), None
    except (OSError, UnicodeError) as fault:  # a name that can't be encoded is no name
        result, error = [], OSError(f"{host} can't be looked up: {fault}")
    with _lock:
        del _lookups[host]
    if error is None:
        answer.set_result(result)
    else:
        answer.set_exception(error)


def _stirs(connection: socket.socket) -> bool:
    """Whether a socket has bytes or its end to read now, those that TLS has taken in already among them."""
    if getattr(connection, "pending", int)():
        return True
    poller = _poll()
    poller.register(connection, select.POLLIN)
    return bool(poller.poll(0))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


class Impatient(Connection):
    """A TCP connection whose `socket_connect_timeout` bounds the look-up too."""

    _sock: Any  # redis-py says of both what they are before it connects
    _parser: Any

    def can_read(self, timeout: float = 0) -> bool:
        """Whether there is anything to read, the end included: the pool asks before every command, and there is not."""
        held = self._sock and self._parser._reader.has_data()  # noqa: SLF001
        if timeout == 0 and held is False and not _stirs(self._sock):
            return False
        return super().can_read(timeout)

    def _connect(self) -> socket.socket:
        name, error = self._host, OSError("no address")
        try:
            # redis-py looks its host up itself; it is given addresses, for which that takes no time.
            for address in look_up(name, self.socket_connect_timeout):
                self._host = address
                try:
                    return cast("socket.socket", super()._connect())  # type: ignore[no-untyped-call]
                except OSError as fault:
                    error = fault
        finally:
            self._host = name  # a certificate is checked against the name
        raise error


class ImpatientTLS(SSLConnection, Impatient):
    """The same, with TLS."""


class ImpatientToMaster(SentinelManagedConnection, Impatient):
    """The same, to the master that the sentinels name."""


class ImpatientTLSToMaster(SentinelManagedSSLConnection, Impatient):
    """The same, to the master that the sentinels name, with TLS."""
