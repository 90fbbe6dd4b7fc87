"""Whether the service lives, and whether it is ready: a lost Redis degrades it and does not stop it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from rules.model import Rulebook
from service.cache import TieredCache


def blueprint(rulebook: Rulebook, cache: TieredCache) -> Blueprint:
    """The routes for probes. Both answer 200 as long as projects are answered."""
    routes = Blueprint("health", __name__, url_prefix="/health")

    @routes.get("/live")
    def live() -> Response:
        return jsonify(status="ok")

    @routes.get("/ready")
    def ready() -> Response:
        tiers = cache.health()
        degraded = any(tier["state"] != "ok" for tier in tiers.values())
        return jsonify(
            status="degraded" if degraded else "ok",
            cache=tiers,
            rulebook={"name": rulebook.name, "version": rulebook.version, "digest": rulebook.digest},
        )

    return routes
