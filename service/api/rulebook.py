"""What decides: the rulebook as JSON, whole or rule by rule."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from rules.model import Rulebook
from schemas.rulebook_body import rule_body, rulebook_body
from schemas.words import nearest


def blueprint(rulebook: Rulebook) -> Blueprint:
    """The rulebook's routes; its digest is their ETag."""
    routes = Blueprint("rulebook", __name__)
    whole = orjson.dumps(rulebook_body(rulebook))
    single = {rule.id: orjson.dumps(rule_body(rule, rulebook)) for rule in rulebook.rules}

    @routes.get("/rulebook")
    def all_rules() -> Response:
        return _tagged(whole)

    @routes.get("/rulebook/rules/<name>")
    def one_rule(name: str) -> Response:
        if name not in single:
            meant = nearest(name, list(single))
            way_out = f"Did you mean {meant!r}?" if meant else "GET /rulebook lists them."
            raise NotFound(f"The rulebook has no rule of this id. {way_out}")
        return _tagged(single[name])

    def _tagged(body: bytes) -> Response:
        response = Response(body, content_type="application/json")
        response.headers["Cache-Control"] = "no-cache"
        response.set_etag(rulebook.digest)
        return response.make_conditional(request)  # type: ignore[return-value]

    return routes
