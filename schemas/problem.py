"""The body of every error: RFC 9457, with all faults of the input at once."""

from __future__ import annotations

from marshmallow import Schema, fields


class FaultSchema(Schema):
    """One thing that is wrong with the input."""

    field = fields.String(
        required=True,
        metadata={"description": "Dotted path; empty for the whole input", "example": "deployment.pattern"},
    )
    code = fields.String(required=True, metadata={"description": "Stable, in snake_case", "example": "invalid_choice"})
    message = fields.String(
        required=True, metadata={"example": "'realtim' is not a pattern; did you mean 'real_time'?"}
    )
    allowed = fields.List(
        fields.Raw(), metadata={"description": "What may be chosen", "example": ["batch", "real_time"]}
    )
    did_you_mean = fields.String(metadata={"example": "real_time"})


class ProblemSchema(Schema):
    """An error as `application/problem+json`."""

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True, metadata={"example": "Unprocessable Content"})
    status = fields.Integer(required=True, metadata={"minimum": 400, "maximum": 599, "example": 422})
    detail = fields.String(required=True)
    instance = fields.String(metadata={"format": "uri-reference", "description": "The address that was asked"})
    request_id = fields.String(metadata={"description": "The request's id, as the logs have it"})
    errors = fields.List(fields.Nested(FaultSchema), metadata={"description": "Every fault of the input"})
