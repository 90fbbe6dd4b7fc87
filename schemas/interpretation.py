"""`POST /interpret`: a text, and what it says of the contract's fields."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from rules.vocabulary import FIELDS
from schemas.description import inferred_body
from schemas.faults import Fault, InputError, faults_in
from schemas.fields import Text
from schemas.text import Interpretation
from schemas.text.candidates import CONFIDENCES
from schemas.text.interpretation import LONGEST
from schemas.words import quote

Json = dict[str, Any]
REASONS = ("negated", "conditional", "future", "someone_else", "overridden", "ambiguous", "out_of_range")


class TextSchema(Schema):
    """A project in somebody's words."""

    class Meta:
        unknown = "raise"

    text = Text(LONGEST, required=True, metadata={"description": "The project in somebody's words"})


class SpanSchema(Schema):
    """A value and the words that it was read from; `start` and `end` count code points of the text."""

    field = fields.String(required=True)
    value = fields.Raw(required=True)
    words = fields.String(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)


class InferredSchema(SpanSchema):
    """What the text says, and how surely: high where words name the value, low where they only hint at it."""

    confidence = fields.String(required=True, validate=validate.OneOf(CONFIDENCES))


class SetAsideSchema(SpanSchema):
    """What words speak of but the text does not say of this project now, and why."""

    why = fields.String(required=True, validate=validate.OneOf(REASONS))


class MissingSchema(Schema):
    """A field that a recommendation needs and the text leaves open."""

    field = fields.String(required=True)
    question = fields.String(required=True)


class InterpretationSchema(Schema):
    """What a text says. `document` is a request for `/recommend`, once nothing is missing."""

    fields_ = fields.List(fields.Nested(InferredSchema), required=True, data_key="fields")
    set_aside = fields.List(fields.Nested(SetAsideSchema), required=True)
    document = fields.Dict(required=True)
    missing = fields.List(fields.Nested(MissingSchema), required=True)


def read_text(document: object) -> str:
    """Return the text of a request's document; raise InputError with what is wrong with it."""
    if not isinstance(document, dict):
        raise InputError([Fault("", "wrong_type", f'{quote(document)} is not an object: send {{"text": "…"}}')])
    messages = TextSchema().validate(document)
    faults = [_named(fault) for fault in faults_in(messages)]
    if faults:
        raise InputError(faults)
    return str(document["text"])


def interpretation_body(found: Interpretation) -> Json:
    """The interpretation as `InterpretationSchema` has it."""
    said = found.values()
    return {
        "fields": [inferred_body(one) for one in found.fields],
        "set_aside": [
            {"field": it.field, "value": it.value, "words": it.words, "start": it.start, "end": it.end, "why": it.why}
            for it in found.set_aside
        ],
        "document": found.document(),
        "missing": [
            {"field": field.name, "question": field.question}
            for field in FIELDS
            if field.required and field.name not in said
        ],
    }


def _named(fault: Fault) -> Fault:
    """marshmallow's word for a name that it does not know is no fault of ours yet."""
    if fault.message == "Unknown field.":
        return Fault(
            fault.field, "unknown_field", f"{quote(fault.field)} is not a field; send text", did_you_mean="text"
        )
    return fault
