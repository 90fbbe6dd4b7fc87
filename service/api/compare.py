"""`POST /compare`: a project and changes to it, answered side by side."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from schemas.body import read_json
from schemas.comparison import comparison_body, load_comparison
from service.api.bodies import read_body
from service.api.recommend import refreshes
from service.recommender import Recommender


def blueprint(recommender: Recommender, max_body: int) -> Blueprint:
    """The comparison's route; bodies have at most `max_body` bytes."""
    routes = Blueprint("compare", __name__)

    @routes.post("/compare")
    def compare() -> Response:
        environ = request.environ
        asked = load_comparison(read_json(read_body(environ, max_body, "application/json")))
        tickets = [recommender.ticket(one) for one in (asked.base, *(scenario.request for scenario in asked.scenarios))]
        answers = [recommender.answer(ticket, refresh=refreshes(environ)).body for ticket in tickets]
        body = comparison_body(asked, [orjson.loads(answer) for answer in answers])
        return Response(orjson.dumps(body), content_type="application/json")

    return routes
