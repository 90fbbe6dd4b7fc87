"""What a statement is under: a negation, a condition, another time, another hand.

A cue ("no", "if it works", "next year", "another team") colours the words it reaches, in
the manner of the NegEx family of rules:

    ahead     from the cue to the end of its clause, across the items of a list
    behind    from the start of its clause to the cue
    clause    both; a cue set off by a comma takes the clause beside it
    from      to where what comes instead is named ("from batch to streaming")
    onward    from the cue to the end of its sentence
    sentence  the whole sentence
    others    the sentence, but for clauses in which the writer speaks of "we"

Punctuation ends clauses and sentences, and so do the lexicon's `break` cues (`hard` ends
a sentence: "but"; `soft` a clause: "because"). No cue reaches further than `REACH` words,
which keeps the work in proportion to the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.contract import EXISTING
from schemas.text.candidates import Candidate
from schemas.text.phrases import Match
from schemas.text.tokens import ENDS

REACH = 40  # words: longer sentences are lists or have lost their punctuation
_SOFT = frozenset(",:()-–—")
_OPENING = 4  # words of a clause that may open a sentence: "maybe some time next year, ..."
_ONTO = frozenset({"to", "into", "onto", "by", "with"})
_OURS = frozenset({"we", "we're", "we've", "we'll", "we'd", "our", "ours", "us", "i", "i'm", "i've", "my", "mine"})
_KINDS = ("negated", "conditional", "future", "someone_else", "overridden", "later", "now", "ours")
_BIT = {kind: 1 << place for place, kind in enumerate(_KINDS)}
_LATER = _BIT["later"]
_TURNING = [(kind, _BIT[kind]) for kind in _KINDS[:5]]
_COURSE = frozenset({"phase", "model.status"})  # "then" orders steps: the first is where the project is


@dataclass(frozen=True, slots=True)
class Scopes:
    """Which cues each word of a text is under."""

    flags: list[int]

    def judged(self, candidate: Candidate) -> Candidate:
        """Return the candidate with why it is not the project's own present, or as one that it surely is."""
        flags = self.flags[candidate.first] | self.flags[candidate.last]
        denial = candidate.value == "undecided" or (candidate.field in EXISTING and candidate.value == 0)
        if not flags or candidate.why or denial:  # "not decided" is no less said for a "no" nearby
            return candidate
        if flags & _LATER and candidate.field in _COURSE:
            return candidate._replace(why="future")
        for kind, bit in _TURNING:
            if flags & bit:
                return candidate._replace(why=kind)
        own = _BIT["ours" if candidate.field == "industry" else "now"]
        return candidate._replace(now=True) if flags & own else candidate


def scopes_of(words: list[str], cues: Iterable[Match]) -> Scopes:
    """Return the scopes of the cues over the words of a text."""
    flags = [0] * len(words)
    acting = [cue for cue in cues if cue.sense.kind in _BIT]
    if not acting:
        return Scopes(flags)
    clauses = _Clauses(words, cues)
    for cue in _annulled(acting, clauses):
        bit = _BIT[cue.sense.kind]
        for place in clauses.reached(cue):
            flags[place] |= bit
    return Scopes(flags)


def _annulled(cues: list[Match], clauses: _Clauses) -> list[Match]:
    """Return the cues without pairs of negations that take each other back ("not without")."""
    kept: list[Match] = []
    for cue in cues:
        before = kept[-1] if kept else None
        if before and _negates(before) and _negates(cue) and clauses.joined(before.last, cue.first):
            kept.pop()
        else:
            kept.append(cue)
    return kept


def _negates(cue: Match) -> bool:
    return cue.sense.kind == "negated" and cue.sense.name == "ahead"


