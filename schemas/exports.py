"""The JSON files for planning tools, for the documentation; ids in them are names until the tool gives its own."""

from __future__ import annotations

from marshmallow import Schema, fields


class FloatMemberSchema(Schema):
    """A placeholder in a project's team."""

    project_id = fields.String(required=True)
    people_id = fields.String(required=True)
    role_id = fields.String(required=True)
    people_type_id = fields.Integer(required=True)


class FloatTaskSchema(Schema):
    """A placeholder's hours a day in one phase."""

    people_id = fields.String(required=True)
    project_id = fields.String(required=True)
    start_date = fields.Date(required=True)
    end_date = fields.Date(required=True)
    hours = fields.Float(required=True)
    name = fields.String(required=True)


class FloatFileSchema(Schema):
    """What Float takes in."""

    project_team = fields.List(fields.Nested(FloatMemberSchema), required=True)
    tasks = fields.List(fields.Nested(FloatTaskSchema), required=True)


class RunnAssignmentSchema(Schema):
    """A role's minutes a day in one phase; no person fills it yet."""

    personId = fields.String(required=True, allow_none=True)  # noqa: N815 (Runn's own spelling)
    projectId = fields.String(required=True)  # noqa: N815
    roleId = fields.String(required=True)  # noqa: N815
    startDate = fields.Date(required=True)  # noqa: N815
    endDate = fields.Date(required=True)  # noqa: N815
    minutesPerDay = fields.Integer(required=True)  # noqa: N815
    isBillable = fields.Boolean(required=True)  # noqa: N815
    note = fields.String(required=True)


class RunnFileSchema(Schema):
    """What Runn takes in."""

    assignments = fields.List(fields.Nested(RunnAssignmentSchema), required=True)


class KantataResourceSchema(Schema):
    """An unnamed resource."""

    role_id = fields.String(required=True)
    label = fields.String(required=True)


class KantataAllocationSchema(Schema):
    """A resource's minutes in one phase, altogether."""

    resource_id = fields.String(required=True)
    start_date = fields.Date(required=True)
    end_date = fields.Date(required=True)
    minutes = fields.Integer(required=True)


class KantataFileSchema(Schema):
    """What Kantata takes in."""

    workspace_resources = fields.List(fields.Nested(KantataResourceSchema), required=True)
    workspace_allocations = fields.List(fields.Nested(KantataAllocationSchema), required=True)


FILES = (FloatFileSchema, RunnFileSchema, KantataFileSchema)
