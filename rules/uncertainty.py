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

_SLOT_BYTES = 16  # 3 ** 54 outcomes (32 factors, 22 questions) fit in 86 bits
_SLOT = 8 * _SLOT_BYTES
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

    def below(net: int) -> int:
        place = min(net - raw - first, len(running))
        return running[place - 1] if place > 0 else 0

    least, most = ratios.span(ratios.lean(raw))
    kept = (total if most is None else below(most + 1)) - (0 if least is None else below(least))
    return Range(low, high, round(kept / total, 2))


@lru_cache(maxsize=16_384)
def _distribution(counted: int, spans: tuple[tuple[int, int], ...]) -> tuple[int, tuple[int, ...]]:
    """The lowest shift of net, and the running sum of the weights of each shift from there on."""
    packed, first, last = 1, 0, 0
    for low, high in ((-1, 1),) * counted + spans:
        base = min(low, 0)
        packed = (packed << _SLOT * (low - base)) + (packed << _SLOT * -base) + (packed << _SLOT * (high - base))
        first, last = first + base, last + max(high, 0)
    data = packed.to_bytes(_SLOT_BYTES * (last - first + 1), "little")
    slots = range(0, len(data), _SLOT_BYTES)
    return first, tuple(accumulate(int.from_bytes(data[at : at + _SLOT_BYTES], "little") for at in slots))
