"""The input space as cells: numbers only ever meet thresholds, so every field has finitely many cases.

An `Axis` lists a field's cells under one rulebook; cell 0 is the unanswered field.
A condition becomes `clauses`: alternatives, each a set of allowed cells by field.
Matching, what-ifs and proofs all work on these and on nothing else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from rules.model import All, Any, Condition, Is, Not, Rulebook, Within
from rules.vocabulary import FIELDS, Answer, Choice, Field, Flag, Many, Number

Clause = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One case of a field: a value that stands for it and, for numbers, its band [minimum, maximum)."""

    value: Answer | None
    band: tuple[float | None, float | None] | None = None


UNANSWERED = Cell(None)


class Axis:
    """A field's cells. `locate` finds an answer's cell, `meets` the cells in which a test holds or fails."""

    def __init__(self, field: Field, cells: Iterable[Cell]) -> None:
        self.field = field
        self.cells: tuple[Cell, ...] = (UNANSWERED, *cells)
        undecided = field.undecided if isinstance(field, Choice) else ()
        self.open = frozenset(i for i, cell in enumerate(self.cells) if i == 0 or cell.value in undecided)
        self.answers = tuple(i for i in range(len(self.cells)) if i not in self.open)
        self._index = {cell.value: i for i, cell in enumerate(self.cells)}

    def locate(self, answer: Answer | None) -> int:
        return self._index[answer]

    def meets(self, test: Is | Within, holds: bool) -> frozenset[int]:
        assert isinstance(test, Is)
        met = {self._index[value] for value in test.values}
        return frozenset(i for i in range(1, len(self.cells)) if (i in met) is holds)


class NumberAxis(Axis):
    """Bands between the thresholds that the rulebook names."""

    def __init__(self, field: Number, tests: Iterable[Is | Within]) -> None:
        named = {edge for test in tests if isinstance(test, Within) for edge in (test.minimum, test.maximum)}
        self._edges = sorted(edge for edge in named if edge is not None and edge > field.minimum)
        lows: list[float | None] = [None, *self._edges]
        super().__init__(
            field,
            (
                Cell(_representative(field, low, high), (low, high))
                for low, high in zip(lows, [*self._edges, None], strict=True)
            ),
        )

    def locate(self, answer: Answer | None) -> int:
        if answer is None:
            return 0
        assert isinstance(answer, int | float)
        return bisect_right(self._edges, answer) + 1

    def meets(self, test: Is | Within, holds: bool) -> frozenset[int]:
        assert isinstance(test, Within)
        first = self.locate(test.minimum) if test.minimum is not None else 1
        last = self.locate(test.maximum) if test.maximum is not None else len(self.cells)
        return frozenset(i for i in range(1, len(self.cells)) if (first <= i < last) is holds)


class ManyAxis(Axis):
    """Which of the rulebook's value sets the answer touches; each reachable pattern is a cell."""

    def __init__(self, field: Many, tests: Iterable[Is | Within]) -> None:
        self._sets = sorted({test.values for test in tests if isinstance(test, Is)})
        self._patterns = {
            value: sum(1 << i for i, members in enumerate(self._sets) if value in members) for value in field.values
        }
        smallest: dict[int, tuple[str, ...]] = {}
        for value, pattern in self._patterns.items():
            for held, members in [(0, ()), *smallest.items()]:
                smallest.setdefault(held | pattern, (*members, value))
        super().__init__(field, (Cell(tuple(sorted(members))) for members in smallest.values()))
        self._by_pattern = {pattern: i for i, pattern in enumerate(smallest, start=1)}

    def locate(self, answer: Answer | None) -> int:
        if not answer:
            return 0
        assert isinstance(answer, tuple)
        return self._by_pattern[self._pattern(answer)]

    def meets(self, test: Is | Within, holds: bool) -> frozenset[int]:
        assert isinstance(test, Is)
        bit = 1 << self._sets.index(test.values)
        return frozenset(i for pattern, i in self._by_pattern.items() if bool(pattern & bit) is holds)

    def _pattern(self, members: Iterable[str]) -> int:
        pattern = 0
        for value in members:
            pattern |= self._patterns[value]
        return pattern


class Space:
    """Every axis of the vocabulary, as one rulebook divides it."""

    def __init__(self, rulebook: Rulebook) -> None:
        tests: dict[str, list[Is | Within]] = {field.name: [] for field in FIELDS}
        conditions = [rule.when for rule in rulebook.rules] + [row.when for row in rulebook.sizing]
        for test in (test for condition in conditions for test in _tests(condition)):
            tests[test.field].append(test)
        self.axes = tuple(_axis(field, tests[field.name]) for field in FIELDS)
        self._by_name = {axis.field.name: axis for axis in self.axes}

    def locate(self, answers: Mapping[str, Answer]) -> list[int]:
        """The project's cell on every axis, in the vocabulary's order."""
        return [axis.locate(answers.get(axis.field.name)) for axis in self.axes]

    def clauses(self, condition: Condition, holds: bool = True) -> tuple[Clause, ...]:
        """The condition (or, with `holds` false, its negation) as alternatives; an empty tuple can never hold."""
        match condition:
            case Not(part):
                return self.clauses(part, not holds)
            case All(parts) if holds:
                return self._every(parts, holds)
            case Any(parts) if not holds:
                return self._every(parts, holds)
            case All(parts) | Any(parts):
                return tuple(clause for part in parts for clause in self.clauses(part, holds))
            case Is() | Within():
                cells = self._by_name[condition.field].meets(condition, holds)
                return ({condition.field: cells},) if cells else ()

    def _every(self, parts: tuple[Condition, ...], holds: bool) -> tuple[Clause, ...]:
        choices = product(*(self.clauses(part, holds) for part in parts))
        return tuple(clause for choice in choices if (clause := _conjunction(choice)) is not None)


def _conjunction(clauses: Iterable[Clause]) -> Clause | None:
    joined: dict[str, frozenset[int]] = {}
    for clause in clauses:
        for name, cells in clause.items():
            joined[name] = joined[name] & cells if name in joined else cells
    return joined if all(joined.values()) else None


def _tests(condition: Condition) -> Iterator[Is | Within]:
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _tests(part)
        case Not(part):
            yield from _tests(part)
        case Is() | Within():
            yield condition


def _axis(field: Field, tests: list[Is | Within]) -> Axis:
    match field:
        case Number():
            return NumberAxis(field, tests)
        case Many():
            return ManyAxis(field, tests)
        case Flag():
            return Axis(field, (Cell(True), Cell(False)))
        case Choice():
            return Axis(field, map(Cell, field.values))
    raise TypeError(field)


def _representative(field: Number, low: float | None, high: float | None) -> float:
    if low is not None:
        return low
    return field.low if high is None or field.low < high else field.minimum
