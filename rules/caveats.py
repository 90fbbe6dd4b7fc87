"""What the planner should be told beside the answer: too few people, a role without a seat, input not used."""

from __future__ import annotations

from collections.abc import Iterator

from rules.crew import Crew, Staffed
from rules.explain import Json
from rules.headcount import lopsided, plain
from rules.model import Scale
from rules.project import Project
from rules.ratio import Ratio
from rules.vocabulary import ROLE_TITLES, ROLES


def caveats(project: Project, crew: Crew, staffed: Staffed, ratio: Ratio, scale: Scale) -> list[Json]:
    """Every warning on the people, the money and the dates of one project."""
    return [
        *_on_seats(project, staffed, ratio, scale),
        *_on_money(project, crew, staffed),
        *_on_gaps(project),
    ]


def _on_seats(project: Project, staffed: Staffed, ratio: Ratio, scale: Scale) -> Iterator[Json]:
    seats, increment = staffed.seats, project.team.increment
    if not staffed.meets_minimums:
        smallest = plain(staffed.needed.total * increment)
        need = " and ".join(f"{plain(fte)} {ROLE_TITLES[role]}" for role, fte in staffed.minimums.items())
        yield _warning(
            "team_below_requirements",
            f"The requirements ask for at least {need}; the smallest team that meets them is {smallest} FTE.",
            staffed.basis,
        )
    for role in ROLES:
        if not getattr(seats, role) and seats.total:
            yield _warning(
                "role_without_seat",
                f"At {ratio.text} a team of {plain(seats.total * increment)} FTE leaves no seat for the "
                f"{ROLE_TITLES[role]}; the roles complement each other, so plan where that work is done.",
                staffed.basis,
            )
    if ratio.lean == "balanced" and lopsided(seats, scale.balanced, scale.points_to_double):
        yield _warning(
            "balanced_but_lopsided",
            f"The ratio is balanced, {ratio.text}, but a team of {plain(seats.total * increment)} FTE in steps of "
            f"{plain(increment)} cannot show it; a smaller increment or a larger team would.",
            staffed.basis,
        )


def _on_money(project: Project, crew: Crew, staffed: Staffed) -> Iterator[Json]:
    budget = project.budget
    if budget is None:
        return
    if (budget.amount is None) != (budget.annual_cost is None):
        missing = "amount" if budget.amount is None else "annual_cost"
        yield _warning(
            "budget_not_used", f"The budget plays no part in the headcount: budget.{missing} is missing.", "budget"
        )
    elif not staffed.seats.total:
        yield _warning(
            "budget_below_one_person",
            f"The budget does not pay for {plain(project.team.increment)} FTE of either role.",
            "budget.amount",
        )
    elif not crew.affords(staffed.seats):
        yield _warning(
            "budget_exceeded", "The budget does not pay for a team of the size that was given.", "budget.amount"
        )


def _on_gaps(project: Project) -> Iterator[Json]:
    existing = project.team.existing
    for role in ROLES if existing else ():
        if existing is not None and role not in existing:
            yield _warning(
                "existing_assumed",
                f"team.existing does not name the {ROLE_TITLES[role]}: taken as 0 FTE.",
                f"team.existing.{role}",
            )
    if project.schedule is not None and project.schedule.start is not None:
        yield _warning(
            "schedule_without_dates", "Phases carry no dates yet: the schedule only scales costs.", "schedule"
        )


def _warning(code: str, message: str, *fields: str) -> Json:
    return {"code": code, "message": message, "fields": list(fields)}
