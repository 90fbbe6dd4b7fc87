"""An answer's plan as rows, one a phase and role, in every unit that a planning tool may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rules.headcount import plain
from rules.money import HOURS_A_DAY
from rules.vocabulary import ROLES

Json = dict[str, Any]

COLUMNS = (
    "project", "phase", "role", "fte", "allocation_pct", "hours_per_day", "minutes_per_day", "total_hours",
    "start_date", "end_date", "rate", "currency", "cost", "status", "notes",
)  # fmt: skip


def plan_rows(answer: Json) -> list[Json]:
    """The rows of an answer with dated phases, in order of time; a role that nobody works in has none.

    `rate` is by the hour; `rate` and `cost` are null where no yearly costs were given. `status` is
    `existing` where the people who are there suffice, else `partly_existing` or `unfilled`.
    """
    return [_row(answer, phase, role) for phase in answer["phases"] if phase["start"] for role in ROLES if phase[role]]


def plan_span(answer: Json) -> Json:
    """The first and last day of an answer's dated phases, and the working days between, both included."""
    dated = [phase for phase in answer["phases"] if phase["start"]]
    days = sum(phase["working_days"] for phase in dated)
    return {"start": dated[0]["start"], "end": dated[-1]["end"], "working_days": days}


def _row(answer: Json, phase: Json, role: str) -> Json:
    fte, cost, there = phase[role], answer["cost"], _there(answer["headcount"], role)
    values = (
        answer["name"] or answer["reference"] or "",
        phase["phase"],
        role,
        fte,
        plain(fte * 100),
        plain(fte * HOURS_A_DAY),
        plain(fte * HOURS_A_DAY * 60),
        plain(fte * HOURS_A_DAY * phase["working_days"]),
        phase["start"],
        phase["end"],
        cost and cost["hourly_rate"][role],
        cost and cost["currency"],
        cost and phase["cost"][role],
        "existing" if there >= fte else "partly_existing" if there else "unfilled",
        "; ".join(_notes(phase, there, fte)),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _notes(phase: Json, there: float, fte: float) -> Iterator[str]:
    yield f"{phase['ratio']} data scientists to ML engineers in this phase"
    if there:
        yield f"{plain(min(there, fte))} of {fte} FTE are there"


def _there(headcount: Json, role: str) -> float:
    """The people there are, which hire and surplus tell."""
    if headcount["hire"] is None:
        return 0
    return plain(round(headcount[role] - headcount["hire"][role] + headcount["surplus"][role], 4))
