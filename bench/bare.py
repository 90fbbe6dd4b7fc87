"""The baseline: a Flask handler that returns so many bytes, under the service's gunicorn settings."""

from __future__ import annotations

import os

from flask import Flask, Response


def create_app() -> Flask:
    """An application that answers `POST /recommend` with BARE_BYTES bytes of JSON."""
    app = Flask("bare")
    body = b'"' + b"x" * (int(os.environ["BARE_BYTES"]) - 2) + b'"'

    @app.post("/recommend")
    def recommend() -> Response:
        return Response(body, content_type="application/json")

    return app
