"""Reading a request's body as it comes, at constant memory; a body that stops before its end is an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import sleep
from typing import Any, BinaryIO

from schemas.faults import UnreadableError

_SMALLEST = 1 << 10  # bytes; read first, so that whoever sends little at a time is answered early
_LARGEST = 1 << 18


def read_chunks(environ: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the body of a WSGI request in chunks, chunked or not; raises UnreadableError where it breaks off."""
    stream: BinaryIO = environ["wsgi.input"]
    chunked = environ.get("wsgi.input_terminated") and "CONTENT_LENGTH" not in environ
    length = None if chunked else int(environ.get("CONTENT_LENGTH") or 0)
    size, done = _SMALLEST, 0
    while done != length:
        chunk = _read(stream, size if length is None else min(size, length - done))
        if not chunk and length is None:
            return
        if not chunk:
            raise UnreadableError(f"the body ended after {done:,} of {length:,} bytes")
        yield chunk
        done += len(chunk)
        size = min(2 * size, _LARGEST)
        sleep(0)  # gevent reads what is there without a pause: let other requests have their turn


def _read(stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.read(size)
    except Exception as error:  # gunicorn's own, and not all of them OSErrors
        raise UnreadableError("the body broke off, stood still too long or its chunks are malformed") from error
