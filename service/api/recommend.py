"""`POST /recommend` for one project, and the same as a permalink by `GET`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from flask import Blueprint, Response, request

from schemas.body import read_json
from schemas.flat import nest
from schemas.project import load_project
from service.api.bodies import read_body
from service.recommender import Recommender, Ticket

_REMEMBERED = 4_096  # requests of which the reading is kept
_SHORT = 4_096  # bytes; a longer one is read each time


def blueprint(recommender: Recommender) -> Blueprint:
    """The recommendation's routes."""
    routes = Blueprint("recommend", __name__)
    read_body_text = _remembering(lambda body: recommender.ticket(load_project(read_json(body))))
    read_query = _remembering(lambda query: recommender.ticket(load_project(nest(_pairs()))))

    @routes.post("/recommend")
    def recommend() -> Response:
        return _render(read_body_text(read_body("application/json")))

    @routes.get("/recommend")
    def permalink() -> Response:
        ticket = read_query(request.query_string)
        unchanged = not _refreshing() and request.if_none_match.contains(ticket.id)
        response = Response(status=304, headers=[_etag(ticket)]) if unchanged else _render(ticket)
        response.headers["Cache-Control"] = "no-cache"  # the rulebook may change under the link: ask again by ETag
        return response

    def _render(ticket: Ticket) -> Response:
        answer = recommender.answer(ticket, refresh=_refreshing())
        headers = [_etag(ticket), ("Cache-Status", answer.cache_status)]
        return Response(answer.body, headers=headers, content_type="application/json")

    return routes


def _refreshing() -> bool:
    return "no-cache" in request.environ.get("HTTP_CACHE_CONTROL", "")


def _etag(ticket: Ticket) -> tuple[str, str]:
    return "ETag", f'"{ticket.id}"'


def _pairs() -> list[tuple[str, str]]:
    return list(request.args.items(multi=True))


def _remembering(read: Callable[[bytes], Ticket]) -> Callable[[bytes], Ticket]:
    """Keep what the same bytes were read as before: reading is pure, and costs more than a cached answer."""
    remembered = lru_cache(_REMEMBERED)(read)
    return lambda source: remembered(source) if len(source) <= _SHORT else read(source)
