"""A rulebook as the API shows it: what the YAML says, with every claim spelled out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from rules.model import All, Basis, Claim, Condition, Is, Not, Rule, Rulebook, Within
from rules.model import Any as AnyOf

Json = dict[str, Any]


class ClaimSchema(Schema):
    """One claim of the source, and where it stands there."""

    id = fields.String(required=True, metadata={"example": "A18"})
    section = fields.String(required=True)
    paragraph = fields.Integer(required=True)


class SaidClaimSchema(ClaimSchema):
    """A claim in our words."""

    role = fields.String(required=True)
    says = fields.String(required=True)


class NoteSchema(Schema):
    """Work or a caution, and the role that owns it."""

    owner = fields.String(required=True)
    note = fields.String(required=True)
    as_of = fields.String(required=True, allow_none=True)


class RuleSchema(Schema):
    """One rule: when it holds, what it does, why, and the claims that it carries."""

    id = fields.String(required=True, metadata={"example": "real-time-serving"})
    title = fields.String(required=True)
    theme = fields.String(required=True, allow_none=True)
    when = fields.Dict(required=True, metadata={"description": "A condition as the YAML has it; {} always holds"})
    raises = fields.Dict(fields.String(), fields.String(), required=True)
    lowers = fields.Dict(fields.String(), fields.String(), required=True)
    requires = fields.Dict(fields.String(), fields.Float(), required=True)
    profiles = fields.Dict(required=True)
    considers = fields.List(fields.Nested(NoteSchema), required=True)
    warns = fields.String(required=True, allow_none=True)
    because = fields.String(required=True)
    claims = fields.List(fields.Nested(SaidClaimSchema), required=True)
    basis = fields.String(required=True)
    source = fields.String(required=True, allow_none=True)


class RulebookSchema(Schema):
    """A whole rulebook."""

    name = fields.String(required=True)
    version = fields.String(required=True)
    digest = fields.String(required=True)
    title = fields.String(required=True)
    source = fields.String(required=True)
    scale = fields.Dict(required=True)
    phase_effort = fields.Dict(fields.String(), fields.Integer(), required=True)
    sizing = fields.List(fields.Dict(), required=True)
    themes = fields.List(fields.Dict(), required=True)
    claims = fields.List(fields.Nested(SaidClaimSchema), required=True)
    rules = fields.List(fields.Nested(RuleSchema), required=True)


def rulebook_body(book: Rulebook) -> Json:
    """The rulebook as `RulebookSchema` has it."""
    scale = book.scale
    return {
        "name": book.name,
        "version": book.version,
        "digest": book.digest,
        "title": book.title,
        "source": book.source,
        "scale": {
            "points_to_double": scale.points_to_double,
            "strengths": dict(scale.strengths),
            "bound": scale.bound,
            "balanced": scale.balanced,
            "basis": {key: _basis(basis) for key, basis in scale.basis.items()},
        },
        "phase_effort": dict(book.phase_effort),
        "sizing": [
            {"when": condition_body(row.when), "size": row.size, "because": row.because, **_basis(row.basis)}
            for row in book.sizing
        ],
        "themes": [{"id": it.id, "title": it.title, "phases": list(it.phases)} for it in book.themes.values()],
        "claims": [_claim(claim) for claim in book.claims.values()],
        "rules": [rule_body(rule, book) for rule in book.rules],
    }


def rule_body(rule: Rule, book: Rulebook) -> Json:
    """The rule as `RuleSchema` has it."""
    profiles: Json = {}
    for entry in rule.profiles:
        profiles.setdefault(entry.role, {}).setdefault(entry.kind, []).append(entry.text)
    return {
        "id": rule.id,
        "title": rule.title,
        "theme": rule.theme,
        "when": condition_body(rule.when),
        "raises": dict(rule.raises),
        "lowers": dict(rule.lowers),
        "requires": dict(rule.requires),
        "profiles": profiles,
        "considers": [{"owner": item.owner, "note": item.text, "as_of": item.as_of} for item in rule.considers],
        "warns": rule.warns,
        "because": rule.because,
        "claims": [_claim(book.claims[name]) for name in rule.claims],
        **_basis(rule.basis),
    }


def condition_body(condition: Condition) -> Json:
    """The condition as the YAML spells it."""
    match condition:
        case Is(field, values):
            return {field: list(values)}
        case Within(field, minimum, maximum):
            edges = {"min": minimum, "max": maximum}
            return {field: {edge: value for edge, value in edges.items() if value is not None}}
        case Not(part):
            return {"not": condition_body(part)}
        case AnyOf(parts):
            return {"any": [condition_body(part) for part in parts]}
        case All(parts):
            bodies = [condition_body(part) for part in parts]
            joined = {key: value for body in bodies for key, value in body.items()}
            return joined if len(joined) == len(bodies) else {"all": bodies}


def _claim(claim: Claim) -> Json:
    where = {"id": claim.id, "section": claim.section, "paragraph": claim.paragraph}
    return where | {"role": claim.role, "says": claim.says}


def _basis(basis: Basis) -> Json:
    return {"basis": basis.kind, "source": basis.source}
