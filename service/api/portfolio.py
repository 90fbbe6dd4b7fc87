"""`POST /portfolio`: projects that share a pool of people; who goes where."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from schemas.body import read_json
from schemas.portfolio import load_portfolio
from service.api.bodies import read_body
from service.portfolio import shared
from service.recommender import Recommender


def blueprint(recommender: Recommender, max_body: int) -> Blueprint:
    """The portfolio's route; bodies have at most `max_body` bytes."""
    routes = Blueprint("portfolio", __name__)

    @routes.post("/portfolio")
    def portfolio() -> Response:
        asked = load_portfolio(read_json(read_body(request.environ, max_body, "application/json")))
        answers = [orjson.loads(recommender.answer(recommender.ticket(one)).body) for one in asked.requests]
        return Response(orjson.dumps(shared(asked, answers)), content_type="application/json")

    return routes
