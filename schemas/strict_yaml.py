"""YAML that cannot lie: only what JSON could say too, with the line of every value.

`no`, `1:4`, `0x1F` and `1_000` are text here, whatever YAML 1.1 makes of them, so
that a field which wants a flag or a number refuses them by name. Anchors, aliases,
merge keys, tags, further documents and keys given twice are faults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import yaml

from schemas.faults import Fault, Located, UnreadableError
from schemas.words import quote

LARGEST = 1_000_000  # bytes
DEEPEST = 20
MOST_FAULTS = 100  # more than anybody reads at once; a file of nothing else is given up early

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ufeff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS = {"": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Document:
    """A document's value as JSON would have it, the line of each dotted path in it, and what is wrong with its YAML."""

    value: object
    lines: Mapping[str, int]
    faults: tuple[Located, ...]

    def line(self, path: str) -> int:
        """Return the line where `path` stands, or the nearest thing around it."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)


def read_yaml(text: str) -> Document:
    """Return the document that a text holds; raise UnreadableError where it is no YAML, too large or too deep."""
    if len(text.encode(errors="surrogatepass")) > LARGEST:
        raise UnreadableError(f"the file is larger than {LARGEST // 1_000_000} MB")
    if unprintable := _UNPRINTABLE.search(text):
        raise _unreadable("a character that cannot be printed", text, unprintable.start())
    reader = _Reader(text)
    try:
        value = reader.document()
    except yaml.MarkedYAMLError as error:
        problem = f"not YAML: {error.problem or error.context}"
        raise UnreadableError(problem, *_place(error.problem_mark or error.context_mark)) from None
    return Document(value, reader.lines, tuple(reader.faults))


def _unreadable(problem: str, text: str, at: int) -> UnreadableError:
    return UnreadableError(problem, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


def _place(mark: Any) -> tuple[int, int]:
    """Return line and column of a parser's mark, from 1."""
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _Reader:
    """Builds values from the parser's events, which still tell a plain scalar from a quoted one."""

    def __init__(self, text: str) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)
        self.lines: dict[str, int] = {}
        self.faults: list[Located] = []

    def document(self) -> object:
        """Return the value of the first document; a second is a fault."""
        value: object = None
        started = False
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and started:
                self._refuse(event, "", "several_documents", "a second document begins here; one file holds one")
                break
            if isinstance(event, yaml.NodeEvent):
                value, started = self._value(event, "", 0), True
        return value

    def _refuse(self, event: yaml.Event, path: str, code: str, message: str) -> None:
        line, column = _place(event.start_mark)
        if len(self.faults) == MOST_FAULTS:
            first = self.faults[0]
            problem = f"more than {MOST_FAULTS} faults; the first, in line {first.line}: {first.fault.message}"
            raise UnreadableError(problem, line, column)
        self.faults.append(Located(line, Fault(path, code, message)))

    def _value(self, event: yaml.Event, path: str, depth: int) -> object:
        line, column = _place(event.start_mark)
        if depth > DEEPEST:
            raise UnreadableError(f"nested more than {DEEPEST} deep", line, column)
        self.lines.setdefault(path, line)
        self._check_plain(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return event.value if event.style else _scalar(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, depth)
        return self._mapping(path, depth) if isinstance(event, yaml.MappingStartEvent) else None

    def _check_plain(self, event: yaml.Event, path: str) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, path, "alias", f"'*{anchor}' is an alias; write the value itself")
        elif anchor:
            self._refuse(event, path, "anchor", f"'&{anchor}' is an anchor; leave it out")
        if tag:
            self._refuse(event, path, "tag", f"{quote(tag)} is a tag; leave it out")

    def _sequence(self, path: str, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, _join(path, str(len(items))), depth + 1))
        return items

    def _mapping(self, path: str, depth: int) -> dict[str, object]:
        mapping: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path, depth)
            name = _join(path, key)
            if key in mapping:
                message = f"{quote(key)} is given twice, first in line {self.lines[name]}; give it once"
                self._refuse(event, name, "duplicate_key", message)
            self.lines.setdefault(name, _place(event.start_mark)[0])
            mapping.setdefault(key, self._value(next(self.events), name, depth + 1))
        return mapping

    def _key(self, event: yaml.Event, path: str, depth: int) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse(event, path, "invalid_key", "a key is a name, never a list or a mapping")
            return str(self._value(event, path, depth + 1))
        if event.value == "<<" and not event.style:
            self._refuse(event, path, "merge_key", "'<<' merges another mapping; write its entries out")
        self._check_plain(event, path)
        return str(event.value)


def _scalar(text: str) -> object:
    """Return what a plain scalar says in JSON's spelling; anything else is text."""
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:  # beyond every float
        return text


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
