"""`GET /metrics`: what Prometheus reads."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.watch.metrics import Metrics


def blueprint(metrics: Metrics) -> Blueprint:
    """The metrics' route; any worker answers for all."""
    routes = Blueprint("metrics", __name__)

    @routes.get("/metrics")
    def scrape() -> Response:
        body, content_type = metrics.render(request.headers.get("Accept", ""))
        return Response(body, content_type=content_type)

    return routes
