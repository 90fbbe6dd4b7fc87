"""Who goes where when several plans share one pool of people: an integer programme as data, and its answer in words.

Near to a recommended split means: little of the square of what is missing, relative to what was
recommended, in person-days, weighed by priority. So a shortage is spread rather than piled on one
phase, and each further seat of a phase is worth less than the one before, which keeps the programme linear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from math import ceil
from typing import Any, NamedTuple

from rules.headcount import plain
from rules.vocabulary import ROLE_TITLES, ROLES

Json = dict[str, Any]

LOWEST_PRIORITY = 5
_SEGMENTS = 8  # of a phase's seats; the seats of one segment are worth the same
_REQUIRED = 4 * 2**LOWEST_PRIORITY  # more a day than any seat that is only recommended

NOTE = (
    "People go where they bring the projects nearest to their recommended splits: least squares of what is missing, "
    f"relative to what is recommended, by person-days. Priorities go from 1 to {LOWEST_PRIORITY}, and each step weighs "
    "half. Minimums that rules require come before all else."
)


@dataclass(frozen=True, slots=True)
class Member:
    """A project of the portfolio: its label, its priority (1 comes first) and the steps in which it takes people."""

    name: str
    priority: int
    increment: float


@dataclass(frozen=True, slots=True)
class Demand:
    """People of one role that a project's plan asks for in one phase, in FTE; so many of them a rule requires."""

    project: int
    phase: str
    role: str
    start: date
    end: date
    fte: float
    required: float


@dataclass(frozen=True, slots=True)
class Pool:
    """The people there are, in FTE by role, and how many whole people may be hired."""

    people: Mapping[str, float]
    hire: Mapping[str, int]


class Column(NamedTuple):
    """A whole number from 0 to `most`, each one adding `cost` to what is minimised."""

    cost: float
    most: int


class Row(NamedTuple):
    """A sum of columns, by place, that may not exceed `most`."""

    terms: Mapping[int, float]
    most: float


@dataclass(frozen=True, slots=True)
class Programme:
    """What a solver needs. `seats` gives the columns of each demand, `hires` the one of each role.

    `days` are those from which on others work in a role, each with the demands on it, by place.
    """

    columns: Sequence[Column]
    rows: Sequence[Row]
    seats: Sequence[range]
    hires: Mapping[str, int]
    days: Mapping[str, Mapping[date, Sequence[int]]]


def programme(members: Sequence[Member], demands: Sequence[Demand], pool: Pool) -> Programme:
    """The integer programme: seats for every demand and hires, so that on no day more people work than there are."""
    columns: list[Column] = []
    seats, days = [], {role: _days(demands, role) for role in ROLES}
    for demand in demands:
        worth = _worth(demand, members[demand.project])
        seats.append(range(len(columns), len(columns) + len(worth)))
        columns += worth
    least = min((-column.cost for column in columns), default=1)
    hires = {role: len(columns) + place for place, role in enumerate(ROLES)}
    columns += [Column(least / 1000, pool.hire[role]) for role in ROLES]
    rows = []
    for role in ROLES:
        for active in dict.fromkeys(map(tuple, days[role].values())):
            terms = {column: members[demands[at].project].increment for at in active for column in seats[at]}
            if sum(demands[at].fte for at in active) > pool.people[role]:
                rows.append(Row({**terms, hires[role]: -1}, pool.people[role]))
    return Programme(columns, rows, seats, hires, days)


def _worth(demand: Demand, member: Member) -> list[Column]:
    """What the demand's seats are worth, the first ones the most: those that are required, then segment by segment."""
    total, required = round(demand.fte / member.increment), ceil(demand.required / member.increment)
    weight = 2 ** (LOWEST_PRIORITY - member.priority) * working_days(demand.start, demand.end) * member.increment
    edges = [*range(0, total, ceil(total / _SEGMENTS)), total]
    edges = sorted({*edges, min(required, total)})
    return [
        Column(-weight * ((2 * total - low - high) / total + (_REQUIRED if high <= required else 0)), high - low)
        for low, high in pairwise(edges)
    ]


def _days(demands: Sequence[Demand], role: str) -> dict[date, list[int]]:
    own = [(at, demand) for at, demand in enumerate(demands) if demand.role == role]
    edges = {demand.start for _, demand in own} | {demand.end + timedelta(1) for _, demand in own}
    return {day: [at for at, demand in own if demand.start <= day <= demand.end] for day in sorted(edges)}


