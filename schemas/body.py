"""JSON as it comes over the wire, read strictly: no NaN, no lone surrogates, no name twice in an object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

import orjson

from schemas.faults import MOST, Fault, InputError, UnreadableError
from schemas.words import quote, shown

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TOO_DEEP = "it is nested too deeply"


class _TwiceError(Exception):
    pass


def read_json(body: bytes) -> object:
    """Return the value of a JSON text; a byte order mark before it is passed over.

    Raises UnreadableError for what is not JSON in UTF-8 and InputError for a name
    that an object holds twice, where parsers differ on which value counts.
    """
    text = body.removeprefix(_BYTE_ORDER_MARK)
    if not text.strip():
        raise UnreadableError("the body is empty; send a JSON object")
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise UnreadableError(f"the body is not JSON: {error.msg}", error.lineno, error.colno) from None
    _refuse_duplicates(text)
    return value


def _refuse_duplicates(text: bytes) -> None:
    # orjson keeps the last of two equal names without a word. The standard parser shows
    # all pairs; numbers stay text to it, so that none is too long to convert.
    try:
        json.loads(text, object_pairs_hook=_object, parse_int=str, parse_float=str)
    except _TwiceError:
        raise InputError(_duplicates(text)) from None
    except RecursionError:
        raise UnreadableError(_TOO_DEEP) from None


def _object(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise _TwiceError


def _duplicates(text: bytes) -> list[Fault]:
    try:
        pairs = json.loads(text, object_pairs_hook=tuple, parse_int=str, parse_float=str)
        return list(islice(_twice(pairs, ""), MOST))
    except RecursionError:
        raise UnreadableError(_TOO_DEEP) from None


def _twice(value: object, path: str) -> Iterator[Fault]:
    """Walk objects (tuples of pairs) and arrays (lists) for names given twice."""
    seen = set()
    for key, inner in value if isinstance(value, tuple) else enumerate(value) if isinstance(value, list) else ():
        name = f"{path}.{shown(str(key))}" if path else shown(str(key))
        if key in seen:
            yield Fault(name, "duplicate_key", f"{quote(key)} is given twice in one object; give it once")
        seen.add(key)
        yield from _twice(inner, name)
