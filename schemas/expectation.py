"""A declared direction as a rulebook writes it: what must hold for every project, for the proof to check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, post_load, validates_schema

from rules import vocabulary
from rules.model import Expectation, Is
from rules.vocabulary import FIELD_BY_NAME, FIELDS
from schemas.conditions import When
from schemas.faults import Fault
from schemas.fields import Choice, Several, Strict
from schemas.sections import Section, identifier, required_text, role_field

# A phase moves the seasons of every theme, and a list has no more or less.
DIRECTED = tuple(item.name for item in FIELDS if item.name != "phase" and not isinstance(item, vocabulary.Many))


class _Any(Strict):
    def read(self, value: object) -> object:
        return value


class ExpectationBase(Section):
    """What all expectations share, whatever claims their rulebook has."""

    id = identifier("[a-z0-9]+(-[a-z0-9]+)*", "it in kebab-case, such as more-requests-favour-engineers", required=True)
    says = required_text()
    field = Choice(DIRECTED, exact=True, noun="field with a direction", required=True)
    order = _Any()
    never_favours = role_field(required=True)

    @validates_schema
    def order_fits(self, data: Mapping[str, Any], **_: object) -> None:
        """The values of a choice are put in order; numbers and flags have an order of their own."""
        if errors := dict(_misordered(data["field"], data.get("order"))):
            raise ValidationError(errors)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Expectation:
        """Return the expectation."""
        return Expectation(**data | {"order": _order(data["field"], data.get("order"))})


def expectation_schema(claims: Iterable[str]) -> type[Schema]:
    """Return the schema of the expectations of a rulebook that has these claims."""
    cited = Several(Choice(claims, exact=True, noun="claim"), required=True)
    return ExpectationBase.from_dict({"claims": cited}, name="Expectation")


def _misordered(field: str, order: object) -> Iterator[tuple[str, Any]]:
    chosen = isinstance(FIELD_BY_NAME[field], vocabulary.Choice)
    if not chosen and order is not None:
        yield "order", [Fault("", "not_wanted", f"{field} rises by itself: from low to high, or from false to true")]
    elif chosen and (not isinstance(order, list) or len(order) < 2):
        yield "order", [Fault("", "required", f"list at least two values of {field}, from less to more")]
    elif chosen:
        try:
            _order(field, order)
        except ValidationError as error:
            yield "order", error.messages[field] if isinstance(error.messages, dict) else error.messages


def _order(field: str, order: object) -> tuple[Any, ...]:
    if order is None:
        return ()
    read = When().read({field: order})
    assert isinstance(read, Is)
    return read.values
