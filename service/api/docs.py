"""The OpenAPI document, and Swagger UI to read it: both served from here, nothing from outside."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import orjson
from flask import Blueprint, Response, render_template, send_from_directory

from schemas.openapi import EXAMPLE, openapi
from schemas.project import load_project
from service import VERSION
from service.recommender import Recommender

_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"


def blueprint(recommender: Recommender) -> Blueprint:
    """The documentation's routes."""
    routes = Blueprint("docs", __name__)
    swagger_ui = str(files("flask_swagger_ui") / "dist")

    @cache
    def document() -> bytes:
        answer = recommender.compute(recommender.ticket(load_project(EXAMPLE)))
        return orjson.dumps(openapi(VERSION, orjson.loads(answer)))

    @routes.get("/openapi.json")
    def specification() -> Response:  # written when it is first asked for: no worker's start waits for it
        return Response(document(), content_type="application/json")

    @routes.get("/docs")
    def page() -> Response:
        response = Response(render_template("docs.html"), content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = _POLICY  # Swagger UI styles its elements inline
        return response

    @routes.get("/docs/<path:name>")
    def asset(name: str) -> Response:
        return send_from_directory(swagger_ui, name, max_age=86_400)

    return routes
