"""Plans on the wire: a project whose schedule is whole, the formats to ask for, and the body of the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, cast
from unicodedata import normalize

from marshmallow import Schema, ValidationError, fields, validate

from rules.rows import plan_rows, plan_span
from rules.vocabulary import PHASES, ROLES
from schemas.contract import WIRE, ProjectSchema
from schemas.faults import Fault, InputError, faults_in
from schemas.fields import Choice
from schemas.project import Request, load_project, values_of
from schemas.recommendation import (
    CostSchema,
    HeadcountSchema,
    OverallSchema,
    RatioSchema,
    RulebookStampSchema,
    WarningSchema,
)
from schemas.words import quote

Json = dict[str, Any]

EXPORTS = ("csv", "float", "runn", "kantata", "smartsheet", "msproject")
FORMAT = Choice(
    ("json", *EXPORTS),
    exact=True,
    data_key="format",
    metadata={"description": "How the plan is laid out; json unless said"},
)

SEPARATORS = str.maketrans("[],;", "().:")  # of lists in Microsoft Project, and what its names have in their place
SCHEDULE = ("schedule.start", "schedule.weeks")
_SHARED = ("id", "name", "reference", "lean", "ratio", "overall", "confidence", "headcount", "cost")


def load_plan(document: object) -> Request:
    """Return the request that a JSON document makes, with a schedule; raise InputError with every fault of it."""
    try:
        request = load_project(document)
    except InputError as error:
        raise InputError([*error.faults, *(_undated(document) if isinstance(document, dict) else ())]) from None
    said = values_of(request.project)  # its words may have said how long it takes
    if missing := [_required(name) for name in SCHEDULE if name not in said]:
        raise InputError(missing)
    return request


def _undated(document: Json) -> list[Fault]:
    schedule = document.get("schedule")
    said = schedule if isinstance(schedule, dict) else {}
    return [_required(name) for name in SCHEDULE if said.get(name.partition(".")[2]) is None]


def load_format(query: Iterable[tuple[str, str]]) -> str:
    """Return the format that a query's pairs ask for; raise InputError for whatever else they say."""
    wanted, faults = "json", []
    for name, text in query:
        if name != "format":
            message = f"{quote(name)} is no parameter here; there is only format"
            faults.append(Fault(name, "unknown_field", message))
        else:
            try:
                wanted = str(FORMAT.deserialize(text))
            except ValidationError as error:
                faults += faults_in(error.messages, name)
    if faults:
        raise InputError(faults)
    return wanted


def plan_body(answer: Json) -> Json:
    """Return the plan that a recommendation with dated phases holds: its heads, and a row a phase and role."""
    return {
        **{name: answer[name] for name in _SHARED},
        "schedule": plan_span(answer),
        "rows": plan_rows(answer),
        "warnings": answer["warnings"],
        "rulebook": answer["rulebook"],
    }


def project_names(requests: Sequence[Request]) -> list[str]:
    """Name each project so that no tool takes two for one, whatever it makes alike.

    By name, else reference, else place. Equal names are followed by the reference, and by the place from 1 where
    that does not tell them apart.
    """
    names = [request.name or request.reference or f"Project {place}" for place, request in enumerate(requests, 1)]
    count = Counter(map(_alike, names))
    taken: set[str] = {name for name, times in count.items() if times == 1}
    for place, (request, name) in enumerate(zip(requests, names, strict=True)):
        if count[_alike(name)] > 1:
            names[place] = _untaken(name, request.reference if request.name else None, place + 1, taken)
    return names


def _untaken(name: str, reference: str | None, place: int, taken: set[str]) -> str:
    wanted = f"{name} ({reference})" if reference else name
    while _alike(wanted) in taken:
        wanted = f"{wanted} ({place})"
    taken.add(_alike(wanted))
    return wanted


def _alike(name: str) -> str:
    """What tools make of a name at most: no case, width or gaps, no guard against formulas, no separators of lists."""
    return " ".join(normalize("NFKC", name).casefold().removeprefix("'").translate(SEPARATORS).split())


def _required(name: str) -> Fault:
    return Fault(name, "required", f"{name} is required for a plan: {WIRE[name].metadata['description']}")


def _needed(name: str) -> fields.Field[Any]:
    field = copy(WIRE[name])
    field.required = True
    return field


PlanScheduleSchema = Schema.from_dict({name.partition(".")[2]: _needed(name) for name in SCHEDULE}, name="PlanSchedule")
PlanRequestSchema = cast(
    type[Schema],
    type("PlanRequestSchema", (ProjectSchema,), {"schedule": fields.Nested(PlanScheduleSchema, required=True)}),
)
"""The body of a request for a plan, for the documentation."""


class SpanSchema(Schema):
    """From the first to the last working day of the phases that are planned."""

    start = fields.Date(required=True)
    end = fields.Date(required=True)
    working_days = fields.Integer(required=True)


def _amount() -> fields.String:
    return fields.String(required=True, allow_none=True)


class RowSchema(Schema):
    """The people of one role in one phase of one project."""

    project = fields.String(required=True)
    phase = fields.String(required=True, validate=validate.OneOf(PHASES))
    role = fields.String(required=True, validate=validate.OneOf(ROLES))


class PlanRowSchema(RowSchema):
    """A row of a plan, in every unit that a planning tool may ask for."""

    fte = fields.Float(required=True)
    allocation_pct = fields.Float(required=True)
    hours_per_day = fields.Float(required=True)
    minutes_per_day = fields.Float(required=True)
    total_hours = fields.Float(required=True)
    start_date = fields.Date(required=True)
    end_date = fields.Date(required=True)
    rate = _amount()
    currency = fields.String(required=True, allow_none=True)
    cost = _amount()
    status = fields.String(required=True, validate=validate.OneOf(("existing", "partly_existing", "unfilled")))
    notes = fields.String(required=True)


class PlanSchema(Schema):
    """Who works when: the recommendation's heads, and a row a phase and role from the project's phase on."""

    id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    reference = fields.String(required=True, allow_none=True)
    lean = fields.String(required=True)
    ratio = fields.Nested(RatioSchema, required=True)
    overall = fields.Nested(OverallSchema, required=True)
    confidence = fields.Float(required=True)
    headcount = fields.Nested(HeadcountSchema, required=True)
    cost = fields.Nested(CostSchema, required=True, allow_none=True)
    schedule = fields.Nested(SpanSchema, required=True)
    rows = fields.List(fields.Nested(PlanRowSchema), required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)
    rulebook = fields.Nested(RulebookStampSchema, required=True)
