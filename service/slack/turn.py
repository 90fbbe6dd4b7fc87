"""One turn of a conversation: what was said so far, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.vocabulary import FIELD_BY_NAME
from schemas.faults import Fault

Json = dict[str, Any]
Pairs = dict[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """A project by dotted name, and of what was read from words, the words and what was set aside."""

    pairs: Pairs
    words: Mapping[str, str] = field(default_factory=dict)
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """A reading and what came of it: an answer with its link, or the faults that stand in its way."""

    reading: Reading
    answer: Json | None = None
    link: str | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The required questions that nothing answers yet, when nothing else is wrong."""
        required = tuple(fault.field for fault in self.faults if fault.code == "required")
        askable = len(required) == len(self.faults) and all(name in FIELD_BY_NAME for name in required)
        return required if askable else ()
