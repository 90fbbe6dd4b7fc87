"""`POST /recommend/batch`: many projects as CSV, as lines of JSON or as an array, answered in order as they come.

CSV and lines stream both ways. What is wrong before the first answer is a problem with its status. What is wrong
after that ends the answer with an error of its own and breaks the connection off, so that no client can take
what it has for the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.http import parse_options_header

from schemas.faults import Fault, InputError
from schemas.words import listed, nearest, quote
from service.api.bodies import read_body
from service.api.streams import read_chunks
from service.batch import WRITERS, Batch, BatchCutError, Piece
from service.logs import LOGGER

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SOURCES = {
    "text/csv": "csv",
    "application/x-ndjson": "ndjson",
    "application/ndjson": "ndjson",
    "application/jsonl": "ndjson",
    "application/json": "json",
}
_PATIENCE = 60  # seconds in which neither side may leave the other waiting


def blueprint(batch: Batch, max_body: int) -> Blueprint:
    """The batch's route; an array, which is read whole, has at most `max_body` bytes."""
    routes = Blueprint("batch", __name__)

    @routes.post("/recommend/batch")
    def recommend_batch() -> Response:
        environ = request.environ
        source = _source(environ)
        target = _target(request.args, source)
        whole = source == "json"
        chunks = iter([read_body(environ, max_body, "application/json")]) if whole else read_chunks(environ)
        pieces = batch.answer(chunks, source, target)
        head = next(pieces)  # raises what is wrong from the start, while there still is a status to say so
        return Response(_bodies(head, pieces, environ), content_type=WRITERS[target].content_type)

    return routes


def _source(environ: WSGIEnvironment) -> str:
    kind, options = parse_options_header(environ.get("CONTENT_TYPE", ""))
    if kind.lower() not in SOURCES or options.get("charset", "utf-8").lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType("Send the batch in UTF-8 as text/csv, application/x-ndjson or application/json.")
    return SOURCES[kind.lower()]


def _target(query: MultiDict[str, str], source: str) -> str:
    """The format to answer in: the one that was sent, unless `format` says another."""
    faults = [
        Fault(name, "unknown_field", f"{quote(name)} is not a parameter; it is format", did_you_mean="format")
        for name in query
        if name != "format"
    ]
    target = query.get("format", source)
    if target not in WRITERS:
        meant = nearest(target, WRITERS)
        message = f"{quote(target)} is not a format of batches: it is one of {listed(WRITERS)}"
        faults.append(Fault("format", "invalid_choice", message, tuple(WRITERS), meant))
    if faults:
        raise InputError(faults)
    return target


def _bodies(head: Piece, pieces: Iterator[Piece], environ: WSGIEnvironment) -> Iterator[bytes]:
    items = faulty = 0
    with _patience(environ):
        yield head.body
        try:
            for piece in pieces:
                items, faulty = items + piece.items, faulty + piece.faulty
                if piece.body:
                    yield piece.body
        except BatchCutError as error:
            LOGGER.warning("batch_cut", items=items, faulty=faulty, cause=str(error))
            yield error.last
            raise  # and the server closes the connection without the end of the body
    LOGGER.info("batch", items=items, faulty=faulty)


@contextmanager
def _patience(environ: WSGIEnvironment) -> Iterator[None]:
    """Give up on a client that neither sends nor reads, as one that reads nothing before it has sent all may."""
    socket = environ.get("gunicorn.socket")
    if socket is None:
        yield
        return
    before = socket.gettimeout()
    socket.settimeout(_PATIENCE)
    try:
        yield
    finally:
        socket.settimeout(before)
