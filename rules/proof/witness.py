"""Cells as a project that the service takes, and figures as a certificate writes them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from rules.ratio import RatioTable
from rules.scorecard import PHASE_AXIS, Scorecard
from rules.space import Axis

Json = dict[str, Any]


class Witnesses:
    """Shows cells of one rulebook as projects, with the net that they get."""

    def __init__(self, scorecard: Scorecard) -> None:
        self._scorecard = scorecard
        self._ratios = RatioTable(scorecard.rulebook.scale)

    def show(self, cells: Sequence[int] | None) -> list[Json]:
        """The cells as a witness, or no witness."""
        return [] if cells is None else [{"project": document(self._scorecard.axes, cells), **self._score(cells)}]

    def _score(self, cells: Sequence[int]) -> Json:
        raw = self._scorecard.net(self._scorecard.match(cells), cells[PHASE_AXIS] - 1)
        ratio = self._ratios.of(raw)
        return {"raw": raw, "net": ratio.net, "ratio": ratio.text, "lean": ratio.lean}


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
