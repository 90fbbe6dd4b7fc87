"""The lexicon: how phrases are written down, and what stops one that is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from rules.vocabulary import FIELD_BY_NAME
from schemas.text.interpretation import phrases_of
from schemas.text.lexicon import build, the_lexicon
from schemas.text.phrases import matches_in


def lexicon(**parts: Any) -> Any:
    """Return a small lexicon with parts in place of its own."""
    source: dict[str, Any] = {
        "classes": {"person": ["nurse", "clerk"]},
        "fields": {},
        "nouns": {},
        "contexts": {name: [] for name in the_lexicon().contexts},
        "cues": {},
        "nothing": [],
        "prefer": {},
        "repaired": [],
        "spelled_right": [],
    }
    return build(source | parts)


def says(phrase: str, text: str, value: str = "insights") -> bool:
    """Return whether a text is read as a goal by one phrase."""
    read = phrases_of(text, lexicon(fields={"goal": {value: {"says": [phrase]}}}))
    return read.values() == {"goal": value}


def test_alternatives_and_classes_stand_for_each_wording():
    """A phrase with brackets is many phrases."""
    for text in ("the nurse decides", "the clerk decides", "a clerk chooses"):
        assert says("<person> (decides|chooses)", text)
    assert says("a (very (short|long)|brief) report", "a very long report")
    assert not says("<person> (decides|chooses)", "the nurse sleeps")


def test_dots_stand_for_a_few_words_of_one_sentence():
    """The head may stand some words before the tail, but not in another sentence."""
    assert says("cleaning ... logs", "cleaning the old sensor logs")
    assert not says("cleaning ... logs", "cleaning. The logs are fine")
    assert not says("cleaning ... logs", "cleaning one two three four five six seven eight logs")


def test_plurals_and_both_spellings_are_found():
    """They need not be listed."""
    assert says("analysis of survey", "an analysis of surveys")
    assert says("optimise routes", "optimize routes")


def test_the_longer_phrase_hides_the_shorter_in_it():
    """So an exception is a longer phrase."""
    fields = {"goal": {"insights": {"says": ["report"]}, "nothing": ["report to"]}}
    assert phrases_of("we report to him", lexicon(fields=fields)).values() == {}
    assert phrases_of("a report", lexicon(fields=fields)).values() == {"goal": "insights"}


def test_a_phrase_that_says_nothing_hides_those_in_it_whatever_their_field():
    """For what is no exception to one field alone."""
    entries = lexicon(fields={"goal": {"insights": {"says": ["report"]}}}, nothing=["report to"])
    assert phrases_of("we report to him", entries).values() == {}
    assert phrases_of("a report", entries).values() == {"goal": "insights"}


@pytest.mark.parametrize(
    "fields",
    [
        {"goal": {"insight": {"says": ["x"]}}},
        {"gaol": {"insights": {"says": ["x"]}}},
        {"governance.regulated": {"maybe": {"says": ["x"]}}},
    ],
)
def test_a_field_or_value_that_does_not_exist_stops_the_load(fields):
    """The message names it."""
    with pytest.raises(ValueError, match=r"the lexicon gives (goal|gaol|governance\.regulated)"):
        lexicon(fields=fields)


def test_of_two_values_that_share_a_phrase_the_first_in_the_file_comes_first():
    """In every process alike: Python orders sets by hashes that are new in each."""
    values = list(FIELD_BY_NAME["industry"].values)
    for order in (values, values[::-1]):
        shared = lexicon(fields={"industry": {value: {"says": ["crane hire"]} for value in order}})
        assert matches_in(["crane", "hire"], shared).values[0].sense.value == order[0]
