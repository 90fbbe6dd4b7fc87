"""Cells as a project that the service takes, and figures as a certificate writes them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from rules.ratio import RatioTable
from rules.scorecard import PHASE_AXIS, Scorecard
from rules.space import Axis
from rules.vocabulary import ROLES

Json = dict[str, Any]


class Witnesses:
    """Shows cells of one rulebook as projects, with the net that they get."""

    def __init__(self, scorecard: Scorecard, ratios: RatioTable) -> None:
        self._scorecard, self._ratios = scorecard, ratios

    def show(self, cells: Sequence[int] | None) -> list[Json]:
        """The cells as a witness, or no witness."""
        return [] if cells is None else [{"project": document(self._scorecard.axes, cells), **self.score(cells)}]

    def score(self, cells: Sequence[int]) -> Json:
        """What the rulebook says in the cells; points by role are those that count."""
        matched = self._scorecard.match(cells)
        raw = self._scorecard.net(matched, cells[PHASE_AXIS] - 1)
        ratio = self._ratios.of(raw)
        points = dict.fromkeys(ROLES, 0)
        for factor in self._scorecard.factors(matched, cells[PHASE_AXIS] - 1):
            points[factor.effect.role] += factor.points if factor.counted else 0
        return {
            "points": points,
            "raw": raw,
            "net": ratio.net,
            "ratio": ratio.text,
            "lean": ratio.lean,
            "required": self._scorecard.minimums(matched),
        }


def document(axes: Sequence[Axis], cells: Sequence[int]) -> Json:
    """The answers as a request nests them; what is unanswered is left out."""
    found: Json = {}
    for axis, cell in zip(axes, cells, strict=True):
        *groups, name = axis.field.name.split(".")
        if cell:
            branch = found
            for group in groups:
                branch = branch.setdefault(group, {})
            value = axis.cells[cell].value
            branch[name] = list(value) if isinstance(value, tuple) else value
    return found


def share(part: int, whole: int) -> Json:
    """A number of cells, as text because it may be more than a double holds, and its share in percent."""
    return {"cells": str(part), "pct": rounded(Fraction(100 * part, whole or 1))}


def rounded(number: Fraction) -> float:
    """Four decimals."""
    return float(round(number, 4))
