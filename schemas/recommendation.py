"""The answer to `/recommend`, as documented; the engine builds it in these names and this order."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from rules.vocabulary import PHASES, ROLES
from schemas.interpretation import InferredSchema
from schemas.rulebook_body import ClaimSchema

_LEANS = ("data_scientist", "balanced", "ml_engineer")


def _said(text: str, **more: object) -> dict[str, object]:
    return {"description": text, **more}


def _lean() -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(_LEANS))


def _ratio_text() -> fields.String:
    return fields.String(
        required=True, metadata=_said("Data scientists to ML engineers, nearest fraction", example="3:5")
    )


def _money() -> fields.String:
    return fields.String(required=True, metadata={"pattern": r"^\d+(\.\d+)?$", "example": "1250.00"})


class PeopleSchema(Schema):
    """FTE by role."""

    data_scientist = fields.Float(required=True)
    ml_engineer = fields.Float(required=True)


class RatioSchema(Schema):
    """Data scientists to ML engineers, with the central 80 % of what it might be were judgement off by a step."""

    text = _ratio_text()
    value = fields.Float(required=True, metadata=_said("2 ** (net / points_to_double), three decimals"))
    low = fields.Float(required=True)
    high = fields.Float(required=True)


class OverallSchema(Schema):
    """The whole project: raw net of the phases, weighted by their effort."""

    text = _ratio_text()
    value = fields.Float(required=True)
    net = fields.Integer(required=True)
    lean = _lean()


class MoneyByRoleSchema(Schema):
    """Amounts in the budget's currency, as text, so that no decimal is lost."""

    data_scientist = _money()
    ml_engineer = _money()


class CostSchema(MoneyByRoleSchema):
    """What the people cost where their yearly costs are given; `note` says what a year is and how sums are rounded."""

    currency = fields.String(required=True, allow_none=True)
    total = _money()
    weeks = fields.Integer(required=True, metadata=_said("The schedule's, or a year's"))
    basis = fields.String(
        required=True,
        validate=validate.OneOf(("phases", "headcount")),
        metadata=_said("Whether it is the sum of the dated phases, or of the headcount all along"),
    )
    hourly_rate = fields.Nested(MoneyByRoleSchema, required=True)
    note = fields.String(required=True)


class SharedSkillSchema(Schema):
    """A skill that the source claims of both roles."""

    skill = fields.String(required=True)
    claims = fields.List(fields.Nested(ClaimSchema), required=True)


class ProfileItemsSchema(Schema):
    """What one rule says to look for."""

    rule = fields.String(required=True)
    items_ = fields.List(fields.String(), required=True, data_key="items")
    claims = fields.List(fields.Nested(ClaimSchema), required=True)


class BridgeSchema(Schema):
    """How far people over in one role can help the other, which is short; they are not counted as that role."""

    from_ = fields.String(required=True, validate=validate.OneOf(ROLES), data_key="from")
    to = fields.String(required=True, validate=validate.OneOf(ROLES))
    fte = fields.Float(required=True)
    covers = fields.List(fields.Nested(SharedSkillSchema), required=True)
    core_skills = fields.List(
        fields.Nested(ProfileItemsSchema), required=True, metadata=_said("The skills of the role that is short")
    )
    note = fields.String(required=True)


class HeadcountSchema(PeopleSchema):
    """People at the ratio, in steps of the increment, minimums first."""

    total = fields.Float(required=True)
    increment = fields.Float(required=True)
    basis = fields.String(required=True, validate=validate.OneOf(("team.size", "budget.amount", "rulebook.sizing")))
    suggested = fields.Boolean(required=True)
    because = fields.String(required=True, allow_none=True)
    hire = fields.Nested(PeopleSchema, required=True, allow_none=True)
    surplus = fields.Nested(PeopleSchema, required=True, allow_none=True)
    bridge = fields.Nested(BridgeSchema, required=True, allow_none=True)


class FactorSchema(Schema):
    """Points that one rule gives to or takes from one role, and the input that fired it."""

    rule = fields.String(required=True)
    theme = fields.String(required=True)
    title = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    strength = fields.String(required=True)
    points = fields.Integer(required=True, metadata=_said("Signed; one less than the strength outside its season"))
    counted = fields.Boolean(required=True, metadata=_said("Whether the points are in the sum"))
    matched = fields.Dict(required=True)
    because = fields.String(required=True)
    claims = fields.List(fields.Nested(ClaimSchema), required=True)
    basis = fields.String(required=True, validate=validate.OneOf(("article", "published", "judgement")))
    source = fields.String(metadata=_said("Only where the basis is published"))


class ScoreSchema(Schema):
    """The sum: anyone can re-do it from `factors`."""

    data_scientist = fields.Integer(required=True)
    ml_engineer = fields.Integer(required=True)
    net = fields.Integer(required=True, metadata=_said("Data scientist minus ML engineer, held within the bound"))
    raw = fields.Integer(required=True, metadata=_said("The same before the bound"))
    points_to_double = fields.Integer(required=True)
    bound = fields.Integer(required=True)
    capped = fields.Boolean(required=True)
    factors = fields.List(fields.Nested(FactorSchema), required=True)


class _FiredSchema(Schema):
    rule = fields.String(required=True)
    title = fields.String(required=True)
    matched = fields.Dict(required=True)
    claims = fields.List(fields.Nested(ClaimSchema), required=True)


