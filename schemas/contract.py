"""Every field of a request by its dotted name, in the contract's order; the vocabulary's own are not repeated here.

`WIRE` is the table; the two schemas are views of it. A request is loaded flat,
`{"team.size": 8}`, which is how a query, a CSV row and a flag say it too; nesting
is how JSON lays it out, and what `ProjectSchema` documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date, timedelta
from typing import Any, TypeAlias, cast

from marshmallow import Schema, fields

from rules import vocabulary
from rules.vocabulary import ROLE_TITLES, ROLES
from schemas.faults import Fault
from schemas.fields import Choice, Day, Flag, Many, Number, Strict, Text
from schemas.words import nearest, quote, shown

INCREMENTS = (1, 0.5, 0.25)
LONGEST_PLAN = 520  # weeks
MOST_PEOPLE = 100_000
MOST_MONEY = 1_000_000_000_000
_LAST_START = date.max - timedelta(weeks=LONGEST_PLAN)
_PROSE = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*"  # forms send lines that end in \r\n

Tree: TypeAlias = "dict[str, Strict | Tree]"


def _about(text: str, **more: Any) -> dict[str, Any]:
    return {"metadata": {"description": text}, **more}


def _wire(item: vocabulary.Field) -> Strict:
    """Return the wire field of a field of the vocabulary."""
    about = _about(item.question, required=item.required)
    match item:
        case vocabulary.Choice():
            return Choice(item.values, aliases=item.aliases, **about)
        case vocabulary.Many():
            choice = Choice(item.values, aliases=item.aliases, noun=item.name.removesuffix("s"))
            return Many(choice, most=20, **about)
        case vocabulary.Number():
            decimals = 0 if item.integer else None
            return Number(item.minimum, item.maximum, unit=item.unit, decimals=decimals, **about)
        case _:
            return Flag(**about)


def _existing(role: str) -> Strict:
    about = _about(f"How many {ROLE_TITLES[role]}s there are already, in FTE, rounded to 0.01")
    return Number(0, MOST_PEOPLE, unit="FTE", decimals=2, **about)


def _cost(role: str) -> Strict:
    about = _about(
        f"What one {ROLE_TITLES[role]} costs a year, in the budget's currency; said for both roles or neither"
    )
    return Number(0.0001, MOST_MONEY, decimals=4, **about)


EXISTING = {f"team.existing.{role}": role for role in ROLES}
COSTS = {f"budget.annual_cost.{role}": role for role in ROLES}

WIRE: Mapping[str, Strict] = {
    "name": Text(200, **_about("What the project is called; echoed")),
    "reference": Text(100, **_about("The planner's own reference; echoed")),
    "description": Text(
        5000,
        pattern=_PROSE,
        **_about("The project in the planner's words; fills what the fields leave out, the required ones too"),
    ),
    **{item.name: _wire(item) for item in vocabulary.FIELDS},
    "team.size": Number(0.25, MOST_PEOPLE, unit="FTE", **_about("People in both roles together, in whole increments")),
    "team.increment": Choice(INCREMENTS, **_about("The smallest part of a person to plan with, in FTE; 1 unless said")),
    **{name: _existing(role) for name, role in EXISTING.items()},
    "budget.amount": Number(0, MOST_MONEY, decimals=4, **_about("Money for the project in all, rounded to 0.0001")),
    "budget.currency": Text(
        3, pattern="[A-Za-z]{3}", form="a code of ISO 4217, such as EUR", **_about("The currency of the budget")
    ),
    **{name: _cost(role) for name, role in COSTS.items()},
    "schedule.start": Day(_LAST_START, **_about("The first day of the project")),
    "schedule.weeks": Number(1, LONGEST_PLAN, unit="weeks", decimals=0, **_about("How many weeks the project runs")),
}


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands under dotted names as nested groups, as a document has them."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        *groups, last = name.split(".")
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[last] = value
    return tree


class _Closed(Schema):
    class Meta:
        unknown = "raise"


def _documented(branch: Strict | Tree, name: str) -> fields.Field[Any]:
    """Return a field or group as nested JSON has it: what is not required may be null."""
    if isinstance(branch, dict):
        inner = {key: _documented(part, f"{name}.{key}" if name else key) for key, part in branch.items()}
        title = "".join(word.title() for word in name.replace(".", "_").split("_")) or "Project"
        required = any(field.required for field in inner.values()) and name != "budget.annual_cost"
        return fields.Nested(_Closed.from_dict(inner, name=title), required=required, allow_none=not required)
    field = copy(branch)
    field.required = branch.required or name in COSTS
    field.allow_none = not field.required
    if field.allow_none and "enum" in field.metadata:
        field.metadata = {**field.metadata, "enum": [*field.metadata["enum"], None]}
    return field


def _keyed(field: Strict, name: str) -> Strict:
    keyed = copy(field)
    keyed.data_key = name
    return keyed


TREE: Tree = nested(WIRE)

ProjectSchema: type[Schema] = cast(fields.Nested, _documented(TREE, "")).nested  # type: ignore[assignment]
"""The body of a request, for the documentation."""

FlatSchema = Schema.from_dict({name.replace(".", "__"): _keyed(field, name) for name, field in WIRE.items()})
"""The same by dotted name: what loads, and what the parameters of a query are."""

_BY_LAST_WORD: dict[str, str] = {name.rpartition(".")[2]: name for name in reversed(list(WIRE))}


def _beside(group: str) -> dict[str, str]:
    """Return the names within a group, and the full name of each."""
    branch: Strict | Tree = TREE
    for part in group.split(".") if group else ():
        branch = branch.get(part, {}) if isinstance(branch, dict) else {}
    return {key: f"{group}.{key}" if group else key for key in branch} if isinstance(branch, dict) else {}


def _meant(name: str) -> str | None:
    """Look for the very word at another level, then for one like it beside it, then for one like it anywhere."""
    group, _, word = name.rpartition(".")
    if word in _BY_LAST_WORD:
        return _BY_LAST_WORD[word]
    for names in (_beside(group), _BY_LAST_WORD):
        if found := nearest(word, names):
            return names[found]
    return None


def unknown_field(name: str) -> Fault:
    """Return the fault of a name that the contract lacks, with the name that was likely meant."""
    if name in WIRE:
        nest = name.replace(".", '": {"')
        return Fault(name, "unknown_field", f'{quote(name)} is written nested in a document: {{"{nest}": …')
    if name and (within := _beside(name)):
        message = f"{quote(name)} has fields of its own: name one of them, such as '{next(iter(within.values()))}'"
        return Fault(name, "unknown_field", message)
    meant = _meant(name)
    way_out = f"did you mean '{meant}'?" if meant else "leave it out"
    return Fault(shown(name), "unknown_field", f"{quote(name)} is not a field; {way_out}", did_you_mean=meant)
