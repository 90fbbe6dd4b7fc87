"""Every cell of a small rulebook, one after the other: the slow way that exact counts are compared with."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import prod
from typing import NamedTuple

from rules.model import Rulebook
from rules.proof.baseline import joint_space
from rules.scorecard import PHASE_AXIS, Scorecard
from rules.space import Space

MOST = 2_000  # cells worth walking


class Said(NamedTuple):
    """What one rulebook says in a cell."""

    raw: int
    minimums: tuple[tuple[str, float], ...]


def spans(space: Space) -> list[range]:
    """The cells of every axis; a required field is always answered."""
    return [range(int(axis.field.required), len(axis.cells)) for axis in space.axes]


def read(space: Space, *books: Rulebook) -> set[int]:
    """The axes that the rulebooks read, and the phase."""
    cards = [Scorecard(book, space) for book in books]
    named = enumerate(axis.field.name for axis in space.axes)
    return {place for place, name in named if any(card.bits_reading(name) for card in cards)} | {PHASE_AXIS}


def small_enough(*books: Rulebook) -> tuple[Rulebook, ...]:
    """The rulebooks without as many of their last rules as make them too large to walk."""
    while True:
        space = joint_space(*books)
        if prod(len(span) for place, span in enumerate(spans(space)) if place in read(space, *books)) <= MOST:
            return books
        longest = max(books, key=lambda book: len(book.rules))
        if not longest.rules:
            longest = max(books, key=lambda book: len(book.sizing))
            shorter = replace(longest, sizing=longest.sizing[1:])
        else:
            shorter = replace(longest, rules=longest.rules[:-1])
        books = tuple(shorter if book is longest else book for book in books)


def cells(space: Space, *books: Rulebook) -> Iterator[tuple[int, ...]]:
    """Every cell of the axes that are read; the others stand at their first."""
    seen = read(space, *books)
    return product(*(span if place in seen else span[:1] for place, span in enumerate(spans(space))))


def times(space: Space, *books: Rulebook) -> int:
    """How many cells each of those stands for."""
    seen = read(space, *books)
    return prod(len(span) for place, span in enumerate(spans(space)) if place not in seen)


def said(card: Scorecard, at: tuple[int, ...]) -> Said:
    """What the scorecard says in the cell."""
    matched = card.match(at)
    return Said(card.net(matched, at[PHASE_AXIS] - 1), tuple(sorted(card.minimums(matched).items())))


def counted(space: Space, *books: Rulebook) -> Counter[tuple[Said, ...]]:
    """In how many cells the rulebooks say what."""
    cards, found = [Scorecard(book, space) for book in books], Counter[tuple[Said, ...]]()
    each = times(space, *books)
    for at in cells(space, *books):
        found[tuple(said(card, at) for card in cards)] += each
    return found
