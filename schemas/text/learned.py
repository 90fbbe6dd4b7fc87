"""What words that no phrase of the lexicon holds say, by points that were learned from descriptions.

A word, two neighbours, or what the lexicon made of the text is a sign, and gives points to values of a field.
A field's value is the one with most points, if its lead over the next, nothing said among them, is enough for as
many words: chance alone gives longer texts longer leads, by the square root.
`rules/learned.json` holds the points, in hundredths of a nat; `make interpret-learn` makes it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import sqrt
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from schemas.text.candidates import CONFIDENCES, HINTED, LIKELY, SURE, Candidate, in_order
from schemas.text.tokens import ENDS

LEARNED = ("industry", "phase", "goal", "deployment.pattern")
_BREAKS = ENDS | frozenset(",:()?€$£%~<>≤≥&/+-–—")
_ALIKE = dict.fromkeys("0123456789", "#") | dict.fromkeys(_BREAKS, "|")  # by the first character
_STEM = 5  # letters
_NEAR = 5  # words to either side that are shown with a telling one
_LANE = 32  # bits: points of all values are added up at once, as digits of one number
_ZERO = 1 << _LANE - 1


Signs = dict[str, int]  # what may give points, each with the word where it is first seen


@dataclass(frozen=True, slots=True)
class FieldPoints:
    """A field's values, None for nothing said, the place of their points, and the lead that is enough in one word."""

    values: tuple[str | None, ...]
    place: int
    enough: int


class Reading(NamedTuple):
    """The value of a field with most points, None for nothing said, its lead as a multiple of enough, and the next."""

    value: str | None
    lead: float
    next: str | None


class Learned:
    """Points by sign, packed: the sum over a text's signs is one addition each."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        self.fields: dict[str, FieldPoints] = {}
        lanes = 0
        for name, field in source["fields"].items():
            self.fields[name] = FieldPoints(tuple(field["values"]), lanes, field["enough"])
            lanes += len(field["values"])
        self._unpack = struct.Struct(f"<{lanes}I").unpack
        self._size = lanes * _LANE // 8
        self._start = _packed(enumerate([_ZERO] * lanes)) + _packed(source["start"])
        self._sparse: dict[str, dict[int, int]] = {name: dict(points) for name, points in source["points"].items()}
        self._points = {name: _packed(points.items()) for name, points in self._sparse.items()}

    def read(self, signs: Signs, words: int) -> dict[str, Reading]:
        """Return what the signs of a text of so many words say of every field."""
        total = self._start + sum(map(self._points.__getitem__, signs.keys() & self._points.keys()))
        points = self._unpack(total.to_bytes(self._size, "little"))
        return {name: _reading(field, points, words) for name, field in self.fields.items()}

    def telling(self, signs: Signs, name: str, reading: Reading) -> int:
        """Return the word with the sign that speaks most for a reading's value against the next."""
        field = self.fields[name]
        value, rival = (field.place + field.values.index(one) for one in (reading.value, reading.next))

        def gain(sign: str) -> int:
            points = self._sparse[sign]
            return points.get(value, 0) - points.get(rival, 0)

        return signs[max(signs.keys() & self._sparse.keys(), key=lambda sign: (gain(sign), -signs[sign]))]


def _packed(points: Iterable[tuple[int, int]]) -> int:
    return sum(value << lane * _LANE for lane, value in points)


def _reading(field: FieldPoints, points: tuple[int, ...], words: int) -> Reading:
    ours = points[field.place : field.place + len(field.values)]
    (less, next_), (most, best) = sorted(zip(ours, field.values, strict=True), key=itemgetter(0))[-2:]
    return Reading(best, (most - less) / (field.enough * sqrt(words or 1)), next_)


def signs_of(words: list[str], said: Iterable[Candidate], aside: Iterable[Candidate]) -> Signs:
    """Return each word, its beginning and each two neighbours, and what phrases said and set aside.

    Numbers are alike, and so are breaks.
    """
    plain = [_ALIKE.get(word[0]) or word for word in words]
    places = range(len(words) - 1, -1, -1)  # backwards, so that the first of equal signs is kept
    signs = (
        {f"{before} {plain[at]}": at for at, before in zip(places, [*plain[-2::-1], "|"], strict=True)} if words else {}
    )
    signs |= {f"{plain[at][:_STEM]}*": at for at in places if len(plain[at]) > _STEM}
    signs |= {plain[at]: at for at in places}
    for candidate in said:
        if candidate.field in LEARNED:
            signs[f"{candidate.field}={candidate.value} {CONFIDENCES[candidate.confidence - 1]}"] = candidate.first
    for candidate in aside:
        if candidate.field in LEARNED:
            signs[f"{candidate.field}={candidate.value} {candidate.why}"] = candidate.first
    return signs


def completed(
    words: list[str], said: list[Candidate], aside: list[Candidate], learned: Learned
) -> tuple[list[Candidate], list[Candidate]]:
    """Return what phrases said and set aside as the points of the whole text have it.

    A phrase whose value has not points enough is set aside, as overridden by another
    value or as ambiguous; a value that no phrase said is found in the clause with most points for it.
    """
    signs = signs_of(words, said, aside)
    readings = learned.read(signs, len(words))
    kept, fallen = [], []
    for one in said:
        reading = readings.get(one.field)
        if reading is None or _stands(one, reading):
            kept.append(one)
        else:
            other = reading.value not in (None, one.value) and reading.lead >= 1
            fallen.append(one._replace(why="overridden" if other else "ambiguous"))
    for name in readings.keys() - {one.field for one in kept}:
        reading = readings[name]
        if reading.value and reading.lead >= 1:
            first, last = _clause(words, learned.telling(signs, name, reading))
            kept.append(Candidate(name, reading.value, first, last, LIKELY if reading.lead >= 2 else HINTED))
    return in_order(kept), sorted(aside + fallen, key=lambda one: one.first)


def _stands(one: Candidate, reading: Reading) -> bool:
    """Return whether a phrase's value stands: one that is named takes half a lead, and none over nothing said."""
    if one.confidence == SURE and reading.value is None:
        return True
    return reading.value == one.value and reading.lead >= (0.5 if one.confidence == SURE else 1)


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
