"""Portfolios as they are answered: who goes where, what is short and why."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from marshmallow import Schema, fields, validate

from rules.portfolio import NOTE, Assigned, assignments, shortfalls
from rules.vocabulary import ROLES
from schemas.plan import PlanRequestSchema, RowSchema
from schemas.portfolio import HAVE, HIRE, MOST_PROJECTS, PRIORITY
from schemas.recommendation import PeopleSchema, WarningSchema

Json = dict[str, Any]


def portfolio_body(solution: Assigned, answers: Sequence[Json], *, optimal: bool) -> Json:
    """Return who goes where, what is short and why; first of all the requirements that the pool cannot meet."""
    rows = assignments(solution)
    unmet = [row for row in rows if row["assigned"] < row["required"]]
    return {
        "status": "optimal" if optimal else "time_limit",
        "feasible": not unmet,
        "unmet_requirements": unmet,
        "people": dict(solution.pool.people),
        "hired": dict(solution.hired),
        "shortfalls": shortfalls(solution),
        "assignments": rows,
        "projects": [
            {
                "project": member.name,
                "priority": member.priority,
                "id": answer["id"],
                "lean": answer["lean"],
                "ratio": answer["ratio"]["text"],
                "total": answer["headcount"]["total"],
                "warnings": answer["warnings"],
            }
            for member, answer in zip(solution.members, answers, strict=True)
        ],
        "note": NOTE,
    }


class AssignmentSchema(RowSchema):
    """Who goes to a row of a plan, in FTE."""

    start = fields.Date(required=True)
    end = fields.Date(required=True)
    recommended = fields.Float(required=True)
    required = fields.Float(required=True, metadata={"description": "So many of them are a rule's minimum"})
    assigned = fields.Float(required=True)
    short = fields.Float(required=True)
    reason = fields.String(required=True, allow_none=True)


class ShortfallSchema(Schema):
    """What is missing of one role in one month."""

    month = fields.String(required=True, metadata={"example": "2027-03"})
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    person_days = fields.Float(required=True)
    most_fte = fields.Float(required=True, metadata={"description": "On the worst day"})


class PlacedSchema(Schema):
    """A project of the portfolio, and what was recommended for it."""

    project = fields.String(required=True)
    priority = fields.Integer(required=True)
    id = fields.String(required=True)
    lean = fields.String(required=True)
    ratio = fields.String(required=True)
    total = fields.Float(required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


class PortfolioSchema(Schema):
    """Who goes where. `time_limit` says that the search ended before it was proved that there is nothing better."""

    status = fields.String(required=True, validate=validate.OneOf(("optimal", "time_limit")))
    feasible = fields.Boolean(required=True, metadata={"description": "Whether every requirement is met"})
    unmet_requirements = fields.List(fields.Nested(AssignmentSchema), required=True)
    people = fields.Nested(PeopleSchema, required=True)
    hired = fields.Nested(PeopleSchema, required=True)
    shortfalls = fields.List(fields.Nested(ShortfallSchema), required=True)
    assignments = fields.List(fields.Nested(AssignmentSchema), required=True)
    projects = fields.List(fields.Nested(PlacedSchema), required=True)
    note = fields.String(required=True)


class MemberSchema(Schema):
    """A project with a whole schedule, and how much it matters; `team.existing` plays no part, the pool does."""

    priority = copy(PRIORITY)
    project = fields.Nested(PlanRequestSchema, required=True)


class PortfolioRequestSchema(Schema):
    """Projects that share a pool of people. A role that is not named has none."""

    people = fields.Nested(Schema.from_dict({role: copy(HAVE) for role in ROLES}, name="Pool"), required=True)
    hire = fields.Nested(Schema.from_dict({role: copy(HIRE) for role in ROLES}, name="Hires"), allow_none=True)
    projects = fields.List(
        fields.Nested(MemberSchema), required=True, metadata={"minItems": 1, "maxItems": MOST_PROJECTS}
    )
