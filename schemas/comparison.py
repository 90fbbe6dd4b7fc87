"""A project and changes to it on the wire, and the answers side by side with the differences first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import Schema, ValidationError, fields

from rules.vocabulary import ROLES
from schemas.contract import WIRE, ProjectSchema, unknown_field
from schemas.faults import Fault, InputError, faults_in
from schemas.fields import Text
from schemas.project import Request, load_project, load_values, values_of
from schemas.recommendation import RecommendationSchema
from schemas.words import quote

Json = dict[str, Any]

MOST_CHANGES = 20
BASE = "base"
_NAME = Text(100, shortest=1, required=True, data_key="name", metadata={"description": "What the scenario is called"})
_LABELS = ("name", "reference", "description")
_SETTABLE = {name: field for name, field in WIRE.items() if name not in _LABELS}

# What is compared, in the order of the answer.
_FACTS = (
    "lean", "ratio.text", "ratio.value", "ratio.low", "ratio.high", "overall.text", "confidence", "both_required",
    "headcount.total", *(f"headcount.{role}" for role in ROLES), "headcount.basis",
    *(f"headcount.{gap}.{role}" for gap in ("hire", "surplus") for role in ROLES), "cost.total", "cost.currency",
    *(f"score.{part}" for part in (*ROLES, "net", "raw", "capped")), "next_question.field",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named change: the values that it sets by dotted name (null takes one away), and the project that follows."""

    name: str
    changes: Mapping[str, object]
    request: Request


@dataclass(frozen=True, slots=True)
class Comparison:
    """A project and what might become of it."""

    base: Request
    scenarios: tuple[Scenario, ...]


def load_comparison(document: object) -> Comparison:
    """Return the comparison that a JSON document makes; raise InputError with every fault of it."""
    if not isinstance(document, dict):
        raise InputError([Fault("", "wrong_type", f"{quote(document)} is no comparison: send base and changes")])
    faults = [_unknown(key, ("base", "changes"), "") for key in document if key not in ("base", "changes")]
    base: Request | None = None
    try:
        base = load_project(document.get("base"))
    except InputError as error:
        faults += [fault.under("base") for fault in error.faults]
    scenarios = list(_scenarios(document.get("changes"), base, faults))
    if base is None or faults:
        raise InputError(faults)
    return Comparison(base, tuple(scenarios))


def _scenarios(changes: object, base: Request | None, faults: list[Fault]) -> Iterator[Scenario]:
    if not isinstance(changes, list) or not 0 < len(changes) <= MOST_CHANGES:
        message = f"changes is a list of 1 to {MOST_CHANGES} changes, each with a name and what it sets"
        faults.append(Fault("changes", "wrong_type", message))
        return
    names: set[str] = set()
    for place, change in enumerate(changes):
        found: list[Fault] = []
        name, sets = _read_change(change, names, found)
        if base is not None:
            try:
                request = _changed(base, name, {key: sets[key] for key in sets if key in _SETTABLE})
                yield Scenario(name, sets, request)
            except InputError as error:
                found += [fault.under("set") for fault in error.faults]
        faults += [fault.under(f"changes.{place}") for fault in found]


def _read_change(change: object, names: set[str], faults: list[Fault]) -> tuple[str, Json]:
    """The name and the settings of one change; `names` are those taken so far."""
    if not isinstance(change, dict):
        faults.append(Fault("", "wrong_type", f"{quote(change)} is no change: give its name and what it sets"))
        return "", {}
    faults += [_unknown(key, ("name", "set"), "") for key in change if key not in ("name", "set")]
    name = _name_of(change, names, faults)
    sets = change.get("set")
    if not isinstance(sets, dict) or not sets:
        message = 'set names fields and their new values, such as {"deployment.pattern": "batch"}'
        faults.append(Fault("set", "required" if sets is None else "wrong_type", message))
        return name, {}
    faults += [_unsettable(key).under("set") for key in sets if key not in _SETTABLE]
    return name, sets


def _name_of(change: Json, names: set[str], faults: list[Fault]) -> str:
    try:
        name = str(_NAME.deserialize(change.get("name")))
    except ValidationError as error:
        faults += faults_in(error.messages, "name")
        return ""
    if name in names | {BASE}:
        faults.append(Fault("name", "duplicate", f"{quote(name)} is taken; each scenario has a name of its own"))
    names.add(name)
    return name


def _unknown(key: str, known: Sequence[str], path: str) -> Fault:
    return Fault(key, "unknown_field", f"{quote(key)} has no place here; there are {' and '.join(known)}").under(path)


def _unsettable(key: str) -> Fault:
    if key in WIRE:
        return Fault(key, "unknown_field", f"{key} decides nothing, so no scenario sets it")
    return unknown_field(key)


