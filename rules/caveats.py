"""What the planner should be told beside the answer: too few people, a role without a seat, input not used."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules.crew import Crew, Staffed
from rules.explain import Json
from rules.headcount import lopsided, plain
from rules.model import Scale
from rules.money import said
from rules.plan import Plan
from rules.project import Budget, Project
from rules.ratio import Ratio
from rules.vocabulary import ROLE_TITLES, ROLES

_HOLDS = {
    "team.size": "The size that was given",
    "budget.amount": "The budget",
    "rulebook.sizing": "The suggested size",
}


def caveats(
    project: Project, crew: Crew, staffed: Staffed, ratio: Ratio, scale: Scale, planned: Plan | None
) -> list[Json]:
    """Every warning on the people, the money and the dates of one project."""
    return [
        *_on_seats(project, staffed, ratio, scale),
        *_on_money(project, crew, staffed, ratio, planned),
        *_on_gaps(project),
        *_on_dates(project, planned),
    ]


def _on_seats(project: Project, staffed: Staffed, ratio: Ratio, scale: Scale) -> Iterator[Json]:
    seats, increment = staffed.seats, project.team.increment
    if not staffed.meets_minimums:
        smallest = plain(staffed.needed.total * increment)
        need = " and ".join(f"{plain(fte)} {ROLE_TITLES[role]}" for role, fte in staffed.minimums.items())
        yield _warning(
            "team_below_requirements",
            f"The requirements ask for at least {need}; the smallest team that meets them is {smallest} FTE. "
            f"{_HOLDS[staffed.basis]} holds, so the requirements give.",
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


def _on_money(project: Project, crew: Crew, staffed: Staffed, ratio: Ratio, planned: Plan | None) -> Iterator[Json]:
    budget = project.budget
    if budget is None:
        return
    if (budget.amount is None) != (budget.annual_cost is None):
        missing = "amount" if budget.amount is None else "annual_cost"
        yield _warning(
            "budget_not_used", f"The budget plays no part in the headcount: budget.{missing} is missing.", "budget"
        )
    elif budget.amount is not None and not staffed.seats.total:
        yield _warning(
            "budget_below_one_person",
            f"The budget does not pay for {plain(project.team.increment)} FTE of either role.",
            "budget.amount",
        )
    elif budget.amount is not None:
        yield from _on_overspending(budget, budget.amount, crew, staffed, ratio, planned)


def _on_overspending(
    budget: Budget, amount: Decimal, crew: Crew, staffed: Staffed, ratio: Ratio, planned: Plan | None
) -> Iterator[Json]:
    costs = planned.total if planned else crew.costs(staffed.seats)
    total = sum(costs or (), Decimal(0))
    if total > amount:
        pays_for = plain((crew.affordable(ratio.net, staffed.needed) or 0) * crew.increment)
        yield _warning(
            "budget_exceeded",
            f"The team costs {said(total, budget.currency)}, {said(total - amount, budget.currency)} more than the "
            f"budget. The size that was given holds, so the budget gives; at {ratio.text} throughout it pays for "
            f"{pays_for} FTE.",
            "budget.amount",
        )
    if planned and planned.held:
        yield _warning(
            "phases_held_to_budget",
            "At their own ratios the phases would cost more than the budget. The budget holds, so the phases stay "
            "nearer to the headcount's split than their ratios say.",
            "budget.amount",
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


def _on_dates(project: Project, planned: Plan | None) -> Iterator[Json]:
    if project.schedule is not None and planned is None:
        missing = "start" if project.schedule.start is None else "weeks"
        yield _warning(
            "schedule_incomplete", f"The phases have no dates: schedule.{missing} is missing.", f"schedule.{missing}"
        )
    without = [phase.replace("_", " ") for phase, own in planned.stretches.items() if not own.days] if planned else []
    if without:
        yield _warning(
            "schedule_too_short", f"The schedule leaves no working day for {' and '.join(without)}.", "schedule.weeks"
        )


def _warning(code: str, message: str, *fields: str) -> Json:
    return {"code": code, "message": message, "fields": list(fields)}
