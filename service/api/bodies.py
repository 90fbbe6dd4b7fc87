"""Reading a request's body whole, or refusing it: never a part of it for the whole."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any, BinaryIO

from gevent import Timeout  # type: ignore[import-untyped]
from gevent.monkey import is_module_patched  # type: ignore[import-untyped]
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout, UnsupportedMediaType
from werkzeug.http import parse_options_header

from schemas.faults import UnreadableError
from service.guard.edge import BODY_TIMEOUT


def read_body(environ: Mapping[str, Any], limit: int, *types: str) -> bytes:
    """Return the body of a WSGI request, at most `limit` bytes.

    Raises UnsupportedMediaType for a content type that is none of `types`,
    RequestEntityTooLarge past the limit, chunked or not, RequestTimeout for one that
    takes too long, and UnreadableError where the client stopped before the end.
    """
    if _media_type(environ.get("CONTENT_TYPE", "")) not in types:
        raise UnsupportedMediaType
    # Flask's own stream ends a chunked body at the limit as if that were its end: read the server's.
    stream: BinaryIO = environ["wsgi.input"]
    seconds: float | None = environ.get(BODY_TIMEOUT)
    if environ.get("wsgi.input_terminated") and "CONTENT_LENGTH" not in environ:
        body = _read(stream, limit + 1, seconds)
    else:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > limit:
            raise RequestEntityTooLarge
        body = _read(stream, length, seconds)
        if len(body) < length:
            raise UnreadableError(f"the body ended after {len(body)} of {length} bytes")
    if len(body) > limit:
        raise RequestEntityTooLarge
    return body


@lru_cache(maxsize=256)
def _media_type(content_type: str) -> str:
    return parse_options_header(content_type)[0].lower()


def _read(stream: BinaryIO, size: int, seconds: float | None) -> bytes:
    try:
        with _within(seconds):
            return stream.read(size)
    except (RequestTimeout, TimeoutError):
        raise RequestTimeout from None
    except Exception as error:  # gunicorn's own, and not all of them OSErrors
        raise UnreadableError("the body broke off or its chunks are malformed") from error


def _within(seconds: float | None) -> AbstractContextManager[object]:
    """Bound the time in all, however many pieces come in it; the connection's own timeout bounds each gap alone."""
    # Only gevent can interrupt a read. What it raises is an Exception, by which gunicorn knows not to go on there.
    return Timeout(seconds, RequestTimeout) if is_module_patched("socket") else nullcontext()
