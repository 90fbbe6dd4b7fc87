"""People and their number: the team's size, the data scientists and ML engineers who are there, and who is neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schemas.contract import EXISTING
from schemas.text.candidates import LIKELY, SURE, Candidate
from schemas.text.numbers import Number
from schemas.text.phrases import Match
from schemas.text.quantities import Contexts, noun_after
from schemas.text.tokens import ENDS

_FIELDS = {role: name for name, role in EXISTING.items()}
_ONE, _NO = frozenset({"a", "an", "our", "single", "lone"}), frozenset({"no", "zero", "without", "any"})


def people_in(
    words: list[str], numbers: list[Number], nouns: Mapping[int, Match], contexts: Contexts
) -> Iterator[Candidate]:
    """Yield how many people a text speaks of, in FTE; people of other roles come ruled out."""
    counted: set[int] = set()
    for number in numbers:
        noun = noun_after(number.last, words, nouns)
        role = noun.sense.name if noun else ""
        if noun and (role in _FIELDS or role == "other_role"):
            counted.add(noun.first)
            yield _there(role, number.value, number.first, noun.last, words, contexts)
        elif (noun and role == "people" and _is_all(number, noun, words, contexts)) or _sizes_a_team(
            number, words, contexts
        ):
            last = noun.last if noun and role == "people" else number.last
            yield Candidate("team.size", number.value, number.first, last, SURE)
            if number.value % 1 and number.value % 0.25 == 0:
                yield Candidate("team.increment", 0.25 if number.value % 0.5 else 0.5, number.first, last, LIKELY)
    for place, noun in nouns.items():
        if noun.sense.name in _FIELDS and place not in counted and place:
            yield from _unnumbered(noun, words, contexts)


def _there(role: str, value: float, first: int, last: int, words: list[str], contexts: Contexts) -> Candidate:
    if role == "other_role":
        return Candidate("team.size", value, first, last, LIKELY, "someone_else")
    before, after = words[max(0, first - 4) : first], words[last + 1 : last + 6]
    after = after[: next((place for place, word in enumerate(after) if word in ENDS), None)]
    gone = not contexts["gone"].isdisjoint([*before, *after])
    wanted = after[:1] in (["wanted"], ["needed"]) or not contexts["wanted"].isdisjoint(before)
    why = "overridden" if gone else "future" if wanted else None
    return Candidate(_FIELDS[role], value, first, last, SURE, why)


def _is_all(number: Number, noun: Match, words: list[str], contexts: Contexts) -> bool:
    """Return whether people are counted in all, and not some of them."""
    around = words[max(0, number.first - 4) : number.first] + words[noun.first : noun.last + 4]
    return not contexts["heads"].isdisjoint(around)


def _sizes_a_team(number: Number, words: list[str], contexts: Contexts) -> bool:
    before, after = words[max(0, number.first - 2) : number.first], words[number.last + 1 : number.last + 3]
    return after == ["of", "us"] or (
        len(before) == 2 and before[0] in contexts["team"] and before[1] in ("of", ":", "is")
    )


def _unnumbered(noun: Match, words: list[str], contexts: Contexts) -> Iterator[Candidate]:
    """Yield the one of "a data scientist", the none of "no ML engineers"; other mentions say no number."""
    role, article = noun.sense.name, words[noun.first - 1]
    if article in _NO:
        yield Candidate(_FIELDS[role], 0, noun.first - 1, noun.last, LIKELY)
    elif article in _ONE and not contexts["have"].isdisjoint(words[max(0, noun.first - 6) : noun.first - 1]):
        yield _there(role, 1, noun.first - 1, noun.last, words, contexts)
