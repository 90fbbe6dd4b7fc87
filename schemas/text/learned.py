"""What words that no phrase of the lexicon holds say, by points that were learned from descriptions.

A word, two neighbours, or what the lexicon made of the text is a sign, and gives points to values of a field.
A field's value is the one with most points, if its lead over the next, nothing said among them, is enough for as
many signs: chance alone gives longer texts longer leads, by the square root.
`rules/learned.json` holds the points; `make interpret-learn` makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
import orjson

from schemas.text.candidates import CONFIDENCES, HINTED, LIKELY, SURE, Candidate, in_order
from schemas.text.tokens import ENDS

LEARNED = ("industry", "phase", "goal", "deployment.pattern")
_BREAKS = ENDS | frozenset(",:()?€$£%~<>≤≥&/+-–—")
_ALIKE = dict.fromkeys("0123456789", "#") | dict.fromkeys(_BREAKS, "|")  # by the first character
_STEM = 5  # letters
_FEW = 12  # words: where no more are said, those that name a value are meant (in nine of ten such texts)
_NEAR = 5  # words to either side that are shown with a telling one


Known = dict[str, int]  # signs that give points, each with its row


@dataclass(frozen=True, slots=True)
class FieldPoints:
    """A field's values, None for nothing said, the place of their points, and the lead that is enough for one sign."""

    values: tuple[str | None, ...]
    place: int
    enough: int


class Reading(NamedTuple):
    """The value of a field with most points, None for nothing said, its lead as a multiple of enough, and the next."""

    value: str | None
    lead: float
    next: str | None


class Learned:
    """Points as a table: a row a sign, a column a value of a field."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        self.fields: dict[str, FieldPoints] = {}
        place = 0
        for name, field in source["fields"].items():
            self.fields[name] = FieldPoints(tuple(field["values"]), place, field["enough"])
            place += len(field["values"])
        self._start = np.array(source["start"])
        self._rows = {sign: row for row, sign in enumerate(source["points"])}
        self._points = np.array(list(source["points"].values()), np.int16)

    def known(self, signs: Set[str]) -> Known:
        """Return those of a text's signs that give points."""
        return {sign: self._rows[sign] for sign in self._rows.keys() & signs}

    def read(self, known: Known, signs: int) -> dict[str, Reading]:
        """Return what a text of so many signs says of every field by those that are known."""
        points = (self._start + self._points.take([*known.values()], axis=0).sum(axis=0)).tolist()
        return {name: _reading(field, points, signs) for name, field in self.fields.items()}

    def telling(self, known: Known, name: str, reading: Reading) -> str:
        """Return the known sign that speaks most for a reading's value against the next, of equals the last by name."""
        field = self.fields[name]
        value, rival = (field.place + field.values.index(one) for one in (reading.value, reading.next))
        points = self._points.take([*known.values()], axis=0)
        lead, signs = points[:, value] - points[:, rival], [*known]
        return max(signs[place] for place in np.flatnonzero(lead == lead.max()))


def _reading(field: FieldPoints, points: list[int], signs: int) -> Reading:
    ours = points[field.place : field.place + len(field.values)]
    best = ours.index(max(ours))
    most, ours[best] = ours[best], min(ours) - 1
    next_ = ours.index(max(ours))
    lead = (most - ours[next_]) / (field.enough * sqrt(signs or 1))
    return Reading(field.values[best], lead, field.values[next_])


def signs_of(words: list[str], said: Iterable[Candidate], aside: Iterable[Candidate]) -> set[str]:
    """Return each word, its beginning and each two neighbours, and what phrases said and set aside.

    Numbers are alike, and so are breaks.
    """
    plain = _plain(words)
    pairs = [f"{before} {word}" for before, word in pairwise(["|", *plain])]
    stems = [f"{word[:_STEM]}*" for word in plain if len(word) > _STEM]
    return {*plain, *pairs, *stems, *(_sign(one) for one in (*said, *aside) if one.field in LEARNED)}


def _plain(words: list[str]) -> list[str]:
    return [_ALIKE.get(word[0]) or word for word in words]


def _sign(one: Candidate) -> str:
    return f"{one.field}={one.value} {one.why or CONFIDENCES[one.confidence - 1]}"


def _place(sign: str, words: list[str], candidates: Iterable[Candidate]) -> int:
    """Return the word where a sign of a text is first seen, of two neighbours the second."""
    plain = _plain(words)
    if "=" in sign:
        return next(one.first for one in candidates if one.field in LEARNED and _sign(one) == sign)
    if " " in sign:
        return [f"{before} {word}" for before, word in pairwise(["|", *plain])].index(sign)
    if sign[-1] == "*":
        return next(place for place, word in enumerate(plain) if len(word) > _STEM and word.startswith(sign[:-1]))
    return plain.index(sign)


def completed(
    words: list[str], said: list[Candidate], aside: list[Candidate], learned: Learned
) -> tuple[list[Candidate], list[Candidate]]:
    """Return what phrases said and set aside as the points of the whole text have it.

    A phrase whose value has not points enough is set aside, as overridden by another
    value or as ambiguous; a value that no phrase said is found in the clause with most points for it, unless a phrase
    denies it.
    """
    signs = signs_of(words, said, aside)
    known = learned.known(signs)
    readings = learned.read(known, len(signs))
    kept, fallen = [], []
    for one in said:
        reading = readings.get(one.field)
        if reading is None or _stands(one, reading, few=len(words) <= _FEW):
            kept.append(one)
        else:
            other = reading.value not in (None, one.value) and reading.lead >= 1
            fallen.append(one._replace(why="overridden" if other else "ambiguous"))
    denied = {one[:2] for one in aside if one.why == "negated"} - {one[:2] for one in said}
    settled = {one.field for one in kept}
    for name, reading in readings.items():
        if name in settled or (name, reading.value) in denied:
            continue
        if reading.value and reading.lead >= 1:
            sign = learned.telling(known, name, reading)
            first, last = _clause(words, _place(sign, words, said + aside))
            kept.append(Candidate(name, reading.value, first, last, LIKELY if reading.lead >= 2 else HINTED))
    return in_order(kept), sorted(aside + fallen, key=lambda one: one.first)


def _stands(one: Candidate, reading: Reading, *, few: bool) -> bool:
    """Return whether a phrase's value stands, by the points of all the text."""
    if few and one.confidence == SURE:
        return reading.value in (None, one.value)
    return reading.value == one.value and reading.lead >= 1


def _clause(words: list[str], place: int) -> tuple[int, int]:
    """Return the first and the last word of the clause around a word, of a long one the nearest."""
    first = last = place
    while first > max(0, place - _NEAR) and words[first - 1] not in _BREAKS:
        first -= 1
    while last < min(len(words) - 1, place + _NEAR) and words[last + 1] not in _BREAKS:
        last += 1
    return first, last


@cache
def the_learned() -> Learned:
    """Return the points that come with the rules, built once."""
    return Learned(orjson.loads(files("rules").joinpath("learned.json").read_bytes()))
