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


def blueprint(recommender: Recommender, max_body: int) -> Blueprint:
    """The recommendation's routes; bodies have at most `max_body` bytes."""
    routes = Blueprint("recommend", __name__)
    read_text = _remembering(lambda body: recommender.ticket(load_project(read_json(body))))
    read_query = _remembering(lambda query: recommender.ticket(load_project(nest(pairs(query)))))

    @routes.post("/recommend")
    def recommend() -> Response:
        environ = request.environ
        return _render(read_text(read_body(environ, max_body, "application/json")), environ)

    @routes.get("/recommend")
    def permalink() -> Response:
        ticket, environ = read_query(request.query_string), request.environ
        unchanged = not refreshes(environ) and request.if_none_match.contains_weak(ticket.id)
        response = Response(status=304, headers=[_etag(ticket)]) if unchanged else _render(ticket, environ)
        response.headers["Cache-Control"] = "no-cache"  # the rulebook may change under the link: ask again by ETag
        return response

    def _render(ticket: Ticket, environ: WSGIEnvironment) -> Response:
        answer = recommender.answer(ticket, refresh=refreshes(environ))
        environ[CACHE_STATUS] = answer.cache_status
        headers = [_etag(ticket), ("Cache-Status", answer.cache_status)]
        return Response(answer.body, headers=headers, content_type="application/json")

    return routes


def refreshes(environ: WSGIEnvironment) -> bool:
    """Whether the caller wants the answer computed, whatever the cache holds."""
    return "no-cache" in environ.get("HTTP_CACHE_CONTROL", "").lower()


def _etag(ticket: Ticket) -> tuple[str, str]:
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
