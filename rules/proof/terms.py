"""Parts that give something other than points: whether a rule holds, what is required, whether that differs."""

from __future__ import annotations

from collections.abc import Sequence

from rules.headcount import minimum_seats
from rules.proof.part import LANE, Part
from rules.scorecard import Scorecard


class Holding(Part):
    """1 where a rule of one of the scorecards holds."""

    prunes = False

    def number(self, mask: int, phases: Sequence[int]) -> int:
        return int(
            any(mask >> strand.shift & bits for strand in self.strands for bits in strand.card.rule_bits.values())
        )


class Needed(Part):
    """The smallest team, in whole people, that meets what is required."""

    prunes = False

    def number(self, mask: int, phases: Sequence[int]) -> int:
        return minimum_seats(self.strands[0].card.minimums(mask), 1).total


class Reneeded(Part):
    """1 in the third lane where two scorecards require different minimums."""

    prunes = False

    def number(self, mask: int, phases: Sequence[int]) -> int:
        one, other = (strand.card.minimums(mask >> strand.shift) for strand in self.strands)
        return LANE**2 if one != other else 0


class Repointed(Part):
    """1 where two scorecards give some role other points, even if net is the same."""

    def number(self, mask: int, phases: Sequence[int]) -> int:
        one, other = (
            _by_role(strand.card, mask >> strand.shift, phase)
            for strand, phase in zip(self.strands, phases, strict=True)
        )
        return int(one != other)


def _by_role(card: Scorecard, mask: int, phase: int) -> dict[str, int]:
    points: dict[str, int] = {}
    for factor in card.factors(mask, phase):
        if factor.counted:
            points[factor.effect.role] = points.get(factor.effect.role, 0) + factor.points
    return points
