"""A certificate on the wire: what `rules.proof` says of a rulebook, for every input."""

from __future__ import annotations

from typing import Any, cast

from marshmallow import Schema, ValidationError, fields, validate

from schemas.faults import InputError, faults_in


def _cells() -> fields.String:
    said = {"description": "A number of cells; text, for it may be more than a double holds", "example": "9405849600"}
    return fields.String(required=True, validate=validate.Regexp(r"\d+\Z"), metadata=said)


class ShareSchema(Schema):
    """A number of cells, and its share of all in percent."""

    cells = _cells()
    pct = fields.Float(required=True)


class RatioShareSchema(ShareSchema):
    """The cells of one net within the bound."""

    net = fields.Integer(required=True)
    ratio = fields.String(required=True)


class AnsweredSchema(Schema):
    """The cells in which so many questions are answered, and their mean raw net."""

    answered = fields.Integer(required=True)
    cells = _cells()
    mean_raw = fields.Float(required=True)


class DistributionSchema(Schema):
    """How net spreads over all cells."""

    raw = fields.Dict(fields.String(validate=validate.Regexp(r"[+-]\d+\Z")), _cells(), required=True)
    ratio = fields.List(fields.Nested(RatioShareSchema), required=True)
    lean = fields.Dict(fields.String(), fields.Nested(ShareSchema), required=True)
    capped = fields.Nested(ShareSchema, required=True)
    mean_raw = fields.Float(required=True)
    by_answered = fields.List(fields.Nested(AnsweredSchema), required=True)


class RescoredSchema(Schema):
    """What the rulebook says of one project."""

    points = fields.Dict(fields.String(), fields.Integer(), required=True)
    raw = fields.Integer(required=True)
    net = fields.Integer(required=True)
    ratio = fields.String(required=True)
    lean = fields.String(required=True)
    required = fields.Dict(fields.String(), fields.Float(), required=True)


class WitnessSchema(RescoredSchema):
    """A project that shows it, in the form that POST /recommend takes; `without` is its score without the rule."""

    project = fields.Dict(required=True)
    without = fields.Nested(RescoredSchema)


class VerdictSchema(Schema):
    """One statement, whether it holds for every input, and witnesses."""

    kind = fields.String(required=True)
    subject = fields.String(required=True)
    holds = fields.Boolean(required=True)
    says = fields.String(required=True)
    line = fields.Integer()
    figures = fields.Dict(required=True)
    witnesses = fields.List(fields.Nested(WitnessSchema), required=True)


class StampSchema(Schema):
    """Which rulebook it is about."""

    name = fields.String(required=True)
    version = fields.String(required=True)
    digest = fields.String(required=True)


class CertificateSchema(Schema):
    """The proof of a rulebook."""

    format = fields.String(required=True)
    rulebook = fields.Nested(StampSchema, required=True)
    holds = fields.Boolean(required=True)
    note = fields.String(required=True)
    cells = _cells()
    fields_ = fields.Dict(fields.String(), fields.Integer(), required=True, data_key="fields")
    distribution = fields.Nested(DistributionSchema, required=True)
    verdicts = fields.List(fields.Nested(VerdictSchema), required=True)


_SCHEMA = CertificateSchema()


def read_certificate(document: object) -> dict[str, Any]:
    """Return a certificate whose shape is right; raise InputError with every fault of it."""
    try:
        _SCHEMA.load(cast(Any, document))
    except ValidationError as error:
        raise InputError(faults_in(error.messages)) from None
    return cast(dict[str, Any], document)
