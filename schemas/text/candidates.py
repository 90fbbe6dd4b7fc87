"""Values that words speak of, and which of them the text says when they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from marshmallow import ValidationError

from rules.vocabulary import Answer
from schemas.contract import WIRE

SURE, LIKELY, HINTED = 3, 2, 1
CONFIDENCES = ("low", "medium", "high")


class Candidate(NamedTuple):
    """A value of a field in words `first` to `last`.

    `why` tells that it does not hold, `now` that it is said of today, `slipped` that a word had to be put right.
    """

    field: str
    value: Answer
    first: int
    last: int
    confidence: int
    why: str | None = None
    now: bool = False
    slipped: bool = False


def in_range(candidate: Candidate) -> Candidate:
    """Return a candidate from a number as the contract spells it, or set aside where the contract does not take it."""
    try:
        return candidate._replace(value=cast(Answer, WIRE[candidate.field].read(candidate.value)))
    except ValidationError:
        return candidate._replace(why=candidate.why or "out_of_range")


def chosen(
    candidates: Iterable[Candidate], prefer: Mapping[str, tuple[Answer, ...]]
) -> tuple[list[Candidate], list[Candidate]]:
    """Return what is said, one value a field in the contract's order, and what is set aside, in the text's.

    Among different values of a field that which is said of today stands, then that said
    most surely, then that which the lexicon prefers, then the first; of a field for which
    the lexicon prefers nothing, none. Languages all stand.
    """
    by_field: dict[str, list[Candidate]] = {}
    aside = []
    for candidate in candidates:
        if candidate.why:
            aside.append(candidate)
        else:
            by_field.setdefault(candidate.field, []).append(candidate)
    said = []
    for field, rivals in by_field.items():
        stands, others = _settled(rivals, prefer.get(field))
        said += stands
        aside += others
    return in_order(said), sorted(aside, key=lambda candidate: candidate.first)


def in_order(said: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates in the contract's order of their fields."""
    return sorted(said, key=lambda candidate: _ORDER[candidate.field])


_ORDER = {name: place for place, name in enumerate(WIRE)}


def _settled(rivals: list[Candidate], prefer: tuple[Answer, ...] | None) -> tuple[list[Candidate], list[Candidate]]:
    if len(rivals) == 1:
        return rivals, []
    if rivals[0].field == "languages":
        first = {candidate.value: candidate for candidate in reversed(rivals)}
        return [candidate for candidate in rivals if candidate is first[candidate.value]], []
    ranks = {candidate: _rank(candidate, prefer or ()) for candidate in rivals}
    best = max(rivals, key=ranks.__getitem__)
    others = [candidate for candidate in rivals if candidate.value != best.value]
    if not any(ranks[other][:3] == ranks[best][:3] for other in others):
        return [best], [other._replace(why="overridden") for other in others]
    if prefer is None:
        return [], [candidate._replace(why="ambiguous") for candidate in rivals]
    return [best._replace(confidence=HINTED)], [other._replace(why="ambiguous") for other in others]


def _rank(candidate: Candidate, prefer: tuple[Answer, ...]) -> tuple[bool, int, int, int]:
    preference = -prefer.index(candidate.value) if candidate.value in prefer else -len(prefer)
    return candidate.now or candidate.value == "undecided", candidate.confidence, preference, -candidate.first
