"""From a ratio to people: Sainte-Laguë seats in steps of an increment, minimums first, in exact integers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from rules.money import spendable, years
from rules.project import Budget, Project, Schedule
from rules.vocabulary import ROLES

LARGEST_TEAM = 100_000  # FTE; what the contract lets a team be


class Seats(NamedTuple):
    """How many increments each role takes."""

    data_scientist: int
    ml_engineer: int

    @property
    def total(self) -> int:
        return self.data_scientist + self.ml_engineer

    def fte(self, increment: float) -> dict[str, float]:
        """The seats as people, by role."""
        ours, theirs = self
        return {"data_scientist": plain(ours * increment), "ml_engineer": plain(theirs * increment)}


Minimums = Mapping[str, float]
NO_SEATS = Seats(0, 0)


@lru_cache(maxsize=65_536)
def seat(total: int, net: int, points_to_double: int, minimums: Seats = NO_SEATS) -> Seats:
    """Share `total` seats at `2 ** (net / points_to_double)`, data scientists to ML engineers.

    The minimums are seated first and Sainte-Laguë goes on from there, which for two
    roles is the nearest share held to the minimums. Minimums beyond the total are
    left out. A tie goes to the role with more points, at net 0 to the data scientist.
    """
    fair = _fair_share(total, net, points_to_double)
    if minimums.total <= total:
        fair = max(minimums.data_scientist, min(total - minimums.ml_engineer, fair))
    return Seats(fair, total - fair)


def _fair_share(total: int, net: int, points_to_double: int) -> int:
    odds = 2.0 ** (net / points_to_double)
    guess = min(total, int(total * odds / (1 + odds) + 0.5))
    while guess < total and _earns(guess + 1, total, net, points_to_double):
        guess += 1
    while guess > 0 and not _earns(guess, total, net, points_to_double):
        guess -= 1
    return guess


def _earns(seat: int, total: int, net: int, points_to_double: int) -> bool:
    """Whether data scientists' n-th seat comes before the ML engineers' seat that it would displace."""
    ours = (2 * (total - seat) + 1) ** points_to_double << max(net, 0)
    theirs = (2 * seat - 1) ** points_to_double << max(-net, 0)
    return bool(ours > theirs or (ours == theirs and net >= 0))


def minimum_seats(minimums: Minimums, increment: float) -> Seats:
    """The whole increments that cover the minimums, given in FTE."""
    return Seats(*(ceil(minimums.get(role, 0) / increment) for role in ROLES))


def cost(seats: Seats, budget: Budget, schedule: Schedule | None, increment: float) -> Fraction:
    """What the seats cost over the schedule, or over a year where none is given, in the budget's currency."""
    assert budget.annual_cost is not None
    ours, theirs = (Fraction(budget.annual_cost[role]) for role in ROLES)
    return (seats.data_scientist * ours + seats.ml_engineer * theirs) * Fraction(increment) * years(schedule)


def largest_affordable(project: Project, share: Callable[[int], Seats], minimum: int) -> int | None:
    """The most seats that the budget pays for, or None where amount or costs are missing.

    Cost grows with the seats, but may step down where minimums begin to be met: so
    the totals from there on are searched first.
    """
    budget, increment = project.budget, project.team.increment
    if budget is None or budget.amount is None or budget.annual_cost is None:
        return None
    amount, largest = spendable(budget), int(LARGEST_TEAM / increment)

    def pays_for(total: int) -> bool:
        return cost(share(total), budget, project.schedule, increment) <= amount

    if minimum <= largest and pays_for(minimum):
        return _last(pays_for, minimum, largest)
    return _last(pays_for, 0, min(minimum - 1, largest))


def _last(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The last number up to `high` that holds, where all do from `low` to it and none beyond."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def gap(need: Mapping[str, float], have: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """People to hire and people over, by role in FTE, against the people there are."""
    short = {role: plain(round(need[role] - have.get(role, 0), 4)) for role in ROLES}
    return {role: max(0, by) for role, by in short.items()}, {role: max(0, -by) for role, by in short.items()}


def lopsided(seats: Seats, balanced: int, points_to_double: int) -> bool:
    """Whether the seats lean further than a balanced ratio, rounded to whole points, can."""
    fewer, more = sorted((seats.data_scientist, seats.ml_engineer))
    power = 2 * points_to_double
    return bool(more**power > 2 ** (2 * balanced + 1) * fewer**power)


def plain(number: float) -> float:
    """The number as an integer where it is whole, so that 8.0 FTE reads as 8."""
    return int(number) if number == int(number) else number
