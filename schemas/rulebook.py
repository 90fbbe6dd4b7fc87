"""From a rulebook's YAML to the rules that decide; a wrong one is told line, fault and the nearest right name."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar, cast

from marshmallow import Schema, ValidationError, post_load, validates_schema

from rules.model import Expectation, Rule, Rulebook
from schemas.expectation import expectation_schema
from schemas.faults import Fault, Located, UnreadableError, faults_in
from schemas.fields import Listed, Part
from schemas.rule_section import rule_schema
from schemas.sections import ClaimSchema, Effort, ScaleSchema, Section, Sizings, ThemeSchema, identifier, required_text
from schemas.strict_yaml import MOST_FAULTS, Document, read_yaml
from schemas.words import quote

_Entry = TypeVar("_Entry", Rule, Expectation)
_WITH_IDS = ("themes", "claims", "rules", "expect")


class RulebookError(ValueError):
    """A rulebook that will not do: every fault with its line, printed as `FILE:LINE: fault`."""

    def __init__(self, filename: str, faults: Iterable[Located]) -> None:
        self.filename, self.faults = filename, tuple(sorted(faults, key=lambda located: located.line))
        lines = [f"{filename}:{found.line}: {found.fault.message}" for found in self.faults[:MOST_FAULTS]]
        if more := len(self.faults) - len(lines):
            lines.append(f"{filename}: and {more:,} faults more")
        super().__init__("\n".join(lines))


def load_rulebook(text: str, *, filename: str) -> Rulebook:
    """Return the rulebook that a YAML text holds; raise RulebookError with every fault of it."""
    try:
        document = read_yaml(text)
    except UnreadableError as error:
        raise RulebookError(filename, [Located(error.line or 1, Fault("", "unreadable", error.problem))]) from None
    faults = list(document.faults)
    try:
        rulebook = cast(Rulebook, _schema(document.value).load(cast(Any, document.value)))
    except ValidationError as error:
        faults += (Located(document.line(fault.field), fault) for fault in faults_in(error.messages))
    if faults:
        raise RulebookError(filename, faults)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return replace(
        rulebook,
        rules=_with_lines(rulebook.rules, "rules", document),
        expectations=_with_lines(rulebook.expectations, "expect", document),
        digest=f"sha256:{digest}",
    )


def _with_lines(entries: Iterable[_Entry], section: str, document: Document) -> tuple[_Entry, ...]:
    return tuple(replace(entry, line=document.line(f"{section}.{at}")) for at, entry in enumerate(entries))


class RulebookBase(Section):
    """A rulebook's head; its rules refer to the names in it."""

    name = identifier("[a-z0-9][a-z0-9_-]*", "a lower-case word, such as article", required=True)
    version = identifier(r"\d+\.\d+\.\d+", "three numbers, such as 1.0.0", required=True)
    title = required_text(200)
    source = required_text(500)
    scale = Part(ScaleSchema, required=True)
    phase_effort = Effort(required=True)
    sizing = Sizings(required=True)
    themes = Listed(Part(ThemeSchema), required=True)
    claims = Listed(Part(ClaimSchema), required=True)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def name_once(self, _data: object, original: object, **_: object) -> None:
        """An id stands for one thing."""
        errors = {section: dict(_again(original, section)) for section in _WITH_IDS}
        if any(errors.values()):
            raise ValidationError({section: again for section, again in errors.items() if again})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Rulebook:
        """Return the rulebook."""
        by_id = {section: {entry.id: entry for entry in data[section]} for section in ("themes", "claims")}
        return Rulebook(**(data | by_id))


def _schema(document: object) -> Schema:
    """Return the schema of this very document: its rules may use the names that its head has."""
    themes, claims = (_names(document, section) for section in ("themes", "claims"))
    rule = rule_schema(themes, _strengths(document), claims)
    expect = Listed(Part(expectation_schema(claims)), attribute="expectations")
    return RulebookBase.from_dict({"rules": Listed(Part(rule), required=True), "expect": expect}, name="Rulebook")()


def _entries(document: object, section: str) -> Iterator[tuple[int, str]]:
    """Yield the ids that can be made out in a section, however wrong the rest of it is."""
    entries = document.get(section) if isinstance(document, dict) else None
    for at, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield at, entry["id"]


def _names(document: object, section: str) -> list[str]:
    return [name for _, name in _entries(document, section)]


def _strengths(document: object) -> list[str]:
    scale = document.get("scale") if isinstance(document, dict) else None
    strengths = scale.get("strengths") if isinstance(scale, dict) else None
    return list(strengths) if isinstance(strengths, dict) else []


def _again(document: object, section: str) -> Iterator[tuple[int, Any]]:
    seen: Counter[str] = Counter()
    for at, name in _entries(document, section):
        seen[name] += 1
        if seen[name] > 1:
            message = f"{quote(name)} is an id already; give every one of the {section} its own"
            yield at, {"id": [Fault("", "duplicate", message)]}
