"""`POST /recommend/batch`: many projects as CSV, as lines of JSON or as an array, answered in order as they come.

CSV and lines stream both ways. What is wrong before the first answer is a problem with its status. What is wrong
after that ends the answer with an error of its own and breaks the connection off, so that no client can take
what it has for the whole. A file for a planning tool is made whole, of faultless projects with dates, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.http import parse_options_header

from schemas.batch_plans import LAYOUTS, load_plans
from schemas.faults import Fault, InputError
from schemas.words import listed, nearest, quote
from service.api.bodies import read_body
from service.api.plan import attached
from service.api.spool import Room
from service.api.streams import Exchange
from service.batch import WRITERS, Batch, BatchCutError, Piece
from service.logs import LOGGER
from service.plans import plan_file
from service.recommender import Recommender

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SOURCES = {
    "text/csv": "csv",
    "application/x-ndjson": "ndjson",
    "application/ndjson": "ndjson",
    "application/jsonl": "ndjson",
    "application/json": "json",
}

FORMATS = (*WRITERS, *LAYOUTS)


def blueprint(recommender: Recommender, max_body: int, spool: int) -> Blueprint:
    """The batch's route; an array, which is read whole, has at most `max_body` bytes.

    What clients have not read yet takes at most `spool` bytes of the disk, that of all of them together.
    """
    batch, room = Batch(recommender.engine), Room(spool)
    routes = Blueprint("batch", __name__)

    @routes.post("/recommend/batch")
    def recommend_batch() -> Response:
        environ = request.environ
        source = _source(environ)
        target = _target(request.args, source)
        exchange = Exchange(environ)
        whole = source == "json"
        chunks = iter([read_body(environ, max_body, "application/json")]) if whole else exchange.read()
        if target in LAYOUTS:
            return attached(plan_file(recommender, load_plans(chunks, source), target), "plans", target)
        pieces = batch.answer(chunks, source, target)
        count = _Count(recommender.observer.batched)
        head = next(pieces)  # raises what is wrong from the start, while there still is a status to say so
        return Response(_bodies(head, pieces, exchange, room, count), content_type=WRITERS[target].content_type)

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
    if target not in FORMATS:
        meant = nearest(target, FORMATS)
        message = f"{quote(target)} is not a format of batches: it is one of {listed(FORMATS)}"
        faults.append(Fault("format", "invalid_choice", message, FORMATS, meant))
    if faults:
        raise InputError(faults)
    return target


@dataclass(slots=True)
class _Count:
    """How many items were answered, and how many of them have faults; `tell` is told as they come."""

    tell: Callable[[int, int], None]
    items: int = 0
    faulty: int = 0

    def bodies(self, pieces: Iterator[Piece]) -> Iterator[bytes]:
        """Yield what pieces consist of; a batch that breaks off says so last."""
        try:
            for piece in pieces:
                self.items, self.faulty = self.items + piece.items, self.faulty + piece.faulty
                self.tell(piece.items, piece.faulty)
                yield piece.body
        except BatchCutError as error:
            yield error.last
            raise


def _bodies(head: Piece, pieces: Iterator[Piece], exchange: Exchange, room: Room, count: _Count) -> Iterator[bytes]:
    yield head.body
    try:
        yield from exchange.ahead(count.bodies(pieces), room)
    except BatchCutError as error:
        LOGGER.warning("batch_cut", items=count.items, faulty=count.faulty, cause=str(error))
        raise  # and the server closes the connection without the end of the body
    LOGGER.info("batch", items=count.items, faulty=count.faulty)
