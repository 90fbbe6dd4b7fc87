"""The figures' geometry, in units of their drawings; `templates/charts.html` draws them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log2
from typing import Any

from rules.vocabulary import ROLES

Json = Mapping[str, Any]

ICONS = 20  # of one role; beyond that one icon stands for several people
_LOTS: tuple[int, ...] = tuple(step * 10**power for power in range(6) for step in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the waterfall: from `start` to `end` in net points; `step` is signed, towards data scientists."""

    start: int
    end: int

    @property
    def step(self) -> int:
        """The net points of the step."""
        return self.end - self.start

    @property
    def left(self) -> int:
        """Where the bar begins."""
        return min(self.start, self.end)

    @property
    def width(self) -> int:
        """How long the bar is."""
        return abs(self.step)


@dataclass(frozen=True, slots=True)
class Span:
    """The net points that all bars of a waterfall share as their axis."""

    low: int
    high: int

    @property
    def width(self) -> int:
        """How long the axis is."""
        return self.high - self.low


def bars(steps: Iterable[int]) -> list[Bar]:
    """Each step on from where the one before it ended, from nought."""
    found, now = [], 0
    for step in steps:
        found.append(Bar(now, now + step))
        now += step
    return found


def span(steps: Sequence[Bar]) -> Span:
    """The axis that holds every bar, with room at either end."""
    edges = [0, *(edge for bar in steps for edge in (bar.start, bar.end))]
    return Span(min(edges) - 1, max(edges) + 1)


def lot(seats: Json) -> int:
    """How many people one icon stands for, so that no role has more than twenty."""
    most: float = max(seats[role] for role in ROLES)
    return next(size for size in _LOTS if most / size <= ICONS)


def icons(amount: float, lot_size: int) -> list[float]:
    """The icons of so many people, each 1 or the part of one that is drawn."""
    figures = amount / lot_size
    return [round(min(1.0, figures - place), 3) for place in range(ceil(figures))]


def place(value: float, score: Json) -> float:
    """Where a ratio lies on the scale from one bound to the other, 0 to 100."""
    bound: int = score["bound"]
    net: float = score["points_to_double"] * log2(value)
    return round(50 + 50 * max(-1.0, min(1.0, net / bound)), 2)


def share(seats: Json) -> float:
    """The data scientists' part of the seats."""
    ours, all_ = float(seats["data_scientist"]), float(sum(seats[role] for role in ROLES))
    return ours / all_ if all_ else 0.5
