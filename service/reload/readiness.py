"""Whether the rulebook in force is the newest: one that was refused degrades the service, and says why."""

from __future__ import annotations

from service.reload.in_force import InForce
from service.watch.readiness import Check, Condition, State


def check_reload(in_force: InForce) -> Check:
    """Read what the last reload left, which any worker may be asked for."""

    def check() -> Condition:
        refusal = in_force.refusal
        return Condition(State.DEGRADED, refusal) if refusal else Condition()

    return check
