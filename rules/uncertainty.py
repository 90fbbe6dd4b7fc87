"""How far judgement may be out: the exact distribution of net when every strength may err by a step.

Each counted strength is one step weaker, right, or one step stronger with equal
chance, independently. A question left open is one more such draw, between the
lowest and the highest net that its answers would give. Distributions are
polynomials with whole coefficients, packed into one integer each, so that a draw
is two shifts and two sums.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from rules.ratio import RatioTable

_TAIL = 10  # a tenth is left out at each end of the central 80 %


@dataclass(frozen=True, slots=True)
class Range:
    """The central 80 % of net, `low` to `high`, and the chance (two decimals) that the lean stays what it is."""

    low: int
    high: int
    confidence: float


def spread(raw: int, counted: int, spans: tuple[tuple[int, int], ...], ratios: RatioTable) -> Range:
    """The range of net around `raw` with `counted` strengths in the sum and open questions of the given spans."""
    first, running = _distribution(counted, tuple(sorted(spans)))
    total = running[-1]
    low = raw + first + bisect_right(running, total // _TAIL)
    high = raw + first + bisect_left(running, total - total // _TAIL)

    def below(net: float) -> int:
        place = int(max(0, min(net - raw - first, len(running))))
        return running[place - 1] if place else 0

    least, most = ratios.span(ratios.lean(raw))
    kept = below(most + 1) - below(least)
    return Range(low, high, round(kept / total, 2))


@lru_cache(maxsize=16_384)
def _distribution(counted: int, spans: tuple[tuple[int, int], ...]) -> tuple[int, tuple[int, ...]]:
    """The lowest shift of net, and the running sum of the weights of each shift from there on."""
    draws = ((-1, 1),) * counted + spans
    slot_bytes = len(draws) // 4 + 1  # 3 ** n outcomes fit in 2 * n bits
    slot = 8 * slot_bytes
    packed, first, last = 1, 0, 0
    for low, high in draws:
        base = min(low, 0)
        packed = (packed << slot * (low - base)) + (packed << slot * -base) + (packed << slot * (high - base))
        first, last = first + base, last + max(high, 0)
    data = packed.to_bytes(slot_bytes * (last - first + 1), "little")
    slots = range(0, len(data), slot_bytes)
    return first, tuple(accumulate(int.from_bytes(data[at : at + slot_bytes], "little") for at in slots))
