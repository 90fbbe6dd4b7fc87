"""Whether the service lives, and whether it is ready: a lost Redis degrades it and does not stop it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from schemas.faults import Fault
from service.problems import problem
from service.watch.readiness import Readiness, State, worst


def blueprint(readiness: Readiness) -> Blueprint:
    """The routes for probes: `live` says that the process answers, `ready` that projects are answered."""
    routes = Blueprint("health", __name__, url_prefix="/health")

    @routes.get("/live")
    def live() -> Response:
        return jsonify(status="ok")

    @routes.get("/ready")
    def ready() -> Response:
        conditions = readiness.conditions()
        status = worst(conditions)
        reasons = {name: one.reason for name, one in conditions.items() if one.reason}
        if status is State.DOWN:
            faults = [Fault(name, str(conditions[name].state), reason) for name, reason in reasons.items()]
            return problem(503, "No project can be answered; errors names what is down.", faults)
        facts = {name: one.facts for name, one in conditions.items() if one.facts}
        return jsonify(status=str(status), reasons=reasons, **facts)

    return routes
