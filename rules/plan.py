"""When each phase is worked on, by whom and for how much: a schedule's weeks shared out by the phases' effort."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.crew import Staffed
from rules.headcount import Seats
from rules.money import DAYS_A_WEEK, DAYS_A_YEAR, by_role, parts, spendable
from rules.project import Project
from rules.vocabulary import PHASES, ROLES

Json = dict[str, Any]
UNPLANNED: Json = dict.fromkeys(("start", "end", "working_days", "person_days", "cost"))


@dataclass(frozen=True, slots=True)
class Stretch:
    """The working days of one phase, both ends included. Without days there is no time for it."""

    days: int = 0
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The phases from the project's own on: days, seats and exact cost by role of each, all of one total of seats.

    `held` says that the phases' own shares cost more than the budget and were kept nearer to the headcount's.
    """

    stretches: Mapping[str, Stretch]
    seats: Mapping[str, Seats]
    costs: Mapping[str, Sequence[Decimal]] | None
    held: bool
    increment: float

    @property
    def total(self) -> list[Decimal] | None:
        """What the plan costs, by role; the phases' costs add up to it."""
        if self.costs is None:
            return None
        return [sum(costs, Decimal(0)) for costs in zip(*self.costs.values(), strict=True)]

    def row(self, phase: str) -> Json:
        """The phase's dates, days, people's days and cost; empty where it is done already or has no time."""
        stretch = self.stretches.get(phase, Stretch())
        if not stretch.days:
            return UNPLANNED
        assert stretch.start is not None
        assert stretch.end is not None
        return {
            "start": stretch.start.isoformat(),
            "end": stretch.end.isoformat(),
            "working_days": stretch.days,
            "person_days": self.seats[phase].fte(self.increment * stretch.days),
            "cost": None if self.costs is None else by_role(self.costs[phase]),
        }


def plan(project: Project, effort: Mapping[str, int], shares: Mapping[str, Seats], staffed: Staffed) -> Plan | None:
    """Plan the phases from the project's on, given the seats that each phase would take at its own ratio.

    None where the schedule lacks its start or its weeks. Where the budget settled the
    headcount, no phase's share makes the plan cost more than the budget.
    """
    schedule, budget, increment = project.schedule, project.budget, project.team.increment
    if schedule is None or schedule.start is None or schedule.weeks is None:
        return None
    stretches = share_out(schedule.start, schedule.weeks, effort, str(project.answers["phase"]))
    days = {phase: stretch.days for phase, stretch in stretches.items()}
    seats = {phase: shares[phase] for phase in days}
    if budget is None or budget.annual_cost is None:
        return Plan(stretches, seats, None, False, increment)
    prices = _Prices(budget.annual_cost, days, increment)
    held = _held(seats, staffed.seats, prices, spendable(budget)) if staffed.basis == "budget.amount" else seats
    rounded = parts(prices.of(held), budget.currency)
    costs = dict(zip(held, zip(rounded[::2], rounded[1::2], strict=True), strict=True))
    return Plan(stretches, held, costs, held != seats, increment)


def share_out(start: date, weeks: int, effort: Mapping[str, int], phase: str) -> dict[str, Stretch]:
    """The stretches of the phases from the named one on: working days without a gap, in whole weeks where all fit."""
    ahead = PHASES[PHASES.index(phase) :]
    weights = [effort[name] for name in ahead]
    weights = weights if any(weights) else [1] * len(ahead)
    shares = [share * DAYS_A_WEEK for share in apportion(weeks, weights)]
    if any(weight and not share for weight, share in zip(weights, shares, strict=True)):
        shares = apportion(weeks * DAYS_A_WEEK, weights)
    stretches, done = {}, 0
    for name, days in zip(ahead, shares, strict=True):
        ends = (working_day(start, done), working_day(start, done + days - 1)) if days else ()
        stretches[name] = Stretch(days, *ends)
        done += days
    return stretches


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Whole shares of the total by weight, by largest remainder; ties go to the first."""
    divided = [divmod(total * weight, sum(weights)) for weight in weights]
    left = total - sum(share for share, _ in divided)
    first = sorted(range(len(weights)), key=lambda place: -divided[place][1])[:left]
    return [share + (place in first) for place, (share, _) in enumerate(divided)]


def working_day(start: date, number: int) -> date:
    """The working day that comes so many after the first one from `start` on. Public holidays are not known."""
    weekday = min(start.weekday(), DAYS_A_WEEK)
    weeks, day = divmod(weekday + number, DAYS_A_WEEK)
    return start + timedelta(weeks=weeks, days=day - start.weekday())


class _Prices:
    """What seats cost over so many days of each phase, exactly."""

    def __init__(self, annual_cost: Mapping[str, Decimal], days: Mapping[str, int], increment: float) -> None:
        self._rates = [Fraction(annual_cost[role]) * Fraction(increment) / DAYS_A_YEAR for role in ROLES]
        self._days = days
        self.dearer = self._rates.index(max(self._rates))

    def of(self, seats: Mapping[str, Seats]) -> list[Fraction]:
        """By phase and, within it, by role."""
        return [
            rate * self._days[phase] * own
            for phase, both in seats.items()
            for rate, own in zip(self._rates, both, strict=True)
        ]


def _held(seats: Mapping[str, Seats], headcount: Seats, prices: _Prices, amount: Fraction) -> Mapping[str, Seats]:
    """The seats, each phase with so few of the dearer role beyond the headcount's that the amount pays for them all.

    With none beyond, they cost no more than the headcount all along, which the budget pays for.
    """
    dearer = prices.dearer

    def beyond_by(most: int) -> Mapping[str, Seats]:
        return {phase: _capped(own, dearer, headcount[dearer] + most) for phase, own in seats.items()}

    def price(most: int) -> Fraction:
        return sum(prices.of(beyond_by(most)), Fraction(0))

    furthest = max(own[dearer] - headcount[dearer] for own in seats.values())
    return beyond_by(bisect_right(range(1, furthest + 1), amount, key=price))


def _capped(seats: Seats, place: int, most: int) -> Seats:
    kept = min(seats[place], most)
    return Seats(kept, seats.total - kept) if place == 0 else Seats(seats.total - kept, kept)
