"""Declared directions: all else equal, more of a field never moves net in favour of a role."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from rules.model import Expectation
from rules.proof.baseline import Baseline, theme_card
from rules.proof.census import Census
from rules.proof.part import Part, lanes
from rules.proof.verdict import Verdict
from rules.proof.witness import Witnesses
from rules.vocabulary import FIELDS, ROLES, Number

Step = tuple[int, list[int], list[int]]  # change of raw net, and a cell on every axis before and after


def direction(baseline: Baseline, expected: Expectation, witnesses: Witnesses) -> Verdict:
    """Whether net keeps the direction between every two neighbours in order.

    The witnesses are two projects that differ in the field alone: the widest step that
    keeps the direction or, if one does not, the widest that breaks it. Numbers that no
    rule compares have no steps, and nothing to show.
    """
    sign = 1 if expected.never_favours == ROLES[0] else -1
    steps = [step for pair in pairwise(_ordered(baseline, expected)) for step in _extremes(baseline, expected, pair)]
    changes = [step[0] for step in steps] or [0]
    holds = all(sign * change <= 0 for change in changes)
    steps.sort(key=lambda step: sign * step[0], reverse=not holds)
    return Verdict(
        "direction",
        expected.id,
        holds,
        expected.says if holds else f"Not so: {expected.says}",
        {"field": expected.field, "never_favours": expected.never_favours, "least": min(changes), "most": max(changes)},
        [shown for _, *cells in steps[:1] for cell in cells for shown in witnesses.show(cell)],
        expected.line,
    )


class _SideBySide(Part):
    """A theme with one cell of an axis in the first lane and another in the second; both stand at the first."""

    def __init__(self, baseline: Baseline, theme: str, place: int, pair: tuple[int, int]) -> None:
        cards = [theme_card(baseline.book, theme, baseline.space) for _ in pair]
        super().__init__(baseline.weights, cards)
        met = [card.masks[place][cell] for card, cell in zip(cards, pair, strict=True)]
        self.masks[place][pair[0]] = met[0] << self.strands[0].shift | met[1] << self.strands[1].shift


def _extremes(baseline: Baseline, expected: Expectation, pair: tuple[int, int]) -> Iterator[Step]:
    """The least and the greatest change from one cell of the field to the next."""
    place, box = _place(expected), {_place(expected): pair[:1]}
    themes = [theme for theme, card in baseline.themes.items() if card.bits_reading(expected.field)]
    census = Census(baseline.weights, [_SideBySide(baseline, theme, place, pair) for theme in themes])
    changes = [_change(key) for key in census.counts(box)]
    for wanted in {min(changes), max(changes)}:
        before = census.find(partial(_changes, wanted), box=box)
        assert before is not None
        yield wanted, before, [*before[:place], pair[1], *before[place + 1 :]]


def _change(key: int) -> int:
    old, new = lanes(key, 2)
    return new - old


def _changes(wanted: int, key: int) -> bool:
    return _change(key) == wanted


def _place(expected: Expectation) -> int:
    return next(place for place, field in enumerate(FIELDS) if field.name == expected.field)


def _ordered(baseline: Baseline, expected: Expectation) -> list[int]:
    """The cells of the field's answers, from less to more."""
    axis = baseline.axes[_place(expected)]
    if isinstance(axis.field, Number):
        return list(axis.answers)
    return [axis.locate(value) for value in expected.order or (False, True)]
