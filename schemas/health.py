"""What the health probes say."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class LiveSchema(Schema):
    """The process answers."""

    status = fields.String(required=True, validate=validate.OneOf(("ok",)))


class TierSchema(Schema):
    """One cache tier: its state now, and what was seen of it since this process started."""

    state = fields.String(required=True, validate=validate.OneOf(("ok", "unavailable")))
    hits = fields.Integer(required=True)
    misses = fields.Integer(required=True)
    corrupt = fields.Integer(required=True)
    failures = fields.Integer()
    breaker = fields.String()


class ReadySchema(Schema):
    """Projects are answered; `degraded` where something that was asked for is missing, with the reason by component."""

    status = fields.String(required=True, validate=validate.OneOf(("ok", "degraded")))
    reasons = fields.Dict(fields.String(), fields.String(), required=True)
    cache = fields.Dict(fields.String(), fields.Nested(TierSchema), required=True)
    rulebook = fields.Dict(fields.String(), fields.String(), required=True)
