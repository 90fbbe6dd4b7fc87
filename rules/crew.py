"""How many people one project takes: its size as given, as the budget allows or as suggested, and its seats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from math import ceil

from rules.headcount import Seats, cost, largest_affordable, minimum_seats, seat
from rules.model import Sizing
from rules.money import parts
from rules.project import Project
from rules.scorecard import Scorecard
from rules.vocabulary import ROLES


@dataclass(frozen=True, slots=True)
class Staffed:
    """Seats in steps of the team's increment, the minimums they had to meet, and where the total came from.

    `minimums` and `people` are in FTE by role, `needed` is the minimums in seats.

    `basis` is `team.size`, `budget.amount` or `rulebook.sizing`; `sizing` is the row that suggested the total.
    """

    seats: Seats
    minimums: Mapping[str, float]
    needed: Seats
    people: Mapping[str, float]
    basis: str
    sizing: Sizing | None = None

    @property
    def meets_minimums(self) -> bool:
        return self.needed.total <= self.seats.total


class Crew:
    """One project's people, for whichever clauses hold and whatever net they give."""

    def __init__(self, scorecard: Scorecard, project: Project) -> None:
        self._scorecard = scorecard
        self._project = project
        self.increment = project.team.increment
        self._points_to_double = scorecard.rulebook.scale.points_to_double
        self._size = None if project.team.size is None else round(project.team.size / project.team.increment)
        self._needs: dict[int, tuple[Mapping[str, float], Seats]] = {}
        self.bits = scorecard.requiring_bits | (scorecard.sizing_bits if self._size is None else 0)

    def staff(self, matched: int, net: int) -> Staffed:
        """The people at the bounded net, under the requirements and the sizing that hold.

        Of the clauses that hold only those of `bits` make a difference.
        """
        minimums, needed = self._need(matched)
        total, basis, sizing = self._total(matched, net, needed)
        seats = seat(total, net, self._points_to_double, needed)
        return Staffed(seats, minimums, needed, seats.fte(self._project.team.increment), basis, sizing)

    def people(self, matched: int, net: int) -> dict[str, float]:
        """The same people by role in FTE, without what explains them."""
        needed = self._need(matched)[1]
        total = self._total(matched, net, needed)[0] if self._size is None else self._size
        return seat(total, net, self._points_to_double, needed).fte(self.increment)

    def seats(self, total: int, matched: int, net: int) -> Seats:
        """The same for a total that is already settled."""
        return seat(total, net, self._points_to_double, self._need(matched)[1])

    def costs(self, seats: Seats) -> list[Decimal] | None:
        """What the seats cost by role, over the schedule or a year; None where no yearly costs are given."""
        budget, (ours, theirs) = self._project.budget, seats
        if budget is None or budget.annual_cost is None:
            return None
        each = [
            cost(only, budget, self._project.schedule, self.increment) for only in (Seats(ours, 0), Seats(0, theirs))
        ]
        return parts(each, budget.currency)

    def affordable(self, net: int, needed: Seats) -> int | None:
        """The most seats at the net that the budget pays for; None where amount or costs are not given."""
        share = partial(seat, net=net, points_to_double=self._points_to_double, minimums=needed)
        return largest_affordable(self._project, share, needed.total)

    def _total(self, matched: int, net: int, needed: Seats) -> tuple[int, str, Sizing | None]:
        team = self._project.team
        if self._size is not None:
            return self._size, "team.size", None
        affordable = self.affordable(net, needed)
        if affordable is not None:
            return affordable, "budget.amount", None
        row = self._scorecard.sizing(matched)
        there = sum((team.existing or {}).get(role, 0) for role in ROLES)
        return max(ceil(max(row.size, there) / team.increment), needed.total), "rulebook.sizing", row

    def _need(self, matched: int) -> tuple[Mapping[str, float], Seats]:
        """The minimums that hold, in FTE and in seats."""
        requiring = matched & self._scorecard.requiring_bits
        if requiring not in self._needs:
            minimums = self._scorecard.minimums(matched)
            self._needs[requiring] = minimums, minimum_seats(minimums, self._project.team.increment)
        return self._needs[requiring]
