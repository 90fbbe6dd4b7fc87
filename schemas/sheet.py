"""Cells of CSV for whatever opens it: quoted as RFC 4180 has it, and never taken for a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence

LINE_END = "\r\n"
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")  # what spreadsheets take for the start of one, wide forms and gaps included
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_SPECIAL = re.compile(r'[",\r\n]')
_ANY_SPECIAL = ('"', ",", "\r", "\n", *(f"\0{start}" for start in _FORMULA))


def as_text(value: object) -> object:
    """Return a cell's value; text that a spreadsheet could take for a formula begins with an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def guarded(text: str) -> str:
    """Return text that a spreadsheet shows as it is: what could be a formula begins with an apostrophe.

    A number stays a number: `-42` computes nothing, and whoever joins on it finds it unchanged.
    """
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def cell(text: str) -> str:
    """Return a cell of text, guarded and quoted where it must be."""
    text = guarded(text)
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text


def cells(texts: Sequence[str | None]) -> list[str]:
    """Return a column of such cells; None is an empty one."""
    column = [text or "" for text in texts]
    together = "\0".join(["", *column])  # one search a column is quicker than one a cell
    return list(map(cell, column)) if any(mark in together for mark in _ANY_SPECIAL) else column
