"""A batch that goes both ways over one connection: read as it comes, answered ahead of the client's own reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from contextvars import copy_context
from socket import SHUT_RDWR
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any, BinaryIO

from schemas.faults import UnreadableError
from service.api.spool import Room, Spool
from service.logs import LOGGER

SHORTEST = (
    1e-6  # seconds; in none at all gevent looks neither at its timers, a worker's heartbeat among them, nor at sockets
)
_SMALLEST = 1 << 10  # bytes; read first, so that whoever sends little at a time is answered early
_LARGEST = 1 << 18
_PATIENCE = 60.0  # seconds in which neither side may leave the other waiting


class Exchange:
    """A request whose body and answer are under way at once; it ends when neither has moved for a minute."""

    def __init__(self, environ: Mapping[str, Any], patience: float = _PATIENCE) -> None:
        self._environ = environ
        self._socket = environ.get("gunicorn.socket")
        self._patience = patience
        self._moved = monotonic()

    def read(self) -> Iterator[bytes]:
        """Yield the body in chunks; raises UnreadableError where it breaks off."""
        return map(self._seen, read_chunks(self._environ))

    def ahead(self, answer: Iterator[bytes], room: Room) -> Iterator[bytes]:
        """Yield the answer, which is made in a thread of its own: the client may send all before it reads any.

        Left before its end, or with an error, it ends the connection, and with it the reading of the body.
        """
        spool, over = Spool(room), Event()
        before = self._socket and self._socket.gettimeout()
        if self._socket:  # its timeout would be one for each way, and end a client that only sends, or only reads
            self._socket.settimeout(None)
        _in_thread(spool.fill, answer)
        watch = _in_thread(self._watch, over)
        try:
            yield from map(self._seen, spool)
        except BaseException:
            self._hang_up()
            raise
        finally:
            spool.close()
            over.set()
            watch.join()
            if self._socket:
                self._socket.settimeout(before)

    def _seen(self, data: bytes) -> bytes:
        self._moved = monotonic()
        return data

    def _watch(self, over: Event) -> None:
        while not over.wait(max(0, self._moved + self._patience - monotonic())):
            if monotonic() >= self._moved + self._patience:
                LOGGER.warning("batch_stalled", seconds=self._patience)
                self._hang_up()
                return

    def _hang_up(self) -> None:
        if self._socket:
            with suppress(OSError):  # the client was quicker
                self._socket.shutdown(SHUT_RDWR)


def _in_thread(work: Callable[..., None], *arguments: object) -> Thread:
    thread = Thread(target=copy_context().run, args=(work, *arguments), daemon=True)
    thread.start()
    return thread


def read_chunks(environ: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the body of a WSGI request in chunks, chunked or not; raises UnreadableError where it breaks off."""
    stream: BinaryIO = environ["wsgi.input"]
    chunked = environ.get("wsgi.input_terminated") and "CONTENT_LENGTH" not in environ
    length = None if chunked else int(environ.get("CONTENT_LENGTH") or 0)
    size, done = _SMALLEST, 0
    while done != length:
        began = monotonic()
        chunk = _read(stream, size if length is None else min(size, length - done))
        quick = monotonic() - began < 1
        if not chunk and length is None:
            return
        if not chunk:
            raise UnreadableError(f"the body ended after {done:,} of {length:,} bytes")
        yield chunk
        done += len(chunk)
        size = min(2 * size, _LARGEST) if quick else max(size // 2, _SMALLEST)
        sleep(SHORTEST)  # gevent reads what is there without a pause: let other requests have their turn


def _read(stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.read(size)
    except Exception as error:  # gunicorn's own, and not all of them OSErrors
        raise UnreadableError("the body broke off, stood still too long or its chunks are malformed") from error
