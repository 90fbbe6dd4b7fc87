"""The part of the OpenAPI document that is about batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields

from schemas.batch_answer import COLUMNS
from schemas.batch_plans import LAYOUTS, MOST_PLANS
from schemas.contract import ProjectSchema
from schemas.exports import FILES
from schemas.interpretation import InferredSchema
from schemas.problem import FaultSchema
from schemas.recommendation import PeopleSchema, RatioSchema

Json = dict[str, Any]

_WANTED = "Answer in another format, or as a file for a planning tool"
EXAMPLE_CSV = (
    "name,industry,phase,deployment.pattern,team.size\r\n"
    "Card fraud,finance,modeling,real_time,8\r\n"
    "Churn,telecom,data preparation,batch,3\r\n"
)


class BatchHeadcountSchema(PeopleSchema):
    """People at the ratio, and the gap to those who are there."""

    total = fields.Float(required=True)
    basis = fields.String(required=True)
    hire = fields.Nested(PeopleSchema, required=True, allow_none=True)
    surplus = fields.Nested(PeopleSchema, required=True, allow_none=True)


class BatchScoreSchema(Schema):
    """Net points, held within the bound and before."""

    net = fields.Integer(required=True)
    raw = fields.Integer(required=True)


class BatchItemSchema(Schema):
    """An item's answer, in short, or its `errors`: parts of a single answer, under the same names."""

    item = fields.Integer(metadata={"description": "The place in the array that was sent, from 1"})
    line = fields.Integer(allow_none=True, metadata={"description": "The line, from 1, where lines were sent"})
    name = fields.String(allow_none=True)
    reference = fields.String(allow_none=True)
    lean = fields.String()
    ratio = fields.Nested(RatioSchema)
    confidence = fields.Float()
    both_required = fields.Boolean()
    headcount = fields.Nested(BatchHeadcountSchema)
    score = fields.Nested(BatchScoreSchema)
    warnings = fields.List(fields.String(), metadata={"description": "Codes"})
    inferred = fields.List(fields.Nested(InferredSchema))
    errors = fields.List(fields.Nested(FaultSchema))
    cut = fields.Boolean(metadata={"description": "True in the last line of a batch that broke off, never otherwise"})


def batch_paths(refs: Callable[..., Json]) -> dict[str, Json]:
    """The path; `refs` describes the problems of statuses."""
    wanted = {"type": "string", "enum": ["csv", "ndjson", "json", *LAYOUTS]}
    return {
        "/recommend/batch": {
            "post": {
                "operationId": "recommendBatch",
                "tags": ["recommendation"],
                "summary": "Recommend for many projects at once, in order",
                "description": "Send a JSON array, one JSON object a line, or CSV with dotted column names. Each item "
                "is answered in its own place, or told its faults there. CSV and lines stream both ways, without a "
                "limit of size; read while you send, or after it: what is not read yet waits on the disk. A batch that "
                "cannot be read on ends with an error, and the connection breaks off before the end of the body: what "
                "came until then is not the whole. A planning "
                f"tool's format plans up to {MOST_PLANS:,} projects, each with a schedule, in one file, project after "
                "project; if any item has a fault there is no file, and the problem tells every fault, its field begun "
                "by the item's place: `line.7.phase`, `item.3.phase`. Each project has a name of its own there: its "
                "name, reference or place, and those that are equal are told apart.",
                "parameters": [{"in": "query", "name": "format", "schema": wanted, "description": _WANTED}],
                "requestBody": {"required": True, "content": _bodies()},
                "responses": {"200": _answer(), **refs(400, 413, 415, 422, 500)},
            }
        }
    }


def _bodies() -> Json:
    items = {"anyOf": [ProjectSchema, {}], "description": "A project; what is none is answered with its faults"}
    return {
        "application/json": {"schema": {"type": "array", "items": items}},
        "application/x-ndjson": {"schema": {"description": "One project a line, each JSON"}},  # any text is lines
        "text/csv": {
            "schema": {"type": "string", "description": "A header and a row a project"},
            "example": EXAMPLE_CSV,
        },
    }


def _answer() -> Json:
    columns = f"Columns: `line` or `item`, {', '.join(f'`{name}`' for name in COLUMNS)}; or those of the planning tool"
    return {
        "description": "The answers, in order, or the plans",
        "content": {
            "application/json": {"schema": {"anyOf": [{"type": "array", "items": BatchItemSchema}, *FILES]}},
            "application/x-ndjson": {"schema": {"type": "string", "description": "One item a line"}},
            "text/csv": {"schema": {"type": "string", "description": columns}},
        },
    }