@dataclass(frozen=True, slots=True)
class Assigned:
    """A solution: people for every demand, in its order, and those hired."""

    members: Sequence[Member]
    demands: Sequence[Demand]
    pool: Pool
    days: Mapping[str, Mapping[date, Sequence[int]]]
    given: Sequence[float]
    hired: Mapping[str, int]


def assigned(
    members: Sequence[Member], demands: Sequence[Demand], pool: Pool, model: Programme, values: Sequence[int]
) -> Assigned:
    """What the values of the programme's columns say."""
    given = [
        plain(sum(values[column] for column in columns) * members[demand.project].increment)
        for demand, columns in zip(demands, model.seats, strict=True)
    ]
    hired = {role: values[column] for role, column in model.hires.items()}
    return Assigned(members, demands, pool, model.days, given, hired)


def assignments(solution: Assigned) -> list[Json]:
    """A row a project, phase and role: what is recommended and required, who goes there, what is short and why."""
    return [_assignment(solution, at) for at in range(len(solution.demands))]


def _assignment(solution: Assigned, at: int) -> Json:
    demand, given = solution.demands[at], solution.given[at]
    short = plain(demand.fte - given)
    return {
        "project": solution.members[demand.project].name,
        "phase": demand.phase,
        "role": demand.role,
        "start": demand.start.isoformat(),
        "end": demand.end.isoformat(),
        "recommended": demand.fte,
        "required": demand.required,
        "assigned": given,
        "short": short,
        "reason": _reason(solution, at) if short else None,
    }


def _reason(solution: Assigned, at: int) -> str:
    """Who has the people that are missing, on the first day on which nobody is free."""
    demand = solution.demands[at]
    member, there = solution.members[demand.project], _there(solution, demand.role)
    for day, active in solution.days[demand.role].items():
        taken = sum(solution.given[other] for other in active)
        if at in active and there - taken < member.increment:
            return _who(solution, demand, day, active)
    return "The search for a better plan was ended before it was finished."


def _who(solution: Assigned, demand: Demand, day: date, active: Sequence[int]) -> str:
    titles, there = f"{ROLE_TITLES[demand.role]}s", _there(solution, demand.role)
    holders = "; ".join(
        f"{solution.given[at]} with {solution.members[solution.demands[at].project].name} (priority "
        f"{solution.members[solution.demands[at].project].priority})"
        for at in active
        if solution.given[at]
    )
    hired = f", {solution.hired[demand.role]} of them hired" if solution.hired[demand.role] else ""
    return f"On {day.isoformat()} the pool has {there} FTE of {titles}{hired}: {holders or 'nobody to place'}."


def _there(solution: Assigned, role: str) -> float:
    return plain(solution.pool.people[role] + solution.hired[role])


def shortfalls(solution: Assigned) -> list[Json]:
    """By month and role, what is missing: in person-days, and in FTE on the worst day."""
    missing = [demand.fte - given for demand, given in zip(solution.demands, solution.given, strict=True)]
    days = [
        (month, ROLES.index(demand.role), fte * days)
        for demand, fte in zip(solution.demands, missing, strict=True)
        if fte
        for month, days in _by_month(demand.start, demand.end)
    ]
    worst = [{day: sum(missing[at] for at in active) for day, active in solution.days[role].items()} for role in ROLES]
    return [
        {
            "month": month,
            "role": ROLES[place],
            "person_days": plain(sum(row[2] for row in rows)),
            "most_fte": plain(_most(worst[place], month)),
        }
        for (month, place), rows in groupby(sorted(days), key=lambda row: row[:2])
    ]


def _most(missing: Mapping[date, float], month: str) -> float:
    """The most that is missing in a month: on its first day as since the last change before, or from a change in it."""
    first = date.fromisoformat(f"{month}-01")
    before = [fte for day, fte in missing.items() if day <= first]
    return max([*before[-1:], *(fte for day, fte in missing.items() if day.isoformat()[:7] == month)])


def _by_month(start: date, end: date) -> Iterator[tuple[str, int]]:
    """The working days of a span in each of its months."""
    while start <= end:
        following = (start.replace(day=28) + timedelta(days=4)).replace(day=1)
        last = min(end, following - timedelta(days=1))
        if days := working_days(start, last):
            yield start.isoformat()[:7], days
        start = following


def working_days(start: date, end: date) -> int:
    """How many of the days are Monday to Friday, both ends included."""
    return _working_days_to(end.toordinal()) - _working_days_to(start.toordinal() - 1)


def _working_days_to(ordinal: int) -> int:
    weeks, days = divmod(ordinal, 7)  # the first day of the calendar is a Monday
    return weeks * 5 + min(days, 5)
