"""Where two rulebooks differ, in as few words as it takes: boxes, each a set of cells on a few fields.

A cell can change only where the condition of an edited rule holds. So the boxes begin as
the alternatives of those conditions, and each is drawn in, field by field, to what changes
in it and in no other box. They are taken greedily, the one with most of what is not yet
covered first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

from rules.model import Condition
from rules.proof.baseline import Baseline, Comparison
from rules.proof.census import EVERYWHERE, Box
from rules.proof.witness import Json, share
from rules.space import Axis
from rules.vocabulary import Number

MOST = 5  # boxes worth reading


@dataclass(frozen=True, slots=True)
class Region:
    """A box, its cells, those of them that change, and those that no region before covers."""

    box: Box
    cells: int
    changed: int
    fresh: int


class Regions:
    """The changed cells of a comparison, covered by boxes."""

    def __init__(self, baseline: Baseline, comparison: Comparison) -> None:
        self._baseline, self._comparison = baseline, comparison
        self._known: dict[object, int] = {}

    def cover(self, conditions: Iterable[Condition] | None) -> Iterator[Region]:
        """At most `MOST` regions; `conditions` of the edited rules, None where more than rules is edited."""
        boxes = [EVERYWHERE] if conditions is None else list(self._boxes(conditions))
        taken: list[Box] = []
        while boxes and len(taken) < MOST:
            fresh = [self._uncovered(box, taken) for box in boxes]
            best = max(range(len(boxes)), key=lambda at: fresh[at])
            if not fresh[best]:
                return
            box = boxes.pop(best)
            apart = [*taken, *boxes] if len(boxes) + len(taken) < MOST else taken
            if (own := self._drawn_in(box, apart)) is not None:
                yield Region(own, self._size(own), self._changed(own), self._uncovered(own, taken))
                taken.append(own)

    def _boxes(self, conditions: Iterable[Condition]) -> Iterator[Box]:
        places = {axis.field.name: place for place, axis in enumerate(self._baseline.axes)}
        seen = []
        for condition in conditions:
            for clause in self._baseline.space.clauses(condition):
                box = {places[name]: tuple(sorted(cells)) for name, cells in clause.items()}
                if box not in seen:
                    seen.append(box)
                    yield box

    def _drawn_in(self, box: Box, apart: Sequence[Box]) -> Box | None:
        """The cells of the box that change and lie in none of the others, held by as few cells of each field."""
        if not self._uncovered(box, apart):
            return None
        theirs = {place for other in apart for place in other} - box.keys()  # would only say what is not another's
        for place in sorted({*self._comparison.axes, *box} - theirs):
            cells = box.get(place, self._all(place))
            kept = tuple(cell for cell in cells if self._uncovered({**box, place: (cell,)}, apart))
            if len(kept) < len(self._all(place)):
                box = {**box, place: kept}
        return dict(sorted(box.items()))

    def _uncovered(self, box: Box | None, taken: Sequence[Box]) -> int:
        """Changed cells of the box outside those taken, by inclusion and exclusion."""
        if box is None:
            return 0
        if not taken:
            return self._changed(box)
        return self._uncovered(box, taken[1:]) - self._uncovered(_overlap(box, taken[0]), taken[1:])

    def _changed(self, box: Box) -> int:
        key = tuple(sorted(box.items()))
        if key not in self._known:
            self._known[key] = self._comparison.count(self._comparison.differs, box)
        return self._known[key]

    def _size(self, box: Box) -> int:
        return prod(len(box.get(place, self._all(place))) for place in range(len(self._baseline.axes)))

    def _all(self, place: int) -> tuple[int, ...]:
        return tuple(cell for cell, weight in enumerate(self._baseline.weights[place]) if weight)


def described(region: Region, axes: Sequence[Axis]) -> Json:
    """The region as JSON: for each field its values, or bands from `min` up to `max`; null is the unanswered field."""
    when = {axes[place].field.name: _cells(axes[place], cells) for place, cells in region.box.items()}
    return {"when": when, "changed": share(region.changed, region.cells), "first_covers": str(region.fresh)}


def _overlap(one: Box, other: Box) -> Box | None:
    joint = {place: tuple(sorted(set(one.get(place, cells)) & set(cells))) for place, cells in other.items()}
    return {**one, **joint} if all(joint.values()) else None


def _cells(axis: Axis, cells: Sequence[int]) -> list[object]:
    if not isinstance(axis.field, Number):
        values = [axis.cells[cell].value for cell in cells]
        return [list(value) if isinstance(value, tuple) else value for value in values]
    return [None] * (0 in cells) + list(_bands(axis, [cell for cell in cells if cell]))


def _bands(axis: Axis, cells: Sequence[int]) -> Iterator[Json]:
    """Neighbouring bands joined."""
    start = 0
    for at, cell in enumerate(cells):
        if at + 1 == len(cells) or cells[at + 1] != cell + 1:
            first, last = axis.cells[cells[start]].band, axis.cells[cell].band
            assert first is not None
            assert last is not None
            yield {"min": first[0], "max": last[1]}
            start = at + 1