class _Clauses:
    """The clauses and sentences of a text, by the places where they end."""

    def __init__(self, words: list[str], cues: Iterable[Match]) -> None:
        self.words = words
        breaks = [(cue.first, cue.sense.name) for cue in cues if cue.sense.kind == "break"]
        self.onto = {place for place, word in enumerate(words) if word in _ONTO}
        self.ours = {place for place, word in enumerate(words) if word in _OURS}
        self.hard = {place for place, word in enumerate(words) if word in ENDS}
        self.soft = {place for place, word in enumerate(words) if word in _SOFT}
        self.hard |= {place for place, name in breaks if name == "hard"}
        self.soft |= {place for place, name in breaks if name == "soft"}

    def joined(self, last: int, first: int) -> bool:
        """Return whether at most one word, and no break, parts two places."""
        between = range(last + 1, first)
        return len(between) <= 1 and not any(place in self.hard or place in self.soft for place in between)

    def reached(self, cue: Match) -> range:
        """Return the places that a cue reaches, itself among them."""
        start, end = cue.first, cue.last
        match cue.sense.name:
            case "ahead":
                end = self._list_end(end)
            case "behind":
                start = self._listed(self._start(self._judged(start, end), self.soft))
            case "from":
                end = self._end(end, self.soft | self.onto)
            case "clause":
                start, end = self._clause(start, end)
            case "onward":
                end = self._end(end)
            case "others":
                start, end = self._start(start, self.ours), self._end(end, self.ours)
            case "sentence":
                start, end = self._start(start), self._end(end)
        return range(start, end + 1)

    def _judged(self, first: int, last: int) -> int:
        """Return the last word of what a verdict is about: "Streaming? No", "Streaming, no", "Streaming. No."."""
        before = self.words[first - 1] if first else ""
        if self.words[first] == "?" or before in (",", ":"):
            return max(0, first - 1)
        alone = last + 1 == len(self.words) or self.words[last + 1] in ENDS
        return max(0, first - 2) if alone and before in ENDS else first

    def _listed(self, start: int) -> int:
        """Return where the list that a clause ends with begins: "cleaning and labelling are done"."""
        if start > 1 and self.words[start - 1] in ("and", "or"):
            before = self._start(start - 2, self.soft)
            return before if start - before <= _OPENING else start
        return start

    def _start(self, first: int, soft: Iterable[int] = ()) -> int:
        place, furthest = first, max(0, first - REACH)
        while place > furthest and place not in self.hard and place - 1 not in self.hard and place - 1 not in soft:
            place -= 1
        return place

    def _end(self, last: int, soft: Iterable[int] = ()) -> int:
        place, furthest = last, min(len(self.words), last + REACH) - 1
        while place < furthest and place + 1 not in self.hard and place + 1 not in soft:
            place += 1
        return place

    def _list_end(self, last: int) -> int:
        """Return the end of what a negation reaches: past commas while an "or" is still to come."""
        end = self._end(last, self.soft)
        while end + 1 < len(self.words) and self.words[end + 1] == "," and end - last < REACH:
            after = self._end(end + 1, self.soft)
            if not {"or", "nor"} & set(self.words[end + 1 : after + 1]) and not self._or_follows(after):
                break
            end = after
        return end

    def _or_follows(self, end: int) -> bool:
        return self.words[end + 1 : end + 2] == [","] and bool(
            {"or", "nor"} & set(self.words[end + 2 : self._end(end + 1, self.soft) + 1])
        )

    def _clause(self, first: int, last: int) -> tuple[int, int]:
        """Return the ends of a cue's clause and, where the cue is set off, of the clause that it is about.

        "Next year, streaming", "streaming, perhaps, or batch", "streaming, one day".
        """
        start, end = self._start(first, self.soft), self._end(last, self.soft)
        alone = (start, end) == (first, last)
        opens = (start == 0 or start - 1 in self.hard) and end - start < _OPENING
        if (alone or opens) and self.words[end + 1 : end + 2] == [","]:
            end = self._end(end + 1, self.soft)
        if alone and start > 1 and self.words[start - 1] == ",":
            start = self._start(start - 2, self.soft)
        return start, end
