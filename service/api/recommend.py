"""`POST /recommend` for one project, and the same as a permalink by `GET`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request

from schemas.body import read_json
from schemas.faults import UnreadableError
from schemas.flat import nest
from schemas.project import load_project
from service.api.bodies import read_body
from service.recommender import Recommender, Ticket
from service.requests import CACHE_STATUS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_REMEMBERED = 4_096  # requests of which the reading is kept
_SHORT = 4_096  # bytes; a longer one is read each time

Headers = list[tuple[str, str]]


class Recommend:
    """From a WSGI request for a recommendation to the body and the headers of its answer, whoever routes it."""

    def __init__(self, recommender: Recommender, max_body: int) -> None:
        """Take bodies of at most `max_body` bytes."""
        self._recommender = recommender
        self._max_body = max_body
        self._read_text = _remembering(lambda body: recommender.ticket(load_project(read_json(body))))
        self._read_query = _remembering(lambda query: recommender.ticket(load_project(nest(pairs(query)))))

    def posted(self, environ: WSGIEnvironment) -> tuple[bytes, Headers]:
        """Answer the project in the body; raises what `read_body` and `load_project` do."""
        return self.answer(self._read_text(read_body(environ, self._max_body, "application/json")), environ)

    def asked(self, query: bytes) -> Ticket:
        """Read the project in a query; raises InputError or UnreadableError."""
        return self._read_query(query)

    def answer(self, ticket: Ticket, environ: WSGIEnvironment) -> tuple[bytes, Headers]:
        """Answer a project that was read, from the cache unless the caller wants it computed."""
        answer = self._recommender.answer(ticket, refresh=refreshes(environ))
        environ[CACHE_STATUS] = answer.cache_status
        headers = [etag(ticket), ("Cache-Status", answer.cache_status), ("Content-Type", "application/json")]
        return answer.body, headers


def blueprint(recommend: Recommend) -> Blueprint:
    """The recommendation's routes."""
    routes = Blueprint("recommend", __name__)

    @routes.post("/recommend")
    def post() -> Response:
        body, headers = recommend.posted(request.environ)
        return Response(body, headers=headers)

    @routes.get("/recommend")
    def permalink() -> Response:
        ticket, environ = recommend.asked(request.query_string), request.environ
        if not refreshes(environ) and request.if_none_match.contains_weak(ticket.id):
            response = Response(status=304, headers=[etag(ticket)])
        else:
            body, headers = recommend.answer(ticket, environ)
            response = Response(body, headers=headers)
        response.headers["Cache-Control"] = "no-cache"  # the rulebook may change under the link: ask again by ETag
        return response

    return routes


def refreshes(environ: WSGIEnvironment) -> bool:
    """Whether the caller wants the answer computed, whatever the cache holds."""
    return "no-cache" in environ.get("HTTP_CACHE_CONTROL", "").lower()


def etag(ticket: Ticket) -> tuple[str, str]:
    """The header that names a project's answer."""
    return "ETag", f'"{ticket.id}"'


def pairs(query: bytes) -> list[tuple[str, str]]:
    """The names and values of a query; raises UnreadableError where it is not UTF-8."""
    # Not request.args: it keeps bytes that are no UTF-8 as if their percent signs had been meant.
    try:
        return parse_qsl(query.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise UnreadableError("the query is not UTF-8") from None


def _remembering(read: Callable[[bytes], Ticket]) -> Callable[[bytes], Ticket]:
    """Keep what the same bytes were read as before: reading is pure, and costs more than a cached answer."""
    remembered = lru_cache(_REMEMBERED)(read)
    return lambda source: remembered(source) if len(source) <= _SHORT else read(source)
