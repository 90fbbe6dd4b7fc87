"""What would change the answer, as plain data: each change with the ratio, lean and people that would follow."""

from __future__ import annotations

from collections.abc import Mapping

from rules.changes import Change, Changes
from rules.crew import Crew
from rules.explain import Json
from rules.ratio import RatioTable
from rules.scorecard import Scorecard
from rules.space import Axis, Cell
from rules.vocabulary import Answer


class Options:
    """Every change that there is under one rulebook, `from` still open, and the ratios that may follow."""

    def __init__(self, scorecard: Scorecard, ratios: RatioTable) -> None:
        self.scorecard, self.ratios = scorecard, ratios
        self.names = [axis.field.name for axis in scorecard.axes]
        self.targets = [[_target(axis, cell) for cell in axis.cells] for axis in scorecard.axes]


class WhatIf:
    """One project's changes, told. Equal outcomes are staffed once."""

    def __init__(self, options: Options, changes: Changes, crew: Crew, answers: Mapping[str, Answer]) -> None:
        self._options, self._changes, self._crew = options, changes, crew
        self._now = [wire(answers.get(name)) for name in options.names]
        self._outcomes: dict[tuple[int, int], Json] = {}

    def told(self) -> Json:
        """Every other value of every answered field, and the fewest changes that give another lean."""
        return {
            "alternatives": [self._alternative(change) for change in self._changes.alternatives()],
            "smallest_flip": self._smallest_flip(),
        }

    def next_question(self) -> Json | None:
        """The open question whose answers lie furthest apart; the first of the contract on a tie."""
        spans = self._changes.spans()
        place = max(spans, key=lambda at: spans[at][1] - spans[at][0], default=None)
        if place is None or spans[place][0] == spans[place][1]:
            return None
        field = self._options.scorecard.axes[place].field
        return {
            "field": field.name,
            "question": field.question,
            "could_move": [self._options.ratios.of(self._changes.raw + shift).text for shift in spans[place]],
            "answers": [self._alternative(change) for change in self._changes.answers(place)],
        }

    def _alternative(self, change: Change) -> Json:
        """A change, and the answer that would follow."""
        axis, cell, matched, raw = change
        outcome = self._outcomes.get((matched & self._crew.bits, raw)) or self._outcome(matched, raw)
        return {**self._options.targets[axis][cell], "from": self._now[axis], **outcome}

    def _move(self, change: Change) -> Json:
        return {**self._options.targets[change.axis][change.cell], "from": self._now[change.axis]}

    def _outcome(self, matched: int, raw: int) -> Json:
        ratio = self._options.ratios.of(raw)
        people = self._crew.people(matched, ratio.net)
        outcome = {"ratio": ratio.text, "net": ratio.net, "lean": ratio.lean, **people}
        self._outcomes[matched & self._crew.bits, raw] = outcome
        return outcome

    def _smallest_flip(self) -> Json:
        flip = self._changes.smallest_flip()
        if not flip:
            return {"changes": [], "statement": "No change of one or two answers gives another lean."}
        outcome = self._outcome(*self._changes.together(flip))
        moves = [self._move(change) for change in flip]
        said = " and ".join(f"{move['field']} from {_said(move['from'])} to {_said(move['to'])}" for move in moves)
        statement = f"Changing {said} makes the lean {_said(outcome['lean'])}, {outcome['ratio']}."
        return {"changes": moves, "statement": statement, **outcome}


def wire(answer: Answer | None) -> object:
    """The answer as JSON has it."""
    return list(answer) if isinstance(answer, tuple) else answer


def _target(axis: Axis, cell: Cell) -> Json:
    """A change to the cell; of a number, with the band that the value stands for."""
    target = {"field": axis.field.name, "from": None, "to": wire(cell.value)}
    return target if cell.band is None else target | {"band": {"min": cell.band[0], "max": cell.band[1]}}


def _said(value: object) -> str:
    """A value in a sentence."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value).replace("_", " ")
