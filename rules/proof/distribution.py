"""How net spreads over all cells: by ratio, by lean, and by the number of questions answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from rules.model import Rulebook
from rules.proof.baseline import theme_card
from rules.proof.census import Census, Counts, weigh
from rules.proof.part import Part
from rules.proof.witness import Json, rounded, share
from rules.ratio import RatioTable
from rules.space import Axis, Space

LEANS = ("data_scientist", "balanced", "ml_engineer")


@dataclass(frozen=True, slots=True)
class Distribution:
    """Cells by raw net, and for each number of questions answered (an open answer is none) cells by raw net."""

    cells: int
    raw: Counts
    by_answered: Mapping[int, Counts]
    ratios: RatioTable

    def where(self, leaning: str) -> int:
        return sum(cells for raw, cells in self.raw.items() if self.ratios.lean(raw) == leaning)

    @property
    def capped(self) -> int:
        return sum(cells for raw, cells in self.raw.items() if abs(raw) > self.ratios.scale.bound)

    @property
    def drift(self) -> Fraction:
        means = [mean(counts) for counts in self.by_answered.values()]
        return max(means) - min(means)

    def body(self) -> Json:
        """The distribution as it stands in a certificate."""
        return self.shares() | {
            "by_answered": [
                {"answered": answered, "cells": str(sum(counts.values())), "mean_raw": rounded(mean(counts))}
                for answered, counts in sorted(self.by_answered.items())
            ],
        }

    def shares(self) -> Json:
        """All that follows from the counts of raw net."""
        held: Counts = {}
        for raw, cells in self.raw.items():
            net = self.ratios.of(raw).net
            held[net] = held.get(net, 0) + cells
        return {
            "raw": {f"{raw:+d}": str(self.raw[raw]) for raw in sorted(self.raw)},
            "ratio": [
                {"net": net, "ratio": self.ratios.of(net).text, **share(held[net], self.cells)} for net in sorted(held)
            ],
            "lean": {lean: share(self.where(lean), self.cells) for lean in LEANS},
            "capped": share(self.capped, self.cells),
            "mean_raw": rounded(mean(self.raw)),
        }


def distribution(book: Rulebook, space: Space) -> Distribution:
    """Count it: the cells' weights are powers of two so far apart that each sum keeps its cells by answers given."""
    width = sum(len(axis.cells).bit_length() for axis in space.axes)
    weights = weigh(space, lambda axis, cell: 1 << width * _answered(axis, cell))
    parts = [Part(weights, [theme_card(book, theme, space)]) for theme in book.themes]
    by_answered: dict[int, Counts] = {}
    for raw, packed in Census(weights, parts).counts().items():
        for answered, cells in _unpacked(packed, width):
            by_answered.setdefault(answered, {})[raw] = cells
    total: Counts = {}
    for counts in by_answered.values():
        for raw, cells in counts.items():
            total[raw] = total.get(raw, 0) + cells
    return Distribution(sum(total.values()), total, by_answered, RatioTable(book.scale))


def mean(counts: Counts) -> Fraction:
    return Fraction(sum(raw * cells for raw, cells in counts.items()), sum(counts.values()))


def _answered(axis: Axis, cell: int) -> int:
    return int(cell not in axis.open)


def _unpacked(packed: int, width: int) -> Iterator[tuple[int, int]]:
    """The coefficients that are not zero, each with its power."""
    power = 0
    while packed:
        if cells := packed & (1 << width) - 1:
            yield power, cells
        packed, power = packed >> width, power + 1
