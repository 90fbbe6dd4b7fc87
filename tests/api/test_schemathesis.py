"""schemathesis holds the service to its OpenAPI document, by all of its checks."""

from __future__ import annotations

import json
from typing import Any

import schemathesis
from schemathesis import Case, SerializationContext
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from schemas.contract import COSTS, INCREMENTS, WIRE
from service.app import create_app
from service.config import Settings, bundled_rulebook

# More by hand: schemathesis run http://127.0.0.1:8000/openapi.json --max-examples 1000
CONFIG = SchemathesisConfig.from_dict({"seed": 1, "generation": {"max-examples": 50, "deterministic": True}})
schema = schemathesis.openapi.from_wsgi(
    "/openapi.json", create_app(Settings(rulebook=bundled_rulebook())), config=CONFIG
)

# A change owes its base what the fields of one project owe each other; a format that lists people has no room for all;
# a row of CSV owes its header.
OWING = ("/compare", "/plan", "/recommend/batch")


@schemathesis.serializer("application/x-ndjson")
def lines(_: SerializationContext, value: Any) -> bytes:
    """What is text as it is, what is none as one line of JSON."""
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


@schema.parametrize()
def test_the_service_does_as_it_documents(case: Case) -> None:
    """Takes what it says it takes, refuses the rest, and answers both as it says it does."""
    if case.path in OWING or owes_another(case.query or {}):
        case.call_and_validate(excluded_checks=[positive_data_acceptance])
    else:
        case.call_and_validate()


def owes_another(query: dict[str, Any]) -> bool:
    """Whether a query breaks what OpenAPI has no words for: that one parameter owes another something."""
    said = {name: field.from_text(str(query[name])) for name, field in WIRE.items() if query.get(name, "") != ""}
    size, increment = said.get("team.size", 0), said.get("team.increment", 1)
    parted = isinstance(size, int | float) and increment in INCREMENTS and size % increment
    return bool(parted) or len(said.keys() & COSTS.keys()) == 1