def _changed(base: Request, name: str, sets: Json) -> Request:
    values: dict[str, object] = {**values_of(base.project), **sets}
    request = load_values({key: value for key, value in values.items() if value is not None})
    # A scenario is the base as it was read: what its words gave stays, but for what is set now.
    inferred = tuple(item for item in base.inferred if item["field"] not in sets)
    return replace(request, name=name, reference=base.reference, inferred=inferred, remarks=base.remarks)


def comparison_body(comparison: Comparison, answers: Sequence[Json]) -> Json:
    """Return the answers, the base's first, side by side: what differs, what does not, why, and each in full."""
    base, *others = answers
    seen = {fact: [_fact(answer, fact) for answer in answers] for fact in _FACTS}
    seen["end"] = [answer["phases"][-1]["end"] for answer in answers]
    seen["warnings"] = [[warning["code"] for warning in answer["warnings"]] for answer in answers]
    rows = [{"field": fact, "values": values} for fact, values in seen.items()]
    return {
        "names": [BASE, *(scenario.name for scenario in comparison.scenarios)],
        "differences": [row for row in rows if _differ(row["values"])],
        "same": [row for row in rows if not _differ(row["values"])],
        "scenarios": [
            {"name": scenario.name, "set": dict(scenario.changes), "reasons": _reasons(base, answer)}
            for scenario, answer in zip(comparison.scenarios, others, strict=True)
        ],
        "answers": list(answers),
    }


def _fact(answer: Json, path: str) -> object:
    value: Any = answer
    for part in path.split("."):
        value = None if value is None else value[part]
    return value


def _differ(values: Sequence[object]) -> bool:
    return any(value != values[0] for value in values)


def _reasons(base: Json, other: Json) -> list[Json]:
    """The factors whose points in the sum differ, in the order of the sums."""
    before, after = _counted(base), _counted(other)
    changed = [key for key in dict.fromkeys([*before, *after]) if before.get(key, 0) != after.get(key, 0)]
    titles = {factor["rule"]: factor["title"] for answer in (base, other) for factor in answer["score"]["factors"]}
    return [
        {"rule": rule, "title": titles[rule], "role": role, "from": before.get(key, 0), "to": after.get(key, 0)}
        for key in changed
        for rule, role, _ in [key]
    ]


def _counted(answer: Json) -> dict[tuple[str, str, bool], int]:
    return {
        (factor["rule"], factor["role"], factor["points"] > 0): factor["points"]
        for factor in answer["score"]["factors"]
        if factor["counted"]
    }


def _optional(field: fields.Field[Any], name: str) -> fields.Field[Any]:
    settable = copy(field)
    settable.data_key, settable.required, settable.allow_none = name, False, not field.required
    if settable.allow_none and "enum" in settable.metadata:
        settable.metadata = {**settable.metadata, "enum": [*settable.metadata["enum"], None]}
    return settable


ChangeSetSchema = Schema.from_dict(
    {name.replace(".", "__"): _optional(field, name) for name, field in _SETTABLE.items()}, name="ChangeSet"
)


class ChangeSchema(Schema):
    """One scenario: what it sets, by dotted name; null takes an answer away."""

    name = copy(_NAME)
    set = fields.Nested(ChangeSetSchema, required=True, metadata={"minProperties": 1})


class ComparisonRequestSchema(Schema):
    """A project and up to twenty changes to it."""

    base = fields.Nested(ProjectSchema, required=True)
    changes = fields.List(
        fields.Nested(ChangeSchema), required=True, metadata={"minItems": 1, "maxItems": MOST_CHANGES}
    )


class ComparedSchema(Schema):
    """A fact by its path in the answer (`end` is the last phase's, `warnings` are codes), a value an answer."""

    field = fields.String(required=True)
    values = fields.List(fields.Raw(allow_none=True), required=True)


class ReasonSchema(Schema):
    """A factor whose points in the sum differ from the base's."""

    rule = fields.String(required=True)
    title = fields.String(required=True)
    role = fields.String(required=True)
    from_ = fields.Integer(required=True, data_key="from")
    to = fields.Integer(required=True)


class ScenarioSchema(Schema):
    """A change as it was asked for, and why its answer is another."""

    name = fields.String(required=True)
    set = fields.Dict(required=True)
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)


class ComparisonSchema(Schema):
    """The answers side by side, the base's first: what differs, what does not, why, and each in full."""

    names = fields.List(fields.String(), required=True)
    differences = fields.List(fields.Nested(ComparedSchema), required=True)
    same = fields.List(fields.Nested(ComparedSchema), required=True)
    scenarios = fields.List(fields.Nested(ScenarioSchema), required=True)
    answers = fields.List(fields.Nested(RecommendationSchema), required=True)
