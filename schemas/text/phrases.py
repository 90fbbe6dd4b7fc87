"""Every phrase of the lexicon in a text, in one pass, the longer before the shorter it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from schemas.text.lexicon import NOTHING, NOUN, VALUE, Frame, Lexicon, Sense
from schemas.text.tokens import ENDS

_FIRST, _LAST = itemgetter(0), itemgetter(1)
GAP = 6  # words before the tail of a phrase in which its head must begin


class Match(NamedTuple):
    """A phrase found: its first and last word and what it means; `denied` within a longer one that negates it."""

    first: int
    last: int
    sense: Sense
    denied: bool = False


@dataclass(slots=True)
class Matches:
    """What was found: statements of values, cues about them, and nouns by the word they begin with."""

    values: list[Match] = field(default_factory=list)
    cues: list[Match] = field(default_factory=list)
    nouns: dict[int, Match] = field(default_factory=dict)


def matches_in(words: list[str], lexicon: Lexicon) -> Matches:
    """Return the phrases in a normalised text.

    A phrase within a longer one is passed over: for a value where the longer one speaks
    of the same field, for a cue whatever the longer one says ("no" within "no deployment").
    A negation that is passed over still denies what begins within the longer one and speaks
    of other fields: "nothing going live" says a pattern, and denies a phase.
    """
    found = Matches()
    reached: dict[str, int] = {}  # how far the phrases seen so far go: per field, per kind, and all of them
    widest = (-1, -1)  # the one that goes furthest
    denied = -1
    for match in _all(words, lexicon):
        first, last, sense, _ = match
        if sense.kind == NOUN:
            found.nouns.setdefault(first, match)
            continue
        group = sense.name if sense.kind == VALUE else sense.kind
        if last > max(reached.get(NOTHING, -1), reached.get(group, -1)):
            if sense.kind == VALUE:
                found.values.append(match._replace(denied=True) if first <= denied else match)
            elif last > reached.get("", -1) or (first, last) == widest:
                found.cues.append(match)
            elif sense.kind == "negated":
                denied = reached[""]
        if last > reached.get("", -1):
            reached[""], widest = last, (first, last)
        reached[group] = max(last, reached.get(group, -1))
    return found


def _all(words: list[str], lexicon: Lexicon) -> list[Match]:
    """Return every phrase, those that begin earlier before the others, and of those the longer first."""
    text = f" {' '.join(words)} "
    places = dict(zip(accumulate([len(word) + 1 for word in words]), range(len(words)), strict=True))
    found = []
    for end, (length, senses, frames) in lexicon.automaton.iter(text):
        last = places[end]
        tail = last - length + 1
        found += [Match(tail, last, sense) for sense in senses]
        if frames:
            found += _framed(words, tail, last, frames)
    found.sort(key=_LAST, reverse=True)
    found.sort(key=_FIRST)
    return found


def _framed(words: list[str], tail: int, last: int, frames: tuple[Frame, ...]) -> Iterator[Match]:
    """Yield the phrases whose heads stand before a tail in the same sentence, each from its nearest head."""
    start = max(0, tail - GAP)
    before = words[start:tail]
    for frame in frames:
        if not frame.firsts.isdisjoint(before):
            for place in range(tail - 1, start - 1, -1):
                if words[place] in ENDS:
                    break
                if any(_stands(rest, words, place + 1, tail) for rest in frame.heads.get(words[place], ())):
                    yield Match(place, last, frame.sense)
                    break


def _stands(rest: list[str], words: list[str], first: int, tail: int) -> bool:
    after = first + len(rest)
    return after <= tail and words[first:after] == rest
