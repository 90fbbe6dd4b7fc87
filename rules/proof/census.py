"""Exact counts over every cell: the distribution of a sum of parts, and a cell for any sum.

Parts that share no field are counted apart and convolved. Parts that share one are
counted for each of its cases, which leaves them with less to share. So what would take
as many steps as there are cells takes about as many as the parts have cases, added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import prod

from rules.proof.part import Part, Room, Tally, Trail, Weights
from rules.scorecard import PHASE_AXIS
from rules.space import Axis, Space

Counts = dict[int, int]  # what the cells weigh, by sum
Held = tuple[tuple[Part, int], ...]  # parts, each with the bits that still hold
Box = Mapping[int, Sequence[int]]  # by axis, the only cells to count
EVERYWHERE: Box = {}
MOST = 50_000  # cases of shared fields worth remembering: some seconds, some hundred MB


class TangledError(ValueError):
    """Themes that share so many fields that counting case by case would not end."""


def weigh(space: Space, weight: Callable[[Axis, int], int] = lambda axis, cell: 1) -> Weights:
    """The weight of every cell; a required field cannot be unanswered."""
    return [
        [0 if cell == 0 and axis.field.required else weight(axis, cell) for cell in range(len(axis.cells))]
        for axis in space.axes
    ]


class Census:
    """The sum of `parts` over all cells, each counted as often as it weighs."""

    def __init__(self, weights: Weights, parts: Sequence[Part]) -> None:
        self._weights = weights
        self._parts = tuple(parts)
        self._changing: frozenset[Part] = frozenset()
        self._known: dict[object, Counts] = {}  # kept by every census made from this one
        self._own: dict[object, Counts] = {}  # what a changing part is in
        self._room: Room = tuple(tuple(at for at, weight in enumerate(axis) if weight) for axis in weights)

    def replacing(self, parts: Mapping[Part, Part], more: Sequence[Part] = ()) -> Census:
        """The census with parts exchanged and added, which counts anew only what those are in."""
        changed = Census(self._weights, [*(parts.get(part, part) for part in self._parts), *more])
        changed._changing, changed._known = frozenset((*parts.values(), *more)), self._known
        return changed

    def counts(self, box: Box = EVERYWHERE) -> Counts:
        """What the cells weigh, by sum: of all cells, or of those in a box."""
        room = self._within(box)
        found: Counts = {}
        for phase in room[PHASE_AXIS] or ():
            held, less, at = self._in_phase(phase, room)
            dead = set(range(len(room))) - {PHASE_AXIS} - _live(held, less)
            _add(found, self._total(held, less, at), self._weights[PHASE_AXIS][phase] * self._weight(dead, less))
        return found

    def find(
        self, wanted: Callable[[int], bool], rank: Callable[[int], int] = abs, box: Box = EVERYWHERE
    ) -> list[int] | None:
        """A cell on every axis whose sum is wanted, of the lowest rank; what no part reads is unanswered."""
        room = self._within(box)
        phases = room[PHASE_AXIS] or ()
        sums = [(key, at) for at in phases for key in self._total(*self._in_phase(at, room)) if wanted(key)]
        if not sums:
            return None
        key, phase = min(sums, key=lambda pair: (rank(pair[0]), *pair))
        cells = [allowed[0] if allowed else 0 for allowed in room]
        cells[PHASE_AXIS] = phase
        for place, cell in self._trace(*self._in_phase(phase, room), key):
            cells[place] = cell
        return cells

    def _within(self, box: Box) -> Room:
        return tuple(
            tuple(cell for cell in cells or () if cell in box[place]) if place in box else cells
            for place, cells in enumerate(self._room)
        )

    def _weight(self, places: Iterable[int], room: Room) -> int:
        """What all cells of the axes weigh together."""
        return prod(sum(self._weights[place][cell] for cell in room[place] or ()) for place in places)

    def _in_phase(self, phase: int, room: Room) -> tuple[Held, Room, int]:
        less = _settle(room, PHASE_AXIS)
        return (
            tuple((part, part.met(part.everything, PHASE_AXIS, phase, less)) for part in self._parts),
            less,
            phase - 1,
        )

    def _total(self, held: Held, room: Room, phase: int) -> Counts:
        """By sum, what the cells of the axes that are live in the parts weigh."""
        found: Counts = {0: 1}
        for cluster in _clusters(held, room):
            found = _convolve(found, self._joint(cluster, room, phase))
        return found

    def _joint(self, held: Held, room: Room, phase: int) -> Counts:
        """The same for parts that hang together."""
        if len(held) == 1:
            return {key: weight for key, (weight, _) in _alone(held, room, phase).items()}
        known = self._own if any(part in self._changing for part, _ in held) else self._known
        key = held, phase, tuple(part.live(mask, room) for part, mask in held)
        found = known.get(key)
        if found is None:
            found = {}
            for _, _, weight, case, less in self._cases(held, room):
                _add(found, self._total(case, less, phase), weight)
            if len(known) >= MOST:
                raise TangledError("the rules of different themes share too many fields to be counted exactly")
            known[key] = found
        return found

    def _cases(self, held: Held, room: Room) -> Iterator[tuple[int, int, int, Held, Room]]:
        """The cases of the axis that is live in most parts: axis, first cell, weight, bits that hold, room left.

        The weight is that of the case's cells and of all axes that are live no more.
        """
        readers = Counter(place for part, mask in held for place, _ in part.live(mask, room))
        place = max(sorted(readers), key=lambda at: readers[at])
        less = _settle(room, place)
        cases: dict[Held, list[int]] = {}
        for cell in room[place] or ():
            cases.setdefault(tuple((part, part.met(mask, place, cell, less)) for part, mask in held), []).append(cell)
        for case, cells in cases.items():
            dead = readers.keys() - {place} - _live(case, less)
            weight = sum(self._weights[place][cell] for cell in cells) * self._weight(dead, less)
            yield place, cells[0], weight, case, less

    def _trace(self, held: Held, room: Room, phase: int, key: int) -> Iterator[tuple[int, int]]:
        """An axis and a cell at a time, the way to a sum that is known to be there."""
        clusters = _clusters(held, room)
        totals = [{0: 1}]
        for cluster in clusters:
            totals.append(_convolve(totals[-1], self._joint(cluster, room, phase)))
        for cluster, before in zip(reversed(clusters), reversed(totals[:-1]), strict=True):
            share = min((own for own in self._joint(cluster, room, phase) if key - own in before), key=abs)
            yield from self._trace_joint(cluster, room, phase, share)
            key -= share

    def _trace_joint(self, held: Held, room: Room, phase: int, key: int) -> Iterator[tuple[int, int]]:
        if len(held) == 1:
            yield from _steps(_alone(held, room, phase)[key][1])
            return
        for place, cell, _, case, less in self._cases(held, room):
            if key in self._total(case, less, phase):
                yield place, cell
                yield from self._trace(case, less, phase, key)
                return


def _alone(held: Held, room: Room, phase: int) -> Tally:
    ((part, mask),) = held
    return part.outcomes(mask, (phase,) * len(part.strands), room)


def _steps(trail: Trail) -> Iterator[tuple[int, int]]:
    while trail:
        trail, place, cell = trail
        yield place, cell


def _live(held: Held, room: Room) -> set[int]:
    return {place for part, mask in held for place, _ in part.live(mask, room)}


def _settle(room: Room, place: int) -> Room:
    return (*room[:place], None, *room[place + 1 :])


def _clusters(held: Held, room: Room) -> list[Held]:
    """The parts that hang together by the axes they share and that are not settled."""
    clusters: list[tuple[set[int], Held]] = []
    for part, mask in held:
        axes = {place for place, _ in part.live(mask, room)}
        members: Held = ((part, mask),)
        apart = []
        for others, cluster in clusters:
            if axes & others:
                axes, members = axes | others, cluster + members
            else:
                apart.append((others, cluster))
        clusters = [*apart, (axes, members)]
    return [members for _, members in clusters]


def _add(counts: Counts, more: Counts, times: int) -> None:
    for key, weight in more.items():
        counts[key] = counts.get(key, 0) + weight * times


def _convolve(one: Counts, other: Counts) -> Counts:
    found: Counts = {}
    for key, weight in one.items():
        for shift, more in other.items():
            found[key + shift] = found.get(key + shift, 0) + weight * more
    return found
