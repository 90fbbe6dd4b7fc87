"""Free text to fields: what is found, in which words, how surely, and what wins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.project import InputError, load_project
from schemas.text import interpret
from schemas.text.interpretation import LONGEST
from tests.interpret.score import CORPUS, MAIN, PARTS, items_of, scored

EXAMPLE = """\
Hi, we're a motor insurer. The proof of concept is done, now we put the claims model into production: the adjuster sees
a score while the customer is on the phone and decides, p99 < 80ms, ~4k rps, 99.9% uptime. Team of 6, two of them DS,
two backend devs; 1.8m eur, 12 months. Streaming is not needed. If it works we'll talk about edge next year."""
ODD = (
    "9" * 30,
    "½",
    "ﬁ",
    "İ",
    "ß",
    "’s",
    "don’t",
    "銀行",
    "\u202e",
    "...",
    "(",
    "\x00",
    "p99",
    "€",
    "no",
    "if",
    ",",
    "?",
)
SNIPPETS = [*ODD, *(word for item in items_of("development")[:20] for word in item["text"].split(" "))]
PROSE = st.lists(st.sampled_from(SNIPPETS), max_size=60).map(" ".join)
ANYTHING = PROSE | st.text(max_size=400) | st.text(st.sampled_from("no if,.?! 19kmp%€-'’"), max_size=400)


def faults_of(document: object) -> set[str]:
    """Return the codes of what is wrong with a document."""
    try:
        load_project(document)
    except InputError as refused:
        return {fault.code for fault in refused.faults}
    return set()


def test_a_message_is_read_as_its_writer_means_it():
    """One look at a whole message: fields, words, and what was left aside."""
    read = interpret(EXAMPLE)
    assert read.document() == {
        "industry": "finance",
        "phase": "deployment",
        "goal": "decision_support",
        "deployment": {"pattern": "real_time", "latency_ms_p99": 80, "peak_rps": 4000, "availability_pct": 99.9},
        "model": {"status": "prototype"},
        "team": {"size": 6, "existing": {"data_scientist": 2}},
        "budget": {"amount": 1_800_000, "currency": "EUR"},
        "schedule": {"weeks": 52},
    }
    aside = {(one.value, one.why) for one in read.set_aside}
    assert {("streaming", "negated"), ("edge", "conditional"), (2, "someone_else")} <= aside


@given(ANYTHING)
def test_any_text_has_an_answer_whose_words_are_in_it(text):
    """Spans count code points of the text as it was given, and the document is one that loads."""
    read = interpret(text)
    for one in (*read.fields, *read.set_aside):
        assert one.words == text[one.start : one.end]
        assert one.words
    assert faults_of(read.document()) <= {"required", "not_a_multiple"}


@given(PROSE)
def test_the_same_text_is_read_the_same(text):
    """Nothing depends on what was read before."""
    assert interpret(text) == interpret(text)


def test_threads_share_the_lexicon():
    """Reading changes nothing in it."""
    texts = [item["text"] for item in items_of("development")]
    alone = [interpret(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert list(pool.map(interpret, texts)) == alone


@pytest.mark.parametrize(
    "text", ["no " * 7000, "if " * 7000, "p 9" * 7000, "(" * LONGEST, "a" * LONGEST, "9," * 10_000]
)
def test_a_long_text_of_one_word_has_an_answer(text):
    """No nesting, no backtracking: the work per word is bounded."""
    assert interpret(text[:LONGEST])


@pytest.mark.parametrize(
    ("text", "industry"),
    [
        ("an insurence company", "finance"),
        ("manufacturng", "manufacturing"),
        ("a resturant", "accommodation_and_food"),
        ("MANUFACTURING", "manufacturing"),
        ("the hospital’s wards", "healthcare"),
        ("E-commerce", "retail"),
    ],
)
def test_slips_case_and_hyphens_do_not_matter(text, industry):
    """Long words may be misspelt."""
    assert interpret(text).values()["industry"] == industry


def test_a_misspelt_word_is_read_less_surely():
    """The reader is told that a word was put right."""
    assert [one.confidence for one in interpret("insurance").fields] == ["high"]
    assert [one.confidence for one in interpret("insurence").fields] == ["medium"]


@pytest.mark.parametrize("text", ["assurance of evacuation", "the river bank", "a data warehouse", "bank holiday"])
def test_words_that_only_look_alike_are_left(text):
    """Neighbours in spelling and homonyms say no field."""
    assert "industry" not in interpret(text).values()
    assert "phase" not in interpret(text).values()


def test_of_two_rivals_the_loser_is_told():
    """Nothing is dropped without a word."""
    read = interpret("Scores come in real time from an API, within 50 ms, and nightly for reports.")
    assert read.values()["deployment.pattern"] == "real_time"
    assert ("batch", "overridden") in {(one.value, one.why) for one in read.set_aside}


def test_between_equal_rivals_of_a_field_without_preference_none_is_taken():
    """In doubt the question stays open."""
    read = interpret("A random forest or a CNN.")
    assert "model.family" not in read.values()
    assert {one.why for one in read.set_aside if one.field == "model.family"} == {"ambiguous"}


@pytest.mark.parametrize(
    ("part", "precision", "recall"), [(PARTS[0], 0.99, 0.99), (PARTS[1], 0.99, 0.99), (PARTS[2], 0.95, 0.8)]
)
def test_the_corpus_is_read_no_worse_than_before(part, precision, recall):
    """Over industry, phase, goal and pattern; the last part was learned from by nobody and nothing."""
    score = scored(items_of(part))
    assert score.precision(*MAIN) >= precision
    assert score.recall(*MAIN) >= recall


def test_what_the_lexicon_was_tuned_on_besides_is_read_no_worse_than_before():
    """Descriptions in batches, each written without looking at the lexicon."""
    score = scored(items_of("tuning", CORPUS.parent))
    assert score.precision(*MAIN) >= 0.93
    assert score.recall(*MAIN) >= 0.92


def test_languages_are_told_in_the_order_of_their_first_mention() -> None:
    """And each once, however often it is named."""
    assert interpret("Batch in SQL, Scala and Python; SQL first.").values()["languages"] == ["sql", "scala", "python"]
