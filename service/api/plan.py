"""`POST /plan`: dated phases as JSON, or laid out for a planning tool."""

from __future__ import annotations

import re

import orjson
from flask import Blueprint, Response, request

from schemas.body import read_json
from schemas.plan import load_format, load_plan, plan_body
from service.api.bodies import read_body
from service.api.recommend import pairs, refreshes
from service.exports import FORMATS
from service.recommender import Recommender
from service.requests import CACHE_STATUS

_GAPS = re.compile(r"[^a-z0-9]+")


def blueprint(recommender: Recommender, max_body: int) -> Blueprint:
    """The plan's route; bodies have at most `max_body` bytes."""
    routes = Blueprint("plan", __name__)

    @routes.post("/plan")
    def plan() -> Response:
        environ = request.environ
        wanted = load_format(pairs(request.query_string))
        ticket = recommender.ticket(load_plan(read_json(read_body(environ, max_body, "application/json"))))
        answer = recommender.answer(ticket, refresh=refreshes(environ))
        environ[CACHE_STATUS] = answer.cache_status
        response = rendered(orjson.loads(answer.body), wanted)
        response.headers["Cache-Status"] = answer.cache_status
        return response

    return routes


def rendered(answer: dict[str, object], wanted: str) -> Response:
    """The plan of an answer in the format that is wanted; a file to save where it is a tool's."""
    plan = plan_body(answer)
    if wanted == "json":
        return Response(orjson.dumps(plan), content_type="application/json")
    title = f"{plan['name'] or plan['reference'] or ''} plan"
    return attached(FORMATS[wanted].write(plan["rows"]), title, wanted)


def attached(file: bytes, title: str, layout: str) -> Response:
    """A file in a tool's layout, to be saved under a name in letters that every system has."""
    export = FORMATS[layout]
    response = Response(file, content_type=export.content_type)
    named = _GAPS.sub("-", f"{title} {layout}".lower()).strip("-")
    response.headers.set("Content-Disposition", "attachment", filename=f"{named}.{export.extension}")
    return response
