"""The service's OpenAPI 3.1 document, made from the schemas that read and describe the wire."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from schemas.access import REFUSALS, add_access
from schemas.batch_paths import batch_paths
from schemas.certificate import CertificateSchema
from schemas.contract import INCREMENTS, FlatSchema, ProjectSchema
from schemas.health import LiveSchema, ReadySchema
from schemas.interpretation import InterpretationSchema, TextSchema
from schemas.page_paths import page_paths
from schemas.plan_paths import plan_paths
from schemas.problem import ProblemSchema
from schemas.recommendation import RecommendationSchema
from schemas.rulebook_body import RulebookSchema, RuleSchema

Json = dict[str, Any]

EXAMPLE: Json = {
    "name": "Card fraud",
    "reference": "PLAN-142",
    "industry": "finance",
    "phase": "modeling",
    "goal": "decision_automation",
    "deployment": {"pattern": "real_time", "latency_ms_p99": 50, "peak_rps": 900, "serving_platform": "existing"},
    "data": {"volume": "tb", "quality": "poor", "sensitivity": "personal"},
    "governance": {"regulated": True, "affects_people": True},
    "team": {"size": 8, "existing": {"data_scientist": 2, "ml_engineer": 1}},
}

EXAMPLE_TEXT = "Fraud model for a bank, prototype done; real-time, p99 < 80 ms. Team of 6, two of them data scientists."

_PROBLEMS = {
    400: "The body or the query cannot be read",
    404: "There is nothing at this address",
    405: "The address does not take this method",
    413: "The body is too large",
    415: "The body is not of the right content type",
    422: "Fields are wrong; every fault is listed",
    500: "The service failed",
    503: "The service is down, or the rulebook could not be counted",
}


def openapi(version: str, example_answer: Json) -> Json:
    """The document; `example_answer` is what `EXAMPLE` is answered with."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(
        title="Staffing recommender",
        version=version,
        openapi_version="3.1.0",
        plugins=[plugin],
        info={"description": _ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
    )
    for status, description in (_PROBLEMS | REFUSALS).items():
        content = {"application/problem+json": {"schema": ProblemSchema}}
        spec.components.response(f"Problem{status}", {"description": description, "content": content})
    for path, operations in (*_paths(example_answer).items(), *page_paths(_refs(400, 422, 500)).items()):
        spec.path(path, operations=operations)
    document: Json = spec.to_dict()
    add_access(document)
    document["components"]["schemas"]["Team"]["anyOf"] = _whole_increments()
    for path in ("/recommend", "/recommend.png", "/recommend.csv"):
        for parameter in document["paths"][path]["get"]["parameters"]:
            parameter["allowEmptyValue"] = not parameter["required"]
    return document


def _whole_increments() -> list[Json]:
    """What size and increment of a team owe each other; no field can say it of itself."""
    whole, *parts = INCREMENTS
    unsaid: Json = {"properties": {"increment": {"enum": [whole, None]}, "size": {"multipleOf": whole}}}
    return [unsaid, *({"required": ["increment"], "properties": _made_of(part)} for part in parts)]


def _made_of(increment: float) -> Json:
    return {"increment": {"const": increment}, "size": {"multipleOf": increment}}


