"""A term of a sum over the cells: some clauses, the fields that they read and the whole number that they give.

A part has one lane for each scorecard that is laid side by side: two rulebooks, or one
rulebook for two cases of a field. The number that it gives holds one number a lane, so that
sums add lane by lane and what both say in the same cell is counted together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from rules.scorecard import Scorecard

LANE = 1 << 20  # the step from one lane to the next; a lane holds whole numbers within half of it

Weights = Sequence[Sequence[int]]  # by axis and cell; 0 for a cell that cannot be
Room = tuple[tuple[int, ...] | None, ...]  # by axis, the cells to count; None where the axis is settled
Live = tuple[tuple[int, tuple[int, ...]], ...]  # axes and their cells to count
Trail = tuple["Trail", int, int] | None  # the trail before, an axis and its cell
Tally = dict[int, tuple[int, Trail]]  # what the cells weigh that lead to a mask or number, and the first of them


def lanes(key: int, count: int) -> tuple[int, ...]:
    """The numbers of the first `count` lanes."""
    numbers = []
    for _ in range(count):
        numbers.append((key + LANE // 2) % LANE - LANE // 2)
        key = (key - numbers[-1]) // LANE
    return tuple(numbers)


@dataclass(frozen=True, slots=True)
class Strand:
    """One scorecard in a part: where its bits lie and what a point of it adds to the number."""

    card: Scorecard
    shift: int
    step: int


class Part:
    """Points. `cards` has one scorecard a lane; where all are the same one, it is matched once."""

    prunes = True  # of a group's clauses only the first that holds matters

    def __init__(self, weights: Weights, cards: Sequence[Scorecard]) -> None:
        self._weights = weights
        self.strands = tuple(_strands(cards))
        self.everything = reduce(or_, (strand.card.everything << strand.shift for strand in self.strands), 0)
        self.masks = [
            [
                reduce(or_, (strand.card.masks[place][cell] << strand.shift for strand in self.strands), 0)
                for cell in range(len(cells))
            ]
            for place, cells in enumerate(weights)
        ]
        self.reads = {
            place: bits for place, axis in enumerate(cards[0].axes) if (bits := self._reading(axis.field.name))
        }
        self._groups = [group.bits << strand.shift for strand in self.strands for group in strand.card.groups]
        self._classes: dict[tuple[int, tuple[int, ...]], dict[int, tuple[int, int]]] = {}
        self._folded: dict[object, Tally] = {}
        self._outcomes: dict[object, Tally] = {}

    def number(self, mask: int, phases: Sequence[int]) -> int:
        """What the clauses in `mask` give, in the phases, one a strand."""
        return sum(
            strand.step * strand.card.net(mask >> strand.shift, phase)
            for strand, phase in zip(self.strands, phases, strict=False)
        )

    def live(self, mask: int, room: Room) -> Live:
        """The axes that clauses in `mask` still look at, with their cells to count."""
        return tuple((place, cells) for place, bits in self.reads.items() if bits & mask and (cells := room[place]))

    def met(self, mask: int, place: int, cell: int, room: Room) -> int:
        """The bits that still hold and matter, of those in `mask`, once the axis is settled at the cell."""
        mask &= self.masks[place][cell]
        return self._prune(mask, [at for at, _ in self.live(mask, room)])

    def outcomes(self, mask: int, phases: tuple[int, ...], room: Room) -> Tally:
        """By number given, what the cells of the live axes weigh, where `mask` holds on the axes settled."""
        key = mask, phases, self.live(mask, room)
        found = self._outcomes.get(key)
        if found is None:
            found = self._outcomes[key] = {}
            for held, (weight, trail) in self.fold(mask, room).items():
                number = self.number(held, phases)
                known = found.get(number)
                found[number] = (known[0] + weight, known[1]) if known else (weight, trail)
        return found

    def fold(self, mask: int, room: Room) -> Tally:
        """The same by the clauses that hold in the end, without those that are beaten."""
        live = self.live(mask, room)
        found = self._folded.get((mask, live))
        if found is None:
            found = {mask: (1, None)}
            for done, (place, cells) in enumerate(live, start=1):
                found = self._step(found, place, self._classes_of(place, cells), [at for at, _ in live[done:]])
            self._folded[mask, live] = found
        return found

    def _step(self, tally: Tally, place: int, classes: dict[int, tuple[int, int]], left: Sequence[int]) -> Tally:
        found: Tally = {}
        pruned: dict[int, int] = {}
        for held, (weight, trail) in tally.items():
            for met, (more, cell) in classes.items():
                mask = pruned.get(held & met)
                if mask is None:
                    mask = pruned[held & met] = self._prune(held & met, left)
                known = found.get(mask)
                found[mask] = (known[0] + weight * more, known[1]) if known else (weight * more, (trail, place, cell))
        return found

    def _classes_of(self, place: int, cells: tuple[int, ...]) -> dict[int, tuple[int, int]]:
        """The cells of an axis by the bits that hold in them: what they weigh and the first."""
        found = self._classes.get((place, cells))
        if found is None:
            found = self._classes[place, cells] = {}
            for cell in cells:
                weight, first = found.get(self.masks[place][cell], (0, cell))
                found[self.masks[place][cell]] = weight + self._weights[place][cell], first
        return found

    def _prune(self, mask: int, left: Sequence[int]) -> int:
        """Without the bits that are beaten whatever the axes left say."""
        if not self.prunes:
            return mask
        decided = mask & ~reduce(or_, (self.reads[place] for place in left), 0)
        for group in self._groups:
            if hit := group & decided:
                mask &= ~group | ((hit & -hit) << 1) - 1
        return mask

    def _reading(self, field: str) -> int:
        return reduce(or_, (strand.card.bits_reading(field) << strand.shift for strand in self.strands), 0)


def _strands(cards: Sequence[Scorecard]) -> Iterator[Strand]:
    if len(cards) > 1 and all(card is cards[0] for card in cards):
        yield Strand(cards[0], 0, sum(LANE**place for place in range(len(cards))))
        return
    shift = 0
    for place, card in enumerate(cards):
        yield Strand(card, shift, LANE**place)
        shift += card.everything.bit_length()
