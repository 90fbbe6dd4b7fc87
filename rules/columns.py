"""Many projects scored at once, column by column: the scalar engine's own answers, held equal to it by a property test.

A column is an array with an element a project. Clauses are the scorecard's bits, parted into
words of 64; a group of effects is looked up by its strongest level that holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, groupby
from operator import and_, or_
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rules.column_people import People, Settler, Terms
from rules.column_spread import spread
from rules.engine import Engine
from rules.scorecard import PHASE_AXIS, Group, Scorecard
from rules.vocabulary import PHASES

Array: TypeAlias = NDArray[Any]
WORD = 64


@dataclass(frozen=True, slots=True)
class Scores:
    """A column a field: `net` is bounded, `raw` is not; `low` and `high` are bounded nets, `confidence` is in percent.

    `people` has one entry a project too; equal ones are one object.
    """

    net: Array
    raw: Array
    low: Array
    high: Array
    confidence: Array
    people: list[People]


class Columns:
    """An engine made ready to score projects by the hundred and more. Safe to share."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        scorecard = engine.scorecard
        self._count = -(-scorecard.everything.bit_length() // WORD) or 1
        self._masks = [np.array([self._words(bits) for bits in axis], np.uint64).T for axis in scorecard.masks]
        self._groups = [_Levels(scorecard, group, self._words) for group in scorecard.groups]
        self._questions = [_Question(scorecard, place, self._words) for place in range(len(self._masks))]
        self._settler = Settler(engine, self._words)

    def score(self, cells: Array, terms: Sequence[Terms]) -> Scores:
        """Score projects by their cells, of shape (fields, projects), in the vocabulary's order, and their terms.

        There is one at least, and required fields are answered.
        """
        held = [mask[:, column] for mask, column in zip(self._masks, cells, strict=True)]
        matched: Array = reduce(and_, held)
        phase = cells[PHASE_AXIS] - 1
        by_group = [group.net(matched, phase) for group in self._groups]
        raw = sum(by_group, np.zeros(len(phase), np.int64))
        counted = sum((net != 0 for net in by_group), np.zeros(len(phase), np.int64))
        spans = np.zeros((2, *cells.shape), np.int64)
        for place, (question, without) in enumerate(zip(self._questions, _without_each(held), strict=True)):
            rows = question.open[cells[place]].nonzero()[0]
            if question.groups and len(rows):
                spans[:, place, rows] = self._span(question, without[:, rows], phase[rows], by_group, rows)
        bound = self.engine.rulebook.scale.bound
        low, high, confidence = spread(raw, counted, spans, self.engine.ratios)
        net = raw.clip(-bound, bound)
        return Scores(
            net,
            raw,
            np.minimum(low, raw).clip(-bound, bound),
            np.maximum(high, raw).clip(-bound, bound),
            confidence,
            self._settler.settle(phase, matched, cells, net, terms),
        )

    def _span(self, question: _Question, without: Array, phase: Array, by_group: Sequence[Array], rows: Array) -> Array:
        """How far the answers to a question lie from where net is: the lowest shift and the highest."""
        matched = without[:, None, :] & question.masks[:, :, None]
        nets: Array = reduce(np.add, [self._groups[number].net(matched, phase) for number in question.groups])
        now = reduce(np.add, [by_group[number][rows] for number in question.groups])
        return np.array([nets.min(axis=0) - now, nets.max(axis=0) - now])

    def _words(self, bits: int) -> Array:
        return np.frombuffer(bits.to_bytes(self._count * WORD // 8, "little"), "<u8")


class _Levels:
    """A group's points by the strongest level, of effects equally strong, that holds; level 0 is none."""

    def __init__(self, scorecard: Scorecard, group: Group, words: Any) -> None:
        alike = groupby(group.effects, key=lambda effect: scorecard.rulebook.scale.strengths[effect.strength])
        levels = [list(effects) for _, effects in alike]
        self._levels = [_parts(words(reduce(or_, (effect.bits for effect in level)))) for level in levels]
        sign = 1 if group.effects[0].role == "data_scientist" else -1
        points = [[0, *(sign * scorecard.points(level[0], phase) for level in levels)] for phase in range(len(PHASES))]
        self._points, self._width = np.array(points, np.int64).ravel(), len(levels) + 1

    def net(self, matched: Array, phase: Array) -> Array:
        """Signed net points, given the words of clauses that hold, of shape (words, …, projects)."""
        at = phase * self._width
        level: Array | int = 0
        for number in range(len(self._levels), 0, -1):
            holds = reduce(or_, [(matched[word] & bits) != 0 for word, bits in self._levels[number - 1]])
            level = np.where(holds, number, level)
        points: Array = self._points[at + level]
        return points


class _Question:
    """A field that may be open: in which cells it is, and its answers; once those that no group tells apart."""

    def __init__(self, scorecard: Scorecard, place: int, words: Any) -> None:
        axis = scorecard.axes[place]
        read = scorecard.bits_reading(axis.field.name)
        self.open = np.array([cell in axis.open for cell in range(len(axis.cells))])
        self.groups = [number for number, group in enumerate(scorecard.groups) if group.bits & read]
        looked_at = reduce(or_, (scorecard.groups[number].bits for number in self.groups), 0)
        answers = {scorecard.masks[place][cell] & looked_at for cell in axis.answers}
        self.masks = np.array([words(bits) for bits in sorted(answers)], np.uint64).T


def _without_each(held: Sequence[Array]) -> Iterator[Array]:
    """For every field, the clauses that hold on all the other fields."""
    everything = np.full_like(held[0], ~np.uint64(0))
    after = list(accumulate(reversed(held), and_, initial=everything))[-2::-1]
    before = accumulate(held, and_, initial=everything)
    return (left & right for left, right in zip(before, after, strict=False))


def _parts(words: Iterable[Any]) -> list[tuple[int, Any]]:
    """The words that have any bit, each with its place; a condition that can never hold still gives one."""
    return [(place, word) for place, word in enumerate(words) if word] or [(0, np.uint64(0))]
