"""Laws of reading a request, for whatever anyone may send."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import WIRE
from schemas.fields import Choice, Many
from schemas.project import InputError, canonical, load_project, load_values
from tests.documents import documents

NAMES = st.sampled_from([part for name in WIRE for part in name.split(".")]) | st.text(max_size=5)
ANY_VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["batch", "52", "eur"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=30,
)


def told(document: object) -> list[dict[str, object]]:
    """Return the faults of a document as a problem tells them."""
    try:
        load_project(document)
    except InputError as refused:
        return [fault.body() for fault in refused.faults]
    return []


@given(ANY_VALUE)
def test_any_value_is_a_request_or_faults_that_can_be_told(value):
    """No JSON value is answered with an error of any other kind."""
    assert all(fault["code"] and fault["message"] for fault in orjson.loads(orjson.dumps(told(value))))


@given(documents(), st.sampled_from(sorted(WIRE)), ANY_VALUE)
def test_one_odd_value_in_a_good_document_blames_no_field_but_its_own(document, name, value):
    """A fault stays where it was made, unless two fields are bound to each other."""
    *groups, last = name.split(".")
    branch = document
    for group in groups:
        branch = branch.setdefault(group, {})
    branch[last] = value
    bound = {"team.increment": "team.size"}.get(name, groups and ".".join(groups))
    assert all(f"{fault['field']}.".startswith((f"{name}.", f"{bound}.")) for fault in told(document))


@given(documents())
def test_a_good_document_has_no_faults(document):
    """What the contract's table allows, reading takes."""
    assert told(document) == []


@given(documents())
def test_the_canonical_form_of_the_canonical_form_is_itself(document):
    """Reading back what was settled settles nothing more."""
    once = canonical(load_project(document).project)
    assert canonical(load_values(orjson.loads(once)).project) == once


@given(documents(), st.randoms(use_true_random=False))
def test_the_canonical_form_does_not_depend_on_the_order_of_keys_or_languages(document, random):
    """Objects and sets have no order."""
    assert canonical(load_project(shuffled(document, random)).project) == canonical(load_project(document).project)


def shuffled(value, random):
    """Return a JSON value with its objects and lists in another order."""
    if isinstance(value, list):
        return random.sample(value, len(value))
    if isinstance(value, dict):
        return {key: shuffled(value[key], random) for key in random.sample(list(value), len(value))}
    return value


@given(documents())
def test_the_canonical_form_does_not_depend_on_how_numbers_are_written(document):
    """50 and 50.0 are one number."""
    assert canonical(load_project(floated(document)).project) == canonical(load_project(document).project)


def floated(value):
    """Return a JSON value with every number as a float."""
    if isinstance(value, dict):
        return {key: floated(inner) for key, inner in value.items()}
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@given(documents())
def test_the_canonical_form_has_none_but_the_contracts_own_words(document):
    """Aliases and codes are settled before anything is decided or kept."""
    for name, value in orjson.loads(canonical(load_project(document).project)).items():
        field = WIRE[name]
        choice = field.inner if isinstance(field, Many) else field
        if isinstance(choice, Choice):
            assert all(one in choice.values for one in (value if isinstance(value, list) else [value]))
