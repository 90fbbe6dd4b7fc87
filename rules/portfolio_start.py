"""A first answer to a portfolio's programme, found at once: a search that begins there is never worse, even cut off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rules.portfolio import Programme


def first_answer(programme: Programme) -> list[int]:
    """Values that break no row: seats filled from those that are worth the most on, and the hires that they take."""
    columns, rows, hires = programme.columns, programme.rows, set(programme.hires.values())
    values = [column.most if at in hires else 0 for at, column in enumerate(columns)]
    left = [row.most - sum(factor * values[at] for at, factor in row.terms.items()) for row in rows]
    standing = _rows_of(programme)
    # A seat that stands in more rows is in the way of more others.
    worth = {at: columns[at].cost / max(1, len(standing[at])) for at in range(len(columns)) if at not in hires}
    for at in sorted(worth, key=worth.__getitem__):
        values[at] = _fitting(columns[at].most, [left[row] / rows[row].terms[at] for row in standing[at]])
        for row in standing[at]:
            left[row] -= values[at] * rows[row].terms[at]
    for at in hires:
        values[at] -= _fitting(values[at], [left[row] for row in standing[at]])
    return values


def _rows_of(programme: Programme) -> Mapping[int, Sequence[int]]:
    """The rows in which each column stands, by place."""
    standing: dict[int, list[int]] = defaultdict(list)
    for place, row in enumerate(programme.rows):
        for at in row.terms:
            standing[at].append(place)
    return standing


def _fitting(most: int, room: Sequence[float]) -> int:
    return int(min([most, *room]))
