"""`POST /interpret`: what a text says of a project, and in which words."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from schemas.body import read_json
from schemas.interpretation import interpretation_body, read_text
from schemas.text import interpret
from schemas.text.lexicon import the_lexicon
from service.api.bodies import read_body


def blueprint(max_body: int) -> Blueprint:
    """The interpreter's route; bodies have at most `max_body` bytes."""
    routes = Blueprint("interpret", __name__)
    the_lexicon()  # read now, so that no first text has to wait for it

    @routes.post("/interpret")
    def interpretation() -> Response:
        text = read_text(read_json(read_body(request.environ, max_body, "application/json")))
        return Response(orjson.dumps(interpretation_body(interpret(text))), content_type="application/json")

    return routes
