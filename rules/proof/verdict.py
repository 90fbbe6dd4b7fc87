"""A statement about a rulebook that holds for every input, or does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rules.proof.witness import Json


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` and `subject` (a rule, an expectation or a bound) name it; `figures` and `witnesses` show it."""

    kind: str
    subject: str
    holds: bool
    says: str
    figures: Json = field(default_factory=dict)
    witnesses: Sequence[Json] = ()
    line: int = 0

    def body(self) -> Json:
        """The verdict as it stands in a certificate."""
        return {
            "kind": self.kind,
            "subject": self.subject,
            "holds": self.holds,
            "says": self.says,
            **({"line": self.line} if self.line else {}),
            "figures": self.figures,
            "witnesses": list(self.witnesses),
        }
