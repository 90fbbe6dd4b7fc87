"""A rule as a rulebook writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, post_load, validates_schema

from rules.model import Consideration, ProfileEntry, Rule
from schemas.conditions import When
from schemas.faults import Fault
from schemas.fields import Choice, Day, Mapped, Part, Several, Text
from schemas.sections import SHARED, BasisField, Fte, Section, identifier, required_text, role_field

KINDS = ("skills", "education", "responsibilities")
SIDES = ("raises", "lowers")
EFFECTS = (*SIDES, "requires", "profiles", "considers", "warns")


class ConsiderationSchema(Section):
    """Something that the plan must not forget."""

    owner = role_field(SHARED, required=True)
    note = required_text()
    as_of = Day()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Consideration:
        """Return the consideration."""
        day = data.get("as_of")
        return Consideration(data["owner"], data["note"], day and day.isoformat())


class RuleBase(Section):
    """What all rules share, whatever themes, strengths and claims their rulebook has."""

    id = identifier("[a-z0-9]+(-[a-z0-9]+)*", "it in kebab-case, such as real-time-serving", required=True)
    title = required_text(200)
    because = required_text()
    when = When()
    requires = Mapped(role_field(), Fte(data_key="requires"))
    profiles = Mapped(
        role_field(),
        Mapped(
            Choice(KINDS, exact=True, noun="kind of profile"),
            Several(Text(500, shortest=1, data_key="a profile"), data_key="a profile"),
            data_key="profiles",
        ),
    )
    considers = Several(Part(ConsiderationSchema))
    warns = Text(2000, shortest=1)
    basis = BasisField()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def make_sense(self, data: Mapping[str, Any], original: object, **_: object) -> None:
        """A rule does something, has a theme where it has points, and pulls no role both ways."""
        if errors := dict(_nonsense(data, original if isinstance(original, dict) else {})):
            raise ValidationError(errors)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Rule:
        """Return the rule."""
        profiles = data.pop("profiles", {})
        entries = (
            ProfileEntry(role, kind, text)
            for role, kinds in profiles.items()
            for kind, texts in kinds.items()
            for text in texts
        )
        return Rule(**data, profiles=tuple(entries))


def _nonsense(read: Mapping[str, Any], written: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    scores = any(side in written for side in SIDES)
    if not any(effect in written for effect in EFFECTS):
        yield "_schema", [Fault("", "no_effect", f"the rule does nothing: give it one of {', '.join(EFFECTS)}")]
    if scores and "theme" not in written:
        yield "theme", [Fault("", "required", "theme is required of a rule that raises or lowers")]
    if not scores and "theme" in written:
        yield "theme", [Fault("", "not_wanted", "a rule that neither raises nor lowers has no theme; leave it out")]
    if both := read.get("raises", {}).keys() & read.get("lowers", {}).keys():
        again = [Fault("", "contradiction", "the rule raises this role too; let it do one of the two")]
        yield "lowers", dict.fromkeys(both, again)


def rule_schema(themes: Iterable[str], strengths: Iterable[str], claims: Iterable[str]) -> type[Schema]:
    """Return the schema of the rules of a rulebook that has these themes, strengths and claims."""
    strength = Choice(strengths, exact=True, noun="strength")
    return RuleBase.from_dict(
        {
            "theme": Choice(themes, exact=True),
            "raises": Mapped(role_field(), strength),
            "lowers": Mapped(role_field(), strength),
            "claims": Several(Choice(claims, exact=True, noun="claim"), required=True),
        },
        name="Rule",
    )