class RequirementSchema(_FiredSchema):
    """A minimum of a role, which never touches points."""

    minimum = fields.Dict(fields.String(), fields.Float(), required=True)
    because = fields.String(required=True)


class AdviceSchema(_FiredSchema):
    """Work or a caution that the plan must not forget, and the role that owns it."""

    owner = fields.String(required=True, validate=validate.OneOf((*ROLES, "both")))
    note = fields.String(required=True)
    as_of = fields.String(required=True, allow_none=True)


class ProfileSchema(Schema):
    """What to look for in one role."""

    skills = fields.List(fields.Nested(ProfileItemsSchema), required=True)
    education = fields.List(fields.Nested(ProfileItemsSchema), required=True)
    responsibilities = fields.List(fields.Nested(ProfileItemsSchema), required=True)


class ProfilesSchema(Schema):
    """Role profiles."""

    data_scientist = fields.Nested(ProfileSchema, required=True)
    ml_engineer = fields.Nested(ProfileSchema, required=True)


class OutcomeSchema(PeopleSchema):
    """What the answer would be."""

    ratio = _ratio_text()
    net = fields.Integer(required=True)
    lean = _lean()


class PhaseSchema(OutcomeSchema):
    """The same project scored in one phase, and the plan of it.

    What is planned is null where the schedule lacks its start or its weeks, where the
    phase is done already, and where the weeks leave no day for it.
    """

    phase = fields.String(required=True, validate=validate.OneOf(PHASES))
    raw = fields.Integer(required=True)
    effort_pct = fields.Integer(required=True)
    start = fields.Date(required=True, allow_none=True)
    end = fields.Date(required=True, allow_none=True, metadata=_said("The last working day"))
    working_days = fields.Integer(required=True, allow_none=True, metadata=_said("Monday to Friday"))
    person_days = fields.Nested(PeopleSchema, required=True, allow_none=True, metadata=_said("FTE times days"))
    cost = fields.Nested(MoneyByRoleSchema, required=True, allow_none=True)


class BandSchema(Schema):
    """Numbers that the rulebook does not tell apart: min inclusive, max exclusive, null unbounded."""

    min = fields.Float(required=True, allow_none=True)
    max = fields.Float(required=True, allow_none=True)


class TargetSchema(Schema):
    """A value to change to; of a number, one that stands for its band."""

    to = fields.Raw(required=True)
    band = fields.Nested(BandSchema)


class MoveSchema(TargetSchema):
    """One field's change."""

    field = fields.String(required=True)
    from_ = fields.Raw(required=True, allow_none=True, data_key="from")


class AlternativeSchema(MoveSchema, OutcomeSchema):
    """One change, and what the answer would be."""


class FlipSchema(Schema):
    """The fewest changes (one, else two) that give another lean; none where no two answers do."""

    changes = fields.List(fields.Nested(MoveSchema), required=True)
    statement = fields.String(required=True)
    ratio = fields.String()
    net = fields.Integer()
    lean = fields.String()
    data_scientist = fields.Float()
    ml_engineer = fields.Float()


class WhatWouldChangeItSchema(Schema):
    """Every other value of every answered field, and the smallest flip. Exact: each is scored."""

    alternatives = fields.List(fields.Nested(AlternativeSchema), required=True)
    smallest_flip = fields.Nested(FlipSchema, required=True)


class NextQuestionSchema(Schema):
    """The open question whose answers lie furthest apart."""

    field = fields.String(required=True)
    question = fields.String(required=True)
    could_move = fields.List(fields.String(), required=True, metadata=_said("The ratios of the extreme answers"))
    answers = fields.List(fields.Nested(AlternativeSchema), required=True)


class WarningSchema(Schema):
    """Something to know beside the answer."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields")
    rule = fields.String()


class RulebookStampSchema(Schema):
    """The rulebook that decided. `note` says what its figures are and are not."""

    name = fields.String(required=True)
    version = fields.String(required=True)
    digest = fields.String(required=True)
    note = fields.String(required=True)


class RecommendationSchema(Schema):
    """How many data scientists and ML engineers, why, and what would change it."""

    id = fields.String(required=True, metadata=_said("Digest of project, rulebook and code; the ETag"))
    name = fields.String(required=True, allow_none=True)
    reference = fields.String(required=True, allow_none=True)
    lean = _lean()
    ratio = fields.Nested(RatioSchema, required=True)
    overall = fields.Nested(OverallSchema, required=True)
    confidence = fields.Float(
        required=True, metadata=_said("The chance that the lean stays, were judgement off by a step")
    )
    both_required = fields.Boolean(required=True)
    headcount = fields.Nested(HeadcountSchema, required=True)
    cost = fields.Nested(CostSchema, required=True, allow_none=True)
    score = fields.Nested(ScoreSchema, required=True)
    requirements = fields.List(fields.Nested(RequirementSchema), required=True)
    profiles = fields.Nested(ProfilesSchema, required=True)
    considerations = fields.List(fields.Nested(AdviceSchema), required=True)
    phases = fields.List(fields.Nested(PhaseSchema), required=True)
    what_would_change_it = fields.Nested(WhatWouldChangeItSchema, required=True)
    next_question = fields.Nested(NextQuestionSchema, required=True, allow_none=True)
    unanswered = fields.List(fields.String(), required=True)
    inferred = fields.List(fields.Nested(InferredSchema), required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)
    rulebook = fields.Nested(RulebookStampSchema, required=True)