def _paths(example_answer: Json) -> dict[str, Json]:
    cache_status = {"description": "What each cache tier did (RFC 9211)", "schema": {"type": "string"}}
    etag = {"description": "The answer's id", "schema": {"type": "string"}}
    answer = _response(
        "The recommendation", RecommendationSchema, example_answer, {"Cache-Status": cache_status, "ETag": etag}
    )
    rule_id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "example": "regulated-work"}
    return {
        "/recommend": {
            "post": {
                "operationId": "recommend",
                "tags": ["recommendation"],
                "summary": "Recommend a ratio and a headcount for one project",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": ProjectSchema, "example": EXAMPLE}},
                },
                "responses": {"200": answer, **_refs(400, 413, 415, 422, 500)},
            },
            "get": {
                "operationId": "recommendByLink",
                "tags": ["recommendation"],
                "summary": "The same as a permalink",
                "description": "Fields by dotted name; one without a value says nothing. "
                "Send the ETag in If-None-Match to learn whether the answer changed.",
                "parameters": [{"in": "query", "schema": FlatSchema}],
                "responses": {"200": answer, "304": {"description": "Not changed"}, **_refs(400, 422, 500)},
            },
        },
        **batch_paths(_refs),
        **plan_paths(_response, _refs),
        "/interpret": {
            "post": {
                "operationId": "interpret",
                "tags": ["recommendation"],
                "summary": "Read a project from free text: fields, the words that said so, and what was set aside",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": TextSchema, "example": {"text": EXAMPLE_TEXT}}},
                },
                "responses": {
                    "200": _response("What the text says", InterpretationSchema),
                    **_refs(400, 413, 415, 422, 500),
                },
            }
        },
        "/rulebook": {
            "get": {
                "operationId": "readRulebook",
                "tags": ["rulebook"],
                "summary": "The rulebook that decides",
                "responses": {
                    "200": _response("The rulebook", RulebookSchema),
                    "304": {"description": "Not changed"},
                    **_refs(500),
                },
            }
        },
        "/rulebook/proof": {
            "get": {
                "operationId": "readProof",
                "tags": ["rulebook"],
                "summary": "The certificate that the rulebook was proved over every possible input",
                "responses": {
                    "200": _response("The certificate", CertificateSchema),
                    "304": {"description": "Not changed"},
                    **_refs(500, 503),
                },
            }
        },
        "/rulebook/rules/{id}": {
            "get": {
                "operationId": "readRule",
                "tags": ["rulebook"],
                "summary": "One rule with its claims",
                "parameters": [rule_id],
                "responses": {
                    "200": _response("The rule", RuleSchema),
                    "304": {"description": "Not changed"},
                    **_refs(404, 500),
                },
            }
        },
        "/health/live": {
            "get": {
                "operationId": "live",
                "tags": ["operation"],
                "summary": "Whether the process lives",
                "responses": {"200": _response("It lives", LiveSchema), **_refs(500)},
            }
        },
        "/health/ready": {
            "get": {
                "operationId": "ready",
                "tags": ["operation"],
                "summary": "Whether projects are answered, and what they go without",
                "responses": {"200": _response("Ready, maybe degraded", ReadySchema), **_refs(500, 503)},
            }
        },
        "/metrics": {
            "get": {
                "operationId": "readMetrics",
                "tags": ["operation"],
                "summary": "What Prometheus reads: of all workers, whichever is asked",
                "responses": {
                    "200": {
                        "description": "The metrics, in the format of `Accept`",
                        "content": {"text/plain": {"schema": {"type": "string"}}},
                    },
                    **_refs(500),
                },
            }
        },
    }


def _response(description: str, schema: type[Schema], example: Json | None = None, headers: Json | None = None) -> Json:
    media: Json = {"schema": schema} if example is None else {"schema": schema, "example": example}
    response: Json = {"description": description, "content": {"application/json": media}}
    return response if headers is None else response | {"headers": headers}


def _refs(*statuses: int) -> Json:
    return {str(status): f"Problem{status}" for status in statuses}


def _name(schema: type[Schema] | Schema | str) -> str:
    cls = schema if isinstance(schema, type) else type(schema)
    return cls.__name__.removesuffix("Schema")


_ABOUT = (
    "How many data scientists and machine-learning engineers an AI project needs, why, and what would change it. "
    "The knowledge is one article, written down as a rulebook of points. Choices are read in any case and with any "
    "gaps between words; industries also by NAICS code or by a common name, phases by a common name."
)

_TAGS = {
    "recommendation": "Ask for an answer",
    "plan": "Dates, money, scenarios and a shared pool of people",
    "page": "For people: HTML, a picture, a sheet",
    "rulebook": "See what decides",
    "operation": "Watch the service",
}
