"""Requests said in text, by dotted name: a permalink's query, a row of CSV, flags; one road for all, there and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rules.vocabulary import Answer
from schemas.contract import WIRE
from schemas.fields import Many
from schemas.project import Request, values_of

Json = dict[str, Any]


def nest(pairs: Iterable[tuple[str, str]]) -> Json:
    """Return the document that pairs such as `team.size=8` say, for `load_project` to judge.

    Types are those of the contract; empty text is no answer. A name given twice
    gives a tuple, which only a list field takes; text that does not fit stays text.
    """
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        if text.strip() or name not in WIRE:
            texts.setdefault(name, []).append(text.strip())
    document: Json = {}
    for name, said in texts.items():
        _put(document, name.split("."), _value(name, said))
    return document


def _value(name: str, texts: list[str]) -> object:
    field = WIRE.get(name)
    if field and (len(texts) == 1 or isinstance(field, Many)):
        return field.from_text(",".join(texts))
    return texts[0] if len(texts) == 1 else tuple(texts)


def _put(document: Json, path: list[str], value: object) -> None:
    *groups, last = path
    branch = document
    for group in groups:
        below = branch.setdefault(group, {})
        if not isinstance(below, dict):  # a group that was given a text too: it is no object any more
            branch[group] = (below, value)
            return
        branch = below
    branch[last] = (branch[last], value) if last in branch else value


def flatten(request: Request) -> list[tuple[str, str]]:
    """Return the pairs that say a request, in the contract's order; `nest` takes them back to the same project."""
    echoed = {"name": request.name, "reference": request.reference, "description": request.description}
    said = {name: text for name, text in echoed.items() if text} | values_of(request.project)
    return [(name, _text(value)) for name, value in said.items()]


def _text(value: Answer) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, tuple) else str(value)
