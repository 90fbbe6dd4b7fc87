"""From a document to a request, and from a project back to the values that say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

import orjson
from marshmallow import ValidationError

from rules.project import Budget, Project, Schedule, Team
from rules.vocabulary import FIELD_BY_NAME, Answer
from schemas.contract import COSTS, EXISTING, TREE, WIRE, FlatSchema, Tree, unknown_field
from schemas.description import Description
from schemas.faults import MOST, Fault, InputError, faults_in
from schemas.words import quote

_SCHEMA = FlatSchema()
_NAMES = {key: str(field.data_key) for key, field in _SCHEMA.fields.items()}


@dataclass(frozen=True, slots=True)
class Request:
    """A project to decide about; `name` and `reference` are echoed and take no part in the decision.

    `inferred` is what was read from `description`, `remarks` the warnings that reading gave.
    """

    project: Project
    name: str | None = None
    reference: str | None = None
    description: str | None = None
    inferred: tuple[dict[str, Any], ...] = ()
    remarks: tuple[dict[str, Any], ...] = ()


def load_project(document: object) -> Request:
    """Return the request that a JSON document makes; raise InputError with every fault of it."""
    if not isinstance(document, dict):
        raise InputError([Fault("", "wrong_type", f"{quote(document)} is not a project: send a JSON object")])
    values: dict[str, object] = {}
    faults: list[Fault] = []
    _flatten(document, TREE, "", values, faults)
    return load_values(values, faults)


def load_values(values: Mapping[str, object], faults: Iterable[Fault] = ()) -> Request:
    """Return the request of values by dotted name; `faults` already found are raised with those found here."""
    described = Description(values)
    values = described.filled()
    if any(name in values for name in COSTS):
        values = dict.fromkeys(COSTS) | dict(values)  # the cost of one role alone is a fault: both are required
    found = list(faults)
    try:
        loaded = _SCHEMA.load(values)
    except ValidationError as error:
        loaded = cast(dict[str, Any], error.valid_data)
        found += faults_in(error.messages)
    given = {_NAMES[key]: value for key, value in loaded.items()}
    found += _unseatable(given, values)
    if found:
        raise InputError(described.traced(found))
    echoed = given.get("name"), given.get("reference"), given.get("description")
    return Request(_project(given), *echoed, described.inferred(), described.contradictions(given))


def canonical(project: Project) -> bytes:
    """Return the one spelling of a project: equal projects, however they were written, give equal bytes."""
    return orjson.dumps(values_of(project), option=orjson.OPT_SORT_KEYS)


def values_of(project: Project) -> dict[str, Answer]:
    """Return what a project says, as `load_values` takes it, in the contract's order; defaults are left out."""
    team, budget, schedule = project.team, project.budget or Budget(), project.schedule or Schedule()
    existing, costs = team.existing or {}, budget.annual_cost or {}
    said: dict[str, Any] = dict(project.answers)
    said |= {"team.size": team.size, "team.increment": None if team.increment == 1 else team.increment}
    said |= {name: existing.get(role) for name, role in EXISTING.items()}
    said |= {"budget.amount": _plain(budget.amount), "budget.currency": budget.currency}
    said |= {name: _plain(costs.get(role)) for name, role in COSTS.items()}
    said |= {"schedule.start": schedule.start and schedule.start.isoformat(), "schedule.weeks": schedule.weeks}
    return {name: said[name] for name in WIRE if said.get(name) is not None}


def _plain(amount: Decimal | None) -> float | None:
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)


def _flatten(
    document: Mapping[Any, object], tree: Tree, prefix: str, values: dict[str, object], faults: list[Fault]
) -> None:
    """Put a document's values into `values` by dotted name: null is no value, what has no place is a fault."""
    for key, value in document.items():
        name, branch = f"{prefix}{key}", tree.get(key)
        if branch is None:
            faults += [unknown_field(name)] if len(faults) < MOST else ()
        elif value is None:
            continue
        elif not isinstance(branch, dict):
            values[name] = value
        elif isinstance(value, dict):
            values |= dict.fromkeys(COSTS) if name == "budget.annual_cost" else {}
            _flatten(value, branch, f"{name}.", values, faults)
        else:
            faults.append(Fault(name, "wrong_type", f"{quote(value)} is not an object: {name} has fields of its own"))


def _unseatable(given: Mapping[str, Any], values: Mapping[str, object]) -> list[Fault]:
    """Return the fault of a team size that whole increments do not make; both are exact in binary when it is none."""
    size, increment = given.get("team.size"), given.get("team.increment", 1)
    faulty = "team.increment" in values and "team.increment" not in given
    if size is None or faulty or size % increment == 0:
        return []
    below = size // increment * increment
    nearest = " and ".join(f"{fit:g}" for fit in (below, below + increment) if fit > 0)
    message = f"{size} is not made of whole increments of {increment}; the nearest sizes: {nearest}"
    return [Fault("team.size", "not_a_multiple", message)]


def _project(given: Mapping[str, Any]) -> Project:
    answers = {name: value for name, value in given.items() if name in FIELD_BY_NAME and value != ()}
    existing = {role: given.get(name, 0) for name, role in EXISTING.items()}
    team = Team(
        size=given.get("team.size"),
        increment=given.get("team.increment", 1),
        existing=existing if any(name in given for name in EXISTING) else None,
    )
    return Project(answers, team, _budget(given), _schedule(given))


def _budget(given: Mapping[str, Any]) -> Budget | None:
    money = {name: Decimal(str(given[name])) for name in ("budget.amount", *COSTS) if name in given}
    currency = given.get("budget.currency")
    if not money and not currency:
        return None
    costs = {role: money[name] for name, role in COSTS.items() if name in money}
    return Budget(money.get("budget.amount"), currency and currency.upper(), costs or None)


def _schedule(given: Mapping[str, Any]) -> Schedule | None:
    start, weeks = given.get("schedule.start"), given.get("schedule.weeks")
    return Schedule(start, weeks) if start or weeks else None
