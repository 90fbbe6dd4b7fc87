"""/openapi.json: a valid document that says what there is, no more and no less, and what the answers look like."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from schemas.contract import WIRE
from schemas.openapi import EXAMPLE
from tests.documents import documents

Json = dict[str, Any]


@pytest.fixture
def document(client: FlaskClient) -> Json:
    """The document as it is served."""
    response = client.get("/openapi.json")
    assert response.content_type == "application/json"
    served: Json = response.get_json()
    return served


def valid(document: Json, name: str, instance: object) -> bool:
    """Whether an instance fits a schema of the document's components."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).is_valid(instance)


def test_the_document_is_valid(document: Json) -> None:
    """OpenAPI 3.1, by the specification's own schemas."""
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


@pytest.mark.parametrize(("name", "taken"), [("Two", True), ("", False), ("n" * 100, True), ("n" * 101, False)])
def test_the_schema_knows_which_names_a_scenario_may_have(document: Json, name: str, taken: bool) -> None:
    """None without a character, and none that is longer than reading takes."""
    assert valid(document, "Change", {"name": name, "set": {"phase": "modeling"}}) is taken


def test_every_route_is_documented_and_every_documented_route_is_there(shared_app: Flask, document: Json) -> None:
    """But for the documentation itself."""
    routes = {
        (re.sub(r"<(\w+:)?\w+>", "{}", rule.rule), method)
        for rule in shared_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint not in ("static", "web.asset") and not rule.endpoint.startswith("docs.")
    }
    documented = {
        (re.sub(r"{\w+}", "{}", path), method.upper())
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert documented == routes


def test_every_operation_has_its_own_name_and_every_response_its_problem(document: Json) -> None:
    """Client generators name methods by the operation's id; all errors are problems."""
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    for operation in operations:
        for status, response in operation["responses"].items():
            assert ("$ref" in response) == (status >= "400")
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]


def test_every_field_is_documented_twice(document: Json) -> None:
    """Nested in the body and by dotted name in the query, each with what it asks."""
    parameters = {parameter["name"]: parameter for parameter in document["paths"]["/recommend"]["get"]["parameters"]}
    assert list(parameters) == list(WIRE)
    assert all(parameter["description"] for parameter in parameters.values())
    assert set(dotted(document, "Project")) == set(WIRE)


def dotted(document: Json, name: str, prefix: str = "") -> list[str]:
    """The names of all fields below a schema."""
    names: list[str] = []
    for key, shape in document["components"]["schemas"][name]["properties"].items():
        options = [shape, *shape.get("anyOf", ())]
        below = [option["$ref"].rpartition("/")[2] for option in options if "$ref" in option]
        names += dotted(document, below[0], f"{prefix}{key}.") if below else [f"{prefix}{key}"]
    return names


def test_the_examples_are_true(client: FlaskClient, document: Json) -> None:
    """The answer that is shown is the one that the request that is shown gets."""
    operation = document["paths"]["/recommend"]["post"]
    request = operation["requestBody"]["content"]["application/json"]["example"]
    shown = operation["responses"]["200"]["content"]["application/json"]["example"]
    assert request == EXAMPLE
    assert client.post("/recommend", json=request).get_json() == shown


@hypothesis_settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(project=documents())
def test_every_answer_is_as_documented(client: FlaskClient, document: Json, project: Json) -> None:
    """Whatever is asked, the body fits the schema, and nothing is in it that the schema lacks."""
    answer = client.post("/recommend", json=project).get_json()
    schema = {"$ref": "#/components/schemas/Recommendation", "components": document["components"]}
    Draft202012Validator(schema).validate(answer)


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/rulebook", "Rulebook"),
        ("/rulebook/rules/regulated-work", "Rule"),
        ("/health/live", "Live"),
        ("/health/ready", "Ready"),
        ("/recommend", "Problem"),
        ("/nothing", "Problem"),
    ],
)
def test_every_body_is_as_documented(client: FlaskClient, document: Json, path: str, schema: str) -> None:
    """Of the other routes too, and of problems."""
    assert valid(document, schema, client.get(path).get_json(force=True))


@pytest.mark.parametrize(
    ("team", "taken"),
    [
        ({"size": 8}, True),
        ({"size": 8, "increment": None}, True),
        ({"size": 7.5, "increment": 0.5}, True),
        ({"size": 7.75, "increment": 0.25}, True),
        ({"increment": 0.25}, True),
        ({"size": 7.5}, False),
        ({"size": 7.5, "increment": 1}, False),
        ({"size": 7.75, "increment": 0.5}, False),
        ({"size": 8, "increment": 0.3}, False),
    ],
)
def test_the_schema_knows_which_teams_are_taken(client: FlaskClient, document: Json, team: Json, taken: bool) -> None:
    """Sizes are made of whole increments: who checks against the document learns it before asking."""
    project = {**EXAMPLE, "team": team}
    assert valid(document, "Project", project) == taken
    assert client.post("/recommend", json=project).status_code == (200 if taken else 422)
