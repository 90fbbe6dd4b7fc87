"""Reading a request's body whole, or refusing it: never a part of it for the whole."""

from __future__ import annotations

from functools import lru_cache
from typing import BinaryIO, cast

from flask import current_app, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.http import parse_options_header

from schemas.faults import UnreadableError


def read_body(*types: str) -> bytes:
    """Return the body of the request at hand.

    Raises UnsupportedMediaType for a content type that is none of `types`,
    RequestEntityTooLarge past the limit, chunked or not, and UnreadableError where
    the client stopped before the end.
    """
    if _mimetype(request.environ.get("CONTENT_TYPE", "")) not in types:
        raise UnsupportedMediaType
    limit, length = current_app.config["MAX_CONTENT_LENGTH"], request.content_length
    if length is not None and length > limit:
        raise RequestEntityTooLarge
    # Flask's own stream ends a chunked body at the limit as if that were its end: read the server's.
    stream = cast(BinaryIO, request.environ["wsgi.input"])
    chunked = request.environ.get("wsgi.input_terminated", False)
    body = _read(stream, limit + 1 if length is None and chunked else length or 0)
    if len(body) > limit:
        raise RequestEntityTooLarge
    if length is not None and len(body) < length:
        raise UnreadableError(f"the body ended after {len(body)} of {length} bytes")
    return body


@lru_cache(maxsize=256)
def _mimetype(content_type: str) -> str:
    return parse_options_header(content_type)[0].lower()


def _read(stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError as error:  # what gunicorn raises for a broken chunk
        raise UnreadableError("the body broke off or its chunks are malformed") from error
