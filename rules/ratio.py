"""From net points to a ratio: `2 ** (net / points_to_double)`, held within the bound, with its nearest fraction."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf

from rules.model import Scale

LARGEST_TERM = 8


@dataclass(frozen=True, slots=True)
class Ratio:
    """Data scientists to ML engineers at one net; `text` is the nearest fraction, `value` has three decimals."""

    net: int
    text: str
    value: float
    lean: str


class RatioTable:
    """The ratio of every net within the bound; a raw net beyond it takes the bound's."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self._by_net = {net: _ratio(net, scale) for net in range(-scale.bound, scale.bound + 1)}

    def of(self, raw: int) -> Ratio:
        return self._by_net.get(raw) or self._by_net[self.scale.bound if raw > 0 else -self.scale.bound]

    def lean(self, raw: int) -> str:
        return self.of(raw).lean

    def span(self, lean: str) -> tuple[float, float]:
        """The lowest and the highest net of a lean; infinite where the side is open."""
        edge = self.scale.balanced
        return {"balanced": (-edge, edge), "data_scientist": (edge + 1, inf), "ml_engineer": (-inf, -edge - 1)}[lean]


def _ratio(net: int, scale: Scale) -> Ratio:
    left, right = _nearest_fraction(abs(net), scale.points_to_double)
    text = f"{left}:{right}" if net >= 0 else f"{right}:{left}"
    lean = "balanced" if abs(net) <= scale.balanced else "data_scientist" if net > 0 else "ml_engineer"
    return Ratio(net, text, round(2.0 ** (net / scale.points_to_double), 3), lean)


def _nearest_fraction(net: int, points_to_double: int) -> tuple[int, int]:
    """Nearest to `2 ** (net / points_to_double)` in logarithms, both terms at most 8; the smaller terms on a tie.

    Compared as powers, in exact fractions.
    """

    def distance(terms: tuple[int, int]) -> tuple[Fraction, int]:
        quotient = Fraction(*terms) ** points_to_double / 2**net
        return max(quotient, 1 / quotient), sum(terms)

    terms = range(1, LARGEST_TERM + 1)
    return min(((a, b) for a in terms for b in terms if gcd(a, b) == 1), key=distance)
