"""The sections of a rulebook, each a schema that makes its part of `rules.model`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, post_load, validates_schema

from rules.model import ALWAYS, Basis, Claim, Scale, Sizing, Theme
from rules.vocabulary import PHASES, ROLES
from schemas.conditions import When
from schemas.faults import Fault, refusal
from schemas.fields import Choice, Listed, Mapped, Number, Part, Several, Text
from schemas.words import listed, nearest, quote

WIDEST = 3  # doublings: 8:1 is the widest ratio that `ratio.text` has room for
MOST_FTE = 1000
SHARED = "both"
_TOO_EARLY = Fault("", "unreachable", "a row without `when` always holds, so the rows after it never would")
_NOT_LAST = Fault("", "incomplete", "the last row must always hold: leave out its `when`")


class Section(Schema):
    """A mapping with a fixed set of names."""

    class Meta:
        unknown = EXCLUDE  # refused below instead, with the nearest known name

    error_messages = {"type": "a mapping of names to values belongs here"}  # noqa: RUF012 (marshmallow's own)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_unknown(self, _data: object, original: object, **_: object) -> None:
        """Refuse a name that the section lacks."""
        names = original if isinstance(original, dict) else {}
        unknown = {name: [_unknown(name, self.fields)] for name in names if name not in self.fields}
        if unknown:
            raise ValidationError(unknown)


def _unknown(name: str, known: Iterable[str]) -> Fault:
    meant = nearest(name, known)
    way_out = f"; did you mean '{meant}'?" if meant else f": here stand {', '.join(known)}"
    return Fault("", "unknown_field", f"{quote(name)} has no meaning here{way_out}", did_you_mean=meant)


def required_text(longest: int = 2000) -> Text:
    """Return the field of a text that must be there."""
    return Text(longest, shortest=1, required=True)


def identifier(pattern: str, form: str, **kwargs: Any) -> Text:
    """Return the field of a name that others refer to."""
    return Text(80, shortest=1, pattern=pattern, form=form, **kwargs)


def role_field(*more: str, **kwargs: Any) -> Choice:
    """Return the field of a role, or of what else may stand for one."""
    return Choice((*ROLES, *more), exact=True, noun="role", **kwargs)


class Fte(Number):
    """People in full-time equivalents, by the quarter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(0.25, MOST_FTE, unit="FTE", **kwargs)

    def read(self, value: object) -> float:
        """Return the number of people."""
        people = super().read(value)
        if people % 0.25:
            raise refusal("not_a_multiple", f"{people} is not a whole number of quarters of a person")
        return people


class BasisSchema(Section):
    """Where a magnitude comes from."""

    kind = Choice(("article", "published", "judgement"), exact=True, noun="basis", required=True)
    source = Text(500, shortest=1)

    @validates_schema
    def name_the_source(self, data: Mapping[str, Any], **_: object) -> None:
        """A published magnitude names its publication, and no other does."""
        if (data["kind"] == "published") != ("source" in data):
            message = "a published basis names its source, as {kind: published, source: …}; no other basis has one"
            raise ValidationError({"source": [Fault("", "required", message)]})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Basis:
        """Return the basis."""
        return Basis(**data)


class BasisField(Part):
    """A basis, or only its kind."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(BasisSchema, **kwargs)

    def read(self, value: object) -> object:
        """Return the basis."""
        return super().read({"kind": value} if isinstance(value, str) else value)


class ClaimSchema(Section):
    """A claim of the source."""

    id = identifier("[A-Za-z][A-Za-z0-9_-]*", "a letter, then letters and digits, such as A12", required=True)
    section = required_text(200)
    paragraph = Number(1, 1000, decimals=0, required=True)
    role = role_field(SHARED, required=True)
    says = required_text()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Claim:
        """Return the claim."""
        return Claim(**data)


class Phases(Several):
    """A list of phases, or the word `all`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Choice(PHASES, exact=True, noun="phase"), **kwargs)

    def read(self, value: object) -> tuple[Any, ...]:
        """Return the phases."""
        return PHASES if value == "all" else super().read(value)


class ThemeSchema(Section):
    """A family of rules."""

    id = identifier("[a-z][a-z0-9_-]*", "a lower-case word, such as operations", required=True)
    title = required_text(200)
    phases = Phases(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Theme:
        """Return the theme."""
        return Theme(**data)


class ScaleSchema(Section):
    """How points become odds."""

    points_to_double = Number(1, 24, decimals=0, required=True)
    strengths = Mapped(
        identifier("[a-z][a-z_]*", "a lower-case word, such as slight", data_key="strength"),
        Number(1, 100, decimals=0, data_key="a strength"),
        required=True,
    )
    bound = Number(1, 24 * WIDEST, decimals=0, required=True)
    balanced = Number(0, 24 * WIDEST, decimals=0, required=True)
    basis = Mapped(
        Choice(("points_to_double", "strengths", "bound", "balanced", "phase_effort"), exact=True, noun="magnitude"),
        BasisField(data_key="basis"),
    )

    @validates_schema
    def make_sense(self, data: Mapping[str, Any], **_: object) -> None:
        """The words are ordered from weak to strong, and the ratio stays within what can be written down."""
        errors: dict[str, list[Fault]] = {}
        points = list(data["strengths"].values())
        if any(weak >= strong for weak, strong in pairwise(points)):
            errors["strengths"] = [Fault("", "out_of_order", f"{points} do not rise: list them from weak to strong")]
        if data["balanced"] >= data["bound"]:
            errors["balanced"] = [Fault("", "out_of_range", f"balanced must be under the bound, {data['bound']}")]
        if data["bound"] > WIDEST * data["points_to_double"]:
            most = WIDEST * data["points_to_double"]
            message = f"{data['bound']} points make more than 8:1, the widest ratio; the bound is {most} at most"
            errors["bound"] = [Fault("", "out_of_range", message)]
        if errors:
            raise ValidationError(errors)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Scale:
        """Return the scale."""
        return Scale(**data)


class Effort(Mapped):
    """The share of every phase in a project's effort, in whole percent."""

    def __init__(self, **kwargs: Any) -> None:
        share = Number(0, 100, unit="%", decimals=0, data_key="a phase's effort")
        super().__init__(Choice(PHASES, exact=True, noun="phase"), share, **kwargs)

    def read(self, value: object) -> dict[Any, Any]:
        """Return the shares."""
        shares = super().read(value)
        if missing := [phase for phase in PHASES if phase not in shares]:
            raise refusal("required", f"the effort of {listed(missing)} is missing; all six phases have a share")
        if (total := sum(shares.values())) != 100:
            raise refusal("out_of_range", f"the phases' effort adds up to {total} %; it must be 100 %")
        return shares


class SizingSchema(Section):
    """One row of suggested sizes."""

    when = When()
    size = Fte(required=True)
    because = required_text()
    basis = BasisField()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Sizing:
        """Return the row."""
        return Sizing(**data)


class Sizings(Listed):
    """Rows of suggested sizes: the first that holds is used, so the last, and only the last, always holds."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Part(SizingSchema), **kwargs)

    def read(self, value: object) -> tuple[Any, ...]:
        """Return the rows."""
        rows = super().read(value)
        *before, last = (row.when == ALWAYS for row in rows)
        errors = {at: {"when": [_TOO_EARLY]} for at, always in enumerate(before) if always}
        errors |= {} if last else {len(before): {"when": [_NOT_LAST]}}
        if errors:
            raise ValidationError(errors)
        return rows
