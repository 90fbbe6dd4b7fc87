"""Points of words: anyone can add them up, and no phrase is lost for them."""

from __future__ import annotations

import json
from importlib.resources import files
from math import sqrt
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.text import interpret
from schemas.text.candidates import SURE, Candidate
from schemas.text.interpretation import phrases_of, signs_in
from schemas.text.learned import LEARNED, Learned, completed, the_learned
from tests.interpret.score import items_of
from tests.interpret.training import digest

SOURCE = json.loads(files("rules").joinpath("learned.json").read_text("utf-8"))
TEXTS = [item["text"] for item in items_of("development")]
interpret("")  # reads lexicon and points, before hypothesis looks at the clock


def by_hand(text: str) -> dict[str, dict[str | None, int]]:
    """Return the points of every value, added up from the file as a reader would."""
    given = [SOURCE["points"][sign] for sign in signs_in(text) if sign in SOURCE["points"]]
    sums = iter([sum(column) for column in zip(SOURCE["start"], *given, strict=True)])
    return {name: {value: next(sums) for value in field["values"]} for name, field in SOURCE["fields"].items()}


@given(st.sampled_from(TEXTS) | st.text(max_size=80))
def test_a_value_is_said_when_its_points_added_by_hand_lead_by_enough(text):
    """What is enough grows with the root of how many signs there are."""
    signs = signs_in(text)
    learned = the_learned()
    readings = learned.read(learned.known(signs), len(signs))
    for name, points in by_hand(text).items():
        (less, _), (most, best) = sorted(((sum_, value) for value, sum_ in points.items()), key=itemgetter(0))[-2:]
        assert points[readings[name].value] == points[best]
        least = SOURCE["fields"][name]["enough"] * sqrt(len(signs) or 1)
        assert readings[name].lead == pytest.approx((most - less) / least)


@given(st.sampled_from(TEXTS))
def test_no_phrase_is_dropped_without_a_word(text):
    """What phrases said is said still, or set aside with why."""
    read = interpret(text)
    told = {(one.field, one.value) for one in (*read.fields, *read.set_aside)}
    assert told >= {(one.field, one.value) for one in phrases_of(text).fields}


@given(st.sampled_from(TEXTS))
def test_what_has_no_points_is_left_as_phrases_have_it(text):
    """Numbers, languages and the rest are the lexicon's alone."""
    rest = [[one for one in found.fields if one.field not in LEARNED] for found in (interpret(text), phrases_of(text))]
    assert rest[0] == rest[1]


def test_a_value_that_no_phrase_says_is_shown_with_the_clause_that_speaks_most_for_it():
    """A sign is one word or two; a reader needs the words around."""
    source = {
        "fields": {"phase": {"values": [None, "deployment"], "enough": 10}},
        "start": [50, 0],
        "points": {"bolted": [0, 80], "onto": [0, 40], "cow": [5, 0]},
    }
    learned = Learned(source)
    known = learned.known({"cow", "bolted", "onto", "sheep"})
    reading = learned.read(known, 3)["phase"]
    assert (reading.value, reading.next) == ("deployment", None)
    assert reading.lead == pytest.approx((120 - 55) / (10 * sqrt(3)))
    assert learned.telling(known, "phase", reading) == "bolted"
    assert learned.read(learned.known({"cow"}), 1)["phase"].value is None


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ({"bolted": [0, 90]}, "they bolted it down"),
        ({"it down": [0, 90]}, "they bolted it down"),
        ({"bolte*": [0, 90]}, "they bolted it down"),
        ({"deployment.pattern=edge high": [0, 90]}, "on the device"),
    ],
)
def test_every_kind_of_sign_is_found_again_in_the_text(points, words):
    """A word, two neighbours, a beginning, and what a phrase says: each is shown within its clause."""
    learned = Learned(
        {"fields": {"phase": {"values": [None, "deployment"], "enough": 1}}, "start": [9, 0]} | {"points": points}
    )
    tokens = ["my", "cow", ":", "they", "bolted", "it", "down", ".", "on", "the", "device"]
    edge = Candidate("deployment.pattern", "edge", 8, 10, SURE)
    (one, _), _ = completed(tokens, [edge], [], learned)
    assert " ".join(tokens[one.first : one.last + 1]) == words


def test_a_value_that_a_phrase_denies_is_not_read_for_its_points():
    """Unless another phrase says it."""
    learned = Learned(
        {
            "fields": {"phase": {"values": [None, "deployment"], "enough": 1}},
            "start": [9, 0],
            "points": {"live": [0, 90]},
        }
    )
    tokens = [*["nothing", "is", "live", "in", "any", "of", "our", "shops", ",", "that", "we", "know", "of"], "."]
    denied = Candidate("phase", "deployment", 2, 2, SURE, why="negated")
    assert completed(tokens, [], [denied], learned) == ([], [denied])
    assert completed(tokens, [denied._replace(why=None)], [denied], learned)[0] == [denied._replace(why=None)]


def test_what_is_set_aside_comes_in_the_order_of_the_text():
    """Whatever its field."""
    late, early = (
        Candidate("goal", "insights", 3, 3, SURE, "negated"),
        Candidate("phase", "modeling", 1, 1, SURE, "future"),
    )
    assert completed(["we", "model", "for", "insights"], [], [late, early], the_learned())[1] == [early, late]


@pytest.mark.parametrize("text", ["fraud model for a bank, poc, real-time", "weekly churn scores, telco, scoping"])
def test_terse_texts_are_read_too(text):
    """The fewer the words, the smaller the lead that is enough."""
    assert {"industry", "phase", "deployment.pattern"} <= interpret(text).values().keys()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "hospital, data preparation, insights, streaming",
            {"healthcare", "data_preparation", "insights", "streaming"},
        ),
        ("industry: finance, phase: modeling, pattern: batch", {"finance", "modeling", "batch"}),
    ],
)
def test_in_a_few_words_what_is_named_is_meant(text, values):
    """Points are learned from sentences; a list of names has too few signs for them to be sure of."""
    assert set(interpret(text).values().values()) == values


def test_the_points_are_those_of_the_descriptions_that_are_there():
    """Whoever adds descriptions learns anew (`make interpret-learn`), or they would count for nothing."""
    assert SOURCE["corpus"] == digest()


def test_a_phrase_that_the_text_does_not_bear_out_is_set_aside_with_why():
    """Overridden where the points speak for another value, ambiguous where they speak for none."""
    fields = {"phase": {"values": [None, "deployment", "modeling"], "enough": 10}}
    learned = Learned({"fields": fields, "start": [0, 0, 0], "points": {"live": [0, 900, 0], "who": [900, 0, 0]}})
    phrase = Candidate("phase", "modeling", 0, 0, SURE)
    for word, why in (("live", "overridden"), ("who", "ambiguous")):
        tokens = ["training", *[word] * 13]
        assert completed(tokens, [phrase], [], learned)[1] == [phrase._replace(why=why)]
