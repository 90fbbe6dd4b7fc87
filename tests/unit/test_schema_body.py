"""What counts as JSON when it comes over the wire."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.body import read_json
from schemas.faults import MOST, InputError, UnreadableError

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_whatever_json_says_is_read_as_it_stands(value):
    """Reading takes nothing away from well-formed JSON."""
    assert read_json(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")) == value


@given(st.binary())
def test_any_bytes_are_read_or_refused(body):
    """No body is answered with anything but a value or one of the two refusals."""
    try:
        read_json(body)
    except (UnreadableError, InputError) as refused:
        str(refused).encode()


def test_a_byte_order_mark_is_passed_over():
    """Some editors put one there, and it says nothing."""
    assert read_json(b"\xef\xbb\xbf[1]") == [1]


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (b"", "nothing"),
        (b" \n", "only blanks"),
        (b"{", "half an object"),
        (b'{"a": NaN}', "NaN"),
        (b"[Infinity]", "infinity"),
        (b"1e400", "a number beyond every float"),
        (b"1" * 5000, "an integer of 5000 digits"),
        (b'"\\ud800"', "a lone surrogate, escaped"),
        (b'"\xed\xa0\x80"', "a lone surrogate in bytes"),
        (b'"\xff"', "bytes that are no UTF-8"),
        (b"[" * 100_000, "a hundred thousand open lists"),
        (b"{} {}", "two values"),
        ("{}".encode("utf-16"), "UTF-16"),
    ],
)
def test_what_is_not_json_is_unreadable(body, note):
    """An unreadable body is told apart from a readable one with faults."""
    with pytest.raises(UnreadableError):
        read_json(body)


@pytest.mark.parametrize("depth", [500, 990, 1020, 1030])
def test_depth_is_read_or_refused_and_never_exhausts_the_stack(depth):
    """The two parsers and the versions of Python differ on how deep is too deep; none may break."""
    for body in (b"[" * depth + b"]" * depth, b'{"a":' * depth + b'{"b":1,"b":2}' + b"}" * depth):
        try:
            read_json(body)
        except (UnreadableError, InputError) as refused:
            str(refused).encode()


def test_an_unreadable_body_is_told_where_it_breaks():
    """Line and column count from one, as editors do."""
    with pytest.raises(UnreadableError) as refused:
        read_json(b'{"a": 1,\n "b": }')
    assert (refused.value.line, refused.value.column) == (2, 7)
    assert str(refused.value).startswith("line 2, column 7: the body is not JSON: ")


@pytest.mark.parametrize(
    ("body", "fields", "note"),
    [
        (b'{"a": 1, "a": 1}', ["a"], "the same twice"),
        (b'{"a": 1, "a": 2, "b": {"c": 1, "c": 2}}', ["a", "b.c"], "every one of them, by its path"),
        (b'[{"a": 1}, {"a": {"b": 1, "b": 2}}]', ["1.a.b"], "in a list"),
        (b'{"\\u0061": 1, "a": 2}', ["a"], "once escaped"),
        (b'{"a":' * 400 + b'{"b":1,"b":2}' + b"}" * 400, [".".join("a" * 400 + "b")], "deep down"),
    ],
)
def test_a_name_given_twice_in_an_object_is_a_fault(body, fields, note):
    """Parsers differ on which of the two counts, so neither does."""
    with pytest.raises(InputError) as refused:
        read_json(body)
    assert [fault.field for fault in refused.value.faults] == fields, note
    assert {fault.code for fault in refused.value.faults} == {"duplicate_key"}


def test_a_body_of_nothing_but_names_given_twice_is_told_so_far_as_anybody_reads():
    """A hundred faults, were there ten thousand."""
    with pytest.raises(InputError) as refused:
        read_json(b"{" + b",".join([b'"a":1'] * 10_000) + b"}")
    assert len(refused.value.faults) == MOST


def test_equal_names_in_different_objects_are_no_fault():
    """Only within one object a name is given twice."""
    assert read_json(b'[{"a": 1}, {"a": 2}]') == [{"a": 1}, {"a": 2}]
