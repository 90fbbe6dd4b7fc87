"""The people of many projects: rows that have all in common that the headcount depends on are settled once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rules.caveats import caveats
from rules.crew import Crew, Staffed
from rules.engine import Engine
from rules.headcount import Seats, gap, plain
from rules.plan import plan
from rules.project import Budget, Project, Schedule, Team
from rules.scorecard import PHASE_AXIS
from rules.vocabulary import PHASES, ROLES

Array: TypeAlias = NDArray[Any]
_REMEMBERED = 65_536  # settlements


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What a project says of people, money and dates. Rows that say the same share one object where they can."""

    team: Team
    budget: Budget | None = None
    schedule: Schedule | None = None

    @property
    def prices_phases(self) -> bool:
        """Whether phases have both dates and costs, so that each phase's own seats come into the warnings."""
        budget, schedule = self.budget, self.schedule
        return bool(budget and budget.annual_cost and schedule and schedule.start and schedule.weeks)


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """FTE in all and by role, where the total came from, the gap to the people there are, and the warnings' codes."""

    total: float
    seats: Mapping[str, float]
    basis: str
    hire: Mapping[str, float] | None
    surplus: Mapping[str, float] | None
    both_required: bool
    warnings: tuple[str, ...]


class Settler:
    """Settles people by the scalar engine's own parts; `words` lays bits out as the columns have them."""

    def __init__(self, engine: Engine, words: Callable[[int], Array]) -> None:
        self._engine = engine
        scorecard = engine.scorecard
        self._warning_bits = reduce(
            or_, (scorecard.rule_bits[rule.id] for rule in engine.rulebook.rules if rule.warns), 0
        )
        self._requiring = words(scorecard.requiring_bits)
        self._staffing = words(scorecard.requiring_bits | scorecard.sizing_bits)
        self._warning = words(self._warning_bits)
        self._settled: dict[tuple[object, ...], People] = {}

    def settle(self, phase: Array, matched: Array, cells: Array, net: Array, terms: Sequence[Terms]) -> list[People]:
        """The people of each project, given its phase, clauses that hold, cells, bounded net and terms."""
        numbers = {each: number for number, each in enumerate(dict.fromkeys(terms))}
        column = np.fromiter(map(numbers.__getitem__, terms), np.int64, len(terms))
        sized, dated = np.array([(bool(each.team.size), bool(each.schedule)) for each in numbers]).T
        words = matched & np.where(sized[column], self._requiring[:, None], self._staffing[:, None])
        warned = np.bitwise_or.reduce(matched & self._warning[:, None]) != 0
        counted = (phase * dated[column], net, warned)
        keys = zip(terms, _as_bytes(words), *(each.tolist() for each in counted), strict=True)
        return [
            self._settled.get(key) or self._people(key, matched[:, row], cells[:, row]) for row, key in enumerate(keys)
        ]

    def _people(self, key: tuple[Any, ...], words: Array, cells: Array) -> People:
        terms, net = key[0], key[3]
        matched, phase = int.from_bytes(_as_bytes(words[:, None])[0], "little"), int(cells[PHASE_AXIS]) - 1
        if terms.prices_phases:
            return self._make(terms, matched, net, phase, cells.tolist())
        people = self._make(terms, matched, net, phase)
        if len(self._settled) >= _REMEMBERED:
            self._settled.clear()
        self._settled[key] = people
        return people

    def _make(self, terms: Terms, matched: int, net: int, phase: int, cells: list[int] | None = None) -> People:
        engine, scorecard = self._engine, self._engine.scorecard
        project = Project({"phase": PHASES[phase]}, terms.team, terms.budget, terms.schedule)
        crew = Crew(scorecard, project)
        staffed = crew.staff(matched, net)
        shares = self._shares(crew, staffed, cells) if cells else dict.fromkeys(PHASES, staffed.seats)
        planned = plan(project, engine.rulebook.phase_effort, shares, staffed)
        ratio, scale = engine.ratios.of(net), engine.rulebook.scale
        told = [warning["code"] for warning in caveats(project, crew, staffed, ratio, scale, planned)]
        existing = terms.team.existing
        hire, surplus = (None, None) if existing is None else gap(staffed.people, existing)
        return People(
            total=plain(staffed.seats.total * terms.team.increment),
            seats=staffed.people,
            basis=staffed.basis,
            hire=hire,
            surplus=surplus,
            both_required=all(staffed.minimums.get(role, 0) > 0 for role in ROLES),
            warnings=tuple(dict.fromkeys(["contradiction"] * bool(matched & self._warning_bits) + told)),
        )

    def _shares(self, crew: Crew, staffed: Staffed, cells: list[int]) -> dict[str, Seats]:
        """The seats that each phase takes at its own ratio."""
        scorecard, shares = self._engine.scorecard, {}
        for phase, name in enumerate(PHASES):
            matched = scorecard.match([*cells[:PHASE_AXIS], phase + 1, *cells[PHASE_AXIS + 1 :]])
            net = self._engine.ratios.of(scorecard.net(matched, phase)).net
            shares[name] = crew.seats(staffed.seats.total, matched, net)
        return shares


def _as_bytes(words: Array) -> list[bytes]:
    """Each project's words, given the shape (words, projects)."""
    rows = np.ascontiguousarray(words.T, "<u8")
    found: list[bytes] = rows.view(f"V{rows.shape[1] * rows.itemsize}")[:, 0].tolist()
    return found
