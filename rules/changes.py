"""What would change the answer, exactly: every other value of a field, the smallest flip, the next question.

A change is scored from the clauses that hold without its field, and only over the
themes that look at the field; two fields that share no theme simply add.
Ranking works on raw net and is bounded last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import combinations, product
from operator import and_
from typing import NamedTuple

from rules.ratio import RatioTable
from rules.scorecard import PHASE_AXIS, Cells, Scorecard
from rules.vocabulary import Choice


class Change(NamedTuple):
    """Another cell on one axis, the clauses that would hold there and the raw net that would follow."""

    axis: int
    cell: int
    matched: int
    raw: int


class Reach:
    """Which themes a field can move: made once a rulebook, read for every project."""

    def __init__(self, scorecard: Scorecard) -> None:
        read = [scorecard.bits_reading(axis.field.name) for axis in scorecard.axes]
        self.themes = [
            tuple(
                theme
                for theme, name in enumerate(scorecard.themes)
                if place == PHASE_AXIS or any(group.bits & bits for group in scorecard.groups if group.theme == name)
            )
            for place, bits in enumerate(read)
        ]
        self.joint = {
            (one, other): tuple(dict.fromkeys(self.themes[one] + self.themes[other]))
            for one, other in combinations(range(len(self.themes)), 2)
            if set(self.themes[one]) & set(self.themes[other])
        }


class Changes:
    """The neighbours of one project, given its cells, the clauses that hold, its raw net and its phase."""

    def __init__(
        self, scorecard: Scorecard, reach: Reach, ratios: RatioTable, cells: Cells, matched: int, raw: int
    ) -> None:
        self._scorecard, self._reach = scorecard, reach
        self._cells, self._matched, self.raw = cells, matched, raw
        self._phase = cells[PHASE_AXIS] - 1
        self._open = [cell in axis.open for axis, cell in zip(scorecard.axes, cells, strict=True)]
        self._least, self._most = ratios.span(ratios.lean(raw))
        self._by_axis = [list(self._changes(place, without)) for place, without in enumerate(self._without_each())]

    def alternatives(self) -> Iterator[Change]:
        """Every other value of every answered field, in the contract's order."""
        for place, changes in enumerate(self._by_axis):
            if not self._open[place]:
                yield from changes

    def answers(self, place: int) -> list[Change]:
        """Every other answer on one axis."""
        return self._by_axis[place]

    def spans(self) -> dict[int, tuple[int, int]]:
        """By open axis, the lowest and the highest shift of raw net that its answers give."""
        shifts = {
            place: [change.raw - self.raw for change in changes]
            for place, changes in enumerate(self._by_axis)
            if self._open[place]
        }
        return {place: (min(found), max(found)) for place, found in shifts.items()}

    def smallest_flip(self) -> tuple[Change, ...]:
        """The first single change, else the first pair, that gives another lean; empty when none of up to two does.

        Facts of the project (industry, phase) are left as they are.
        """
        decided = [place for place in range(len(self._cells)) if not self._open[place] and not self._is_fact(place)]
        singles = ((change,) for place in decided for change in self._by_axis[place] if self._flips(change.raw))
        pairs = (pair for one, other in combinations(decided, 2) for pair in self._flipping_pairs(one, other))
        return next(singles, None) or next(pairs, ())

    def together(self, changes: Iterable[Change]) -> tuple[int, int]:
        """The clauses that hold and the raw net after all the changes, none of which is the phase's."""
        cells = list(self._cells)
        for change in changes:
            cells[change.axis] = change.cell
        matched = self._scorecard.match(cells)
        return matched, self._scorecard.net(matched, self._phase)

    def _changes(self, place: int, without: int) -> Iterator[Change]:
        """The axis's other answers, scored over the themes that look at it."""
        themes, masks, now = self._reach.themes[place], self._scorecard.masks[place], self._cells[place]
        rest = self.raw - self._scorecard.net(self._matched, self._phase, themes)
        sums = self._scorecard.sums[self._phase]
        touched = [sums[theme] for theme in themes]
        for cell in self._scorecard.axes[place].answers:
            if cell != now:
                matched = without & masks[cell]
                raw = rest
                for bits, of in self._scorecard.sums[cell - 1] if place == PHASE_AXIS else touched:
                    raw += of[matched & bits]
                yield Change(place, cell, matched, raw)

    def _without_each(self) -> list[int]:
        """For every axis, the clauses that hold on all the other axes."""
        held = [mask[cell] for mask, cell in zip(self._scorecard.masks, self._cells, strict=True)]
        before, after = [self._scorecard.everything], [self._scorecard.everything]
        for mask, mirrored in zip(held, reversed(held), strict=True):
            before.append(before[-1] & mask)
            after.append(after[-1] & mirrored)
        return [left & right for left, right in zip(before, after[-2::-1], strict=False)]

    def _flipping_pairs(self, one: int, other: int) -> Iterator[tuple[Change, Change]]:
        themes = self._reach.joint.get((one, other))
        if themes is None and not self._can_flip(one, other):
            return
        raws = self._sums(one, other) if themes is None else self._joint_raws(one, other, themes)
        for pair, raw in zip(self._pairs(one, other), raws, strict=True):
            if self._flips(raw):
                yield pair

    def _can_flip(self, one: int, other: int) -> bool:
        """Whether the furthest that two fields which simply add can go is another lean."""
        shifts = [[change.raw - self.raw for change in self._by_axis[place]] or [0] for place in (one, other)]
        return any(self._flips(self.raw + sum(map(furthest, shifts))) for furthest in (min, max))

    def _sums(self, one: int, other: int) -> Iterator[int]:
        for first, second in self._pairs(one, other):
            yield first.raw + second.raw - self.raw

    def _joint_raws(self, one: int, other: int, themes: tuple[int, ...]) -> Iterator[int]:
        rest = self.raw - self._scorecard.net(self._matched, self._phase, themes)
        masks = enumerate(zip(self._scorecard.masks, self._cells, strict=True))
        without = reduce(and_, [mask[cell] for place, (mask, cell) in masks if place not in (one, other)])
        for first, second in self._pairs(one, other):
            matched = without & self._scorecard.masks[one][first.cell] & self._scorecard.masks[other][second.cell]
            yield rest + self._scorecard.net(matched, self._phase, themes)

    def _pairs(self, one: int, other: int) -> Iterator[tuple[Change, Change]]:
        return product(self._by_axis[one], self._by_axis[other])

    def _flips(self, raw: int) -> bool:
        return not self._least <= raw <= self._most

    def _is_fact(self, place: int) -> bool:
        field = self._scorecard.axes[place].field
        return isinstance(field, Choice) and field.fact
