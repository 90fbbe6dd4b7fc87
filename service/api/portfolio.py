"""`POST /portfolio`: projects that share a pool of people; who goes where."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from rules.portfolio import assigned, programme
from schemas.body import read_json
from schemas.portfolio import Portfolio, demands_of, load_portfolio, members_of
from schemas.portfolio_body import portfolio_body
from service.api.bodies import read_body
from service.portfolio import solve_beside
from service.recommender import Recommender


def blueprint(recommender: Recommender, max_body: int) -> Blueprint:
    """The portfolio's route; bodies have at most `max_body` bytes."""
    routes = Blueprint("portfolio", __name__)

    @routes.post("/portfolio")
    def portfolio() -> Response:
        asked = load_portfolio(read_json(read_body(request.environ, max_body, "application/json")))
        return Response(_answer(recommender, asked), content_type="application/json")

    return routes


def _answer(recommender: Recommender, asked: Portfolio) -> bytes:
    bodies = [recommender.answer(recommender.ticket(one)).body for one in asked.requests]
    answers = [orjson.loads(body) for body in bodies]
    members, demands = members_of(asked), demands_of(answers)
    model = programme(members, demands, asked.pool)
    solution = solve_beside(model)
    placed = assigned(members, demands, asked.pool, model, solution.values)
    return orjson.dumps(portfolio_body(placed, answers, optimal=solution.optimal))
