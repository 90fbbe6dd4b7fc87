"""Words of faults: how a value is quoted, how spellings are compared, which name was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

_GAPS = re.compile(r"[\s_\-‐-―]+")
_LONGEST = 60  # characters of a wrong value worth showing; a longer one is no misspelling either
_KINDS: dict[type, str] = {dict: "an object", list: "a list", tuple: "more than one value"}


def normal(text: str) -> str:
    """Return `text` as names are spelled: lower case, `and` for an ampersand, one underscore a gap."""
    return _GAPS.sub("_", text.casefold().replace("&", " and ").strip())


def nearest(word: str, names: Iterable[str]) -> str | None:
    """Return the name that `word` most likely stands for, or None when none is close."""
    if len(word) > _LONGEST:
        return None
    found = process.extractOne(normal(word), list(names), scorer=JaroWinkler.similarity, score_cutoff=0.86)
    return found[0] if found else None


def shown(text: str) -> str:
    """Return `text` fit to print and to encode: shortened, what cannot be printed escaped."""
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return short if short.isprintable() else ascii(short)[1:-1]


def quote(value: object) -> str:
    """Return a wrong value as a message shows it: its text, or what kind of thing it is."""
    if isinstance(value, str):
        return f"'{shown(value)}'"
    if isinstance(value, bool | None):
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | float):
        return "so large a number" if abs(value) >= 10**20 else str(value)
    return _KINDS.get(type(value), f"a {type(value).__name__}")


def listed(values: Iterable[object]) -> str:
    """Return values as a sentence lists them: `a, b or c`."""
    *others, last = [str(value) for value in values] or ["(there is none)"]
    return f"{', '.join(others)} or {last}" if others else last


def a(noun: str) -> str:
    """Return the noun with its article."""
    return f"an {noun}" if noun[:1] in "aeiou" else f"a {noun}"
