"""What a description says where a request's fields are silent: fields that were given always win."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from schemas.contract import WIRE
from schemas.faults import Fault
from schemas.text import Found, interpret
from schemas.words import quote

Json = dict[str, Any]


class Description:
    """A request's description, read; of a request without one, nothing."""

    def __init__(self, values: Mapping[str, object]) -> None:
        text = values.get("description")
        self._given = values
        readable = isinstance(text, str) and len(text) <= WIRE["description"].longest  # type: ignore[attr-defined]
        self._said = interpret(str(text)).fields if readable else ()

    def filled(self) -> dict[str, object]:
        """The values that were given and, for the rest, those that the words say."""
        filled = dict(self._given)
        for found in self._inferred():
            if found.field == "languages":
                filled.setdefault("languages", [])
                filled["languages"] = [*filled["languages"], found.value]  # type: ignore[misc]
            else:
                filled[found.field] = found.value
        return filled

    def inferred(self) -> tuple[Json, ...]:
        """Everything that was read from the words, and the words."""
        return tuple(inferred_body(found) for found in self._inferred())

    def contradictions(self, loaded: Mapping[str, object]) -> tuple[Json, ...]:
        """A warning for each field whose given value, as loaded, is not what the words say."""
        return tuple(
            {
                "code": "description_contradicts",
                "message": f"{found.field} was given; the description says {quote(found.words)}, which was not used.",
                "fields": [found.field, "description"],
            }
            for found in self._said
            if self._is_given(found) and found.field in loaded and not _agrees(found, loaded[found.field])
        )

    def traced(self, faults: Iterable[Fault]) -> Iterator[Fault]:
        """The faults, those of inferred values with the words that they were read from."""
        words = {found.field: found.words for found in self._inferred()}
        for fault in faults:
            read = words.get(fault.field)
            said = f"{fault.message} (read from {quote(read)} in the description)" if read else fault.message
            yield replace(fault, message=said)

    def _inferred(self) -> Iterator[Found]:
        return (found for found in self._said if not self._is_given(found))

    def _is_given(self, found: Found) -> bool:
        return self._given.get(found.field) is not None


def inferred_body(found: Found) -> Json:
    """What was read, as the wire has it; spans count code points."""
    return {
        "field": found.field,
        "value": found.value,
        "words": found.words,
        "start": found.start,
        "end": found.end,
        "confidence": found.confidence,
    }


def _agrees(found: Found, value: object) -> bool:
    return found.value in value if isinstance(value, tuple) else found.value == value
