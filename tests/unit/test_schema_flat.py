"""Requests said in text, as queries, CSV rows and flags say them."""

from __future__ import annotations

import pytest
from hypothesis import given

from rules.vocabulary import FIELD_BY_NAME
from schemas.contract import WIRE
from schemas.faults import InputError
from schemas.flat import flatten, nest
from schemas.project import canonical, load_project
from tests.documents import documents

LEAST = [("industry", "retail"), ("phase", "modeling"), ("deployment.pattern", "batch")]


def codes(*pairs: tuple[str, str]) -> dict[str, str]:
    """Return the codes of the faults that pairs beside the least ones make, by field."""
    with pytest.raises(InputError) as refused:
        load_project(nest([*LEAST, *pairs]))
    return {fault.field: fault.code for fault in refused.value.faults}


@given(documents())
def test_a_permalink_says_the_project_that_it_was_made_of(document):
    """Flattening loses nothing that decides, and nothing that is echoed but blanks at the ends."""
    request = load_project(document)
    again = load_project(nest(flatten(request)))
    assert canonical(again.project) == canonical(request.project)
    assert (again.name or "") == (request.name or "").strip()


@given(documents())
def test_a_permalink_has_every_name_once_and_in_order(document):
    """Equal requests give equal links."""
    names = [name for name, _ in flatten(load_project(document))]
    assert names == [name for name in WIRE if name in names]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("deployment.peak_rps", "900", 900),
        ("deployment.peak_rps", "9e2", 900),
        ("deployment.availability_pct", " 99.9 ", 99.9),
        ("governance.regulated", "TRUE", True),
        ("governance.regulated", "no", False),
        ("mlops_level", "0", 0),
        ("industry", "44-45", "retail"),
        ("languages", "r, python,,c++", ("c++", "python", "r")),
    ],
)
def test_text_is_read_with_the_type_of_its_field(name, text, value):
    """What JSON tells by its types, the contract tells for text."""
    pairs = dict([*LEAST, (name, text)])
    assert load_project(nest(pairs.items())).project.answers[name] == value


def test_empty_text_is_no_answer():
    """A row of CSV has every column, and a form every field."""
    row = dict.fromkeys(WIRE, "") | dict(LEAST)
    assert load_project(nest(row.items())) == load_project(nest(LEAST))


@pytest.mark.parametrize(
    ("pairs", "faults", "note"),
    [
        ([("deployment.peak_rps", "many")], {"deployment.peak_rps": "wrong_type"}, "a word for a number"),
        ([("deployment.peak_rps", "nan")], {"deployment.peak_rps": "wrong_type"}, "what only Python calls a number"),
        ([("deployment.peak_rps", "1_000")], {"deployment.peak_rps": "wrong_type"}, "a number with an underscore"),
        ([("deployment.peak_rps", "9" * 5000)], {"deployment.peak_rps": "wrong_type"}, "a number without end"),
        ([("deployment.peak_rps", "\ud800")], {"deployment.peak_rps": "wrong_type"}, "a lone surrogate"),
        ([("governance.regulated", "maybe")], {"governance.regulated": "wrong_type"}, "neither yes nor no"),
        ([("languages", "python,pyton")], {"languages.1": "invalid_choice"}, "one wrong of two"),
        ([("goal", "insights"), ("goal", "prediction")], {"goal": "wrong_type"}, "an answer twice"),
        ([("pattern", "batch")], {"pattern": "unknown_field"}, "an unknown name"),
        ([("pattern", "")], {"pattern": "unknown_field"}, "an unknown name without a value"),
        ([("goal.x", "1")], {"goal": "wrong_type"}, "a field below a field"),
        ([("", "1"), (".", "1"), ("a..b", "1")], {"": "unknown_field", "a": "unknown_field"}, "names made of dots"),
        ([(".".join("a" * 5000), "1")], {"a": "unknown_field"}, "five thousand levels"),
    ],
)
def test_text_that_does_not_fit_is_a_fault_of_its_field(pairs, faults, note):
    """Nothing is guessed, and every fault is told with the others."""
    assert codes(*pairs) == faults, note


@pytest.mark.parametrize("order", [1, -1])
def test_a_group_given_a_text_of_its_own_is_no_group(order):
    """`deployment=x` beside `deployment.pattern=batch` says two things of one name."""
    assert codes(*[("model", "x"), ("model.status", "none")][::order])["model"] == "wrong_type"


def test_a_list_may_be_given_in_parts():
    """Both ways of writing a list in a query are understood."""
    parts = load_project(nest([*LEAST, ("languages", "r"), ("languages", "python,sql")]))
    assert parts.project.answers["languages"] == ("python", "r", "sql")


def test_every_answer_of_the_vocabulary_can_be_given_in_text():
    """No decision field is out of a link's reach."""
    assert set(FIELD_BY_NAME) <= set(WIRE)
