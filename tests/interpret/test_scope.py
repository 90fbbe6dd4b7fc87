"""Negation, condition, time and other hands: what a cue takes back, and where its reach ends."""

from __future__ import annotations

import pytest

from schemas.text.interpretation import phrases_of


def why(text: str, value: str, field: str = "deployment.pattern") -> str:
    """Return `said`, or why a value was set aside, or `unseen`."""
    read = phrases_of(text)
    if any((found.field, found.value) == (field, value) for found in read.fields):
        return "said"
    return next((aside.why for aside in read.set_aside if (aside.field, aside.value) == (field, value)), "unseen")


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("We score in real time.", "real_time", "said"),
        ("We don't score in real time.", "real_time", "negated"),
        ("No real-time serving.", "real_time", "negated"),
        ("It is never real time.", "real_time", "negated"),
        ("Without streaming.", "streaming", "negated"),
        ("A nightly batch instead of streaming.", "streaming", "negated"),
        ("A nightly batch instead of streaming.", "batch", "said"),
        ("A nightly batch rather than real time.", "real_time", "negated"),
        ("It is no longer streaming.", "streaming", "negated"),
        ("Streaming is not needed.", "streaming", "negated"),
        ("Streaming was discussed and rejected.", "streaming", "negated"),
        ("Streaming, turned down.", "streaming", "negated"),
        ("Streaming? No.", "streaming", "negated"),
        ("They recommended streaming. Overkill.", "streaming", "negated"),
    ],
)
def test_a_denied_value_is_not_said(text, value, expected):
    """Denials before a value, after it and as a verdict on the sentence before all count."""
    assert why(text, value) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Not only real time but cheap.", "real_time"),
        ("No doubt it has to be real time.", "real_time"),
        ("We can't do without streaming.", "streaming"),
        ("It is not impossible in real time.", "real_time"),
        ("It answers in no more than 80 ms, in real time.", "real_time"),
        ("There is no deadline. We score in real time.", "real_time"),
        ("There is no deadline, we score in real time.", "real_time"),
        ("No dashboards but a nightly batch.", "batch"),
        ("No app because the nightly batch is enough.", "batch"),
        ("We have no app and a nightly batch runs.", "batch"),
    ],
)
def test_a_denial_ends_with_its_clause_and_two_take_each_other_back(text, value):
    """What stands beyond a comma, a full stop, a "but" or a "because" is said."""
    assert why(text, value) == "said"


@pytest.mark.parametrize("value", ["real_time", "streaming", "batch"])
def test_a_denial_goes_through_a_list(value):
    """A comma does not end it while an "or" is still to come."""
    assert why("No real-time serving, Kafka or nightly jobs.", value) == "negated"


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("If it works we'll go for streaming.", "streaming", "conditional"),
        ("We'll go for streaming if the pilot works.", "streaming", "conditional"),
        ("Unless the board objects, streaming comes next year.", "streaming", "conditional"),
        ("Should the CTO release money, we'd build it on the edge.", "edge", "conditional"),
        ("Maybe streaming.", "streaming", "conditional"),
        ("Real time if possible.", "real_time", "said"),
        ("If it works we'll go for streaming. A nightly batch.", "batch", "said"),
        ("If it works we go streaming, but for now a nightly batch.", "batch", "said"),
        ("Score payments in real time if the amount is high.", "real_time", "said"),
    ],
)
def test_what_depends_on_something_is_not_said(text, value, expected):
    """A condition covers its sentence; one about the data that the model sees is none of the project's."""
    assert why(text, value) == expected


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("We plan to serve in real time.", "real_time", "said"),
        ("We are going to serve in real time.", "real_time", "said"),
        ("Next year, streaming.", "streaming", "future"),
        ("Eventually on the edge.", "edge", "future"),
        ("On the edge, one day.", "edge", "future"),
        ("In a year or two, a box on the edge.", "edge", "future"),
        ("Real time, perhaps, in a later project.", "real_time", "conditional"),
        ("Nightly batch now and streaming next year.", "batch", "said"),
        ("Nightly batch now and streaming next year.", "streaming", "future"),
    ],
)
def test_what_may_come_after_the_project_is_not_said(text, value, expected):
    """The plan of this project is what it is; what another year may bring is not."""
    assert why(text, value) == expected


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("Our competitor streams everything via Kafka.", "streaming", "someone_else"),
        ("The vendor serves it in real time, we hand over a nightly batch.", "real_time", "someone_else"),
        ("The vendor serves it in real time, we hand over a nightly batch.", "batch", "said"),
        ("We moved from a nightly batch to streaming.", "batch", "overridden"),
        ("We moved from a nightly batch to streaming.", "streaming", "said"),
    ],
)
def test_what_others_do_and_what_is_past_is_not_said(text, value, expected):
    """A clause about somebody else ends where the writer says "we"."""
    assert why(text, value) == expected


def test_the_steps_of_a_course_are_read_as_the_first_that_is_under_way():
    """ "Then" and what follows say nothing of where the project is."""
    assert why("Cleaning the data, then training a model, then the rollout.", "data_preparation", "phase") == "said"
    assert why("Cleaning the data, then training a model, then the rollout.", "deployment", "phase") == "future"


def test_a_negation_within_a_phrase_denies_other_fields_in_it():
    """That nothing goes live says how answers are delivered, and no phase of going live."""
    assert why("Nothing going live.", "none") == "said"
    assert why("Nothing going live.", "deployment", "phase") == "negated"
