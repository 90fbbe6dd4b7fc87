"""The part of the OpenAPI document that is about plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from schemas.comparison import ComparisonRequestSchema, ComparisonSchema
from schemas.exports import FILES
from schemas.plan import FORMAT, PlanRequestSchema, PlanSchema
from schemas.portfolio_body import PortfolioRequestSchema, PortfolioSchema

Json = dict[str, Any]

PLAN_EXAMPLE: Json = {
    "name": "Card fraud",
    "industry": "finance",
    "phase": "modeling",
    "deployment": {"pattern": "real_time"},
    "team": {"size": 8, "increment": 0.5, "existing": {"data_scientist": 2, "ml_engineer": 1}},
    "budget": {"currency": "EUR", "annual_cost": {"data_scientist": 95000, "ml_engineer": 105000}},
    "schedule": {"start": "2027-01-04", "weeks": 26},
}

COMPARE_EXAMPLE: Json = {
    "base": PLAN_EXAMPLE,
    "changes": [
        {"name": "Nightly scores", "set": {"deployment.pattern": "batch"}},
        {"name": "Two more people", "set": {"team.size": 10}},
    ],
}

PORTFOLIO_EXAMPLE: Json = {
    "people": {"data_scientist": 4, "ml_engineer": 3},
    "hire": {"ml_engineer": 1},
    "projects": [
        {"priority": 1, "project": PLAN_EXAMPLE},
        {
            "priority": 3,
            "project": {
                "name": "Churn",
                "industry": "telecom",
                "phase": "data preparation",
                "deployment": {"pattern": "batch"},
                "team": {"size": 3},
                "schedule": {"start": "2027-03-01", "weeks": 20},
            },
        },
    ],
}


def plan_paths(respond: Callable[..., Json], refs: Callable[..., Json]) -> dict[str, Json]:
    """The paths; `respond` describes a response of a schema, `refs` the problems of statuses."""
    return {
        "/plan": {"post": _plan(respond, refs)},
        "/compare": {"post": _compare(respond, refs)},
        "/portfolio": {"post": _portfolio(respond, refs)},
    }


def _plan(respond: Callable[..., Json], refs: Callable[..., Json]) -> Json:
    answer = respond("The plan", PlanSchema)
    answer["content"]["application/json"]["schema"] = {"anyOf": [PlanSchema, *FILES]}
    answer["content"]["text/csv"] = {"schema": {"type": "string"}}
    wanted = {"type": "string", "enum": list(FORMAT.values), "default": "json"}
    return {
        "operationId": "plan",
        "tags": ["plan"],
        "summary": "Plan the phases of one project: dates, people, days and cost",
        "description": "The phases from the project's own on share the schedule's weeks by their effort. Rows come as "
        "JSON, or as a file laid out for a planning tool: JSON for float, runn and kantata, CSV for the others.",
        "parameters": [{"in": "query", "name": "format", "schema": wanted, "description": "The layout"}],
        "requestBody": _body(PlanRequestSchema, PLAN_EXAMPLE),
        "responses": {"200": answer, **refs(400, 413, 415, 422, 500)},
    }


def _compare(respond: Callable[..., Json], refs: Callable[..., Json]) -> Json:
    return {
        "operationId": "compare",
        "tags": ["plan"],
        "summary": "Compare a project with what it might become",
        "description": "Each change sets fields of the base by dotted name. What differs comes first, then why: the "
        "factors whose points in the sum are others.",
        "requestBody": _body(ComparisonRequestSchema, COMPARE_EXAMPLE),
        "responses": {"200": respond("The answers side by side", ComparisonSchema), **refs(400, 413, 415, 422, 500)},
    }


def _portfolio(respond: Callable[..., Json], refs: Callable[..., Json]) -> Json:
    return {
        "operationId": "portfolio",
        "tags": ["plan"],
        "summary": "Share a pool of people among projects",
        "description": "People go where they bring the projects nearest to their recommended splits, phase by phase. "
        "What is short is said by role and month, and why for each phase; requirements that cannot be met come first.",
        "requestBody": _body(PortfolioRequestSchema, PORTFOLIO_EXAMPLE),
        "responses": {"200": respond("Who goes where", PortfolioSchema), **refs(400, 413, 415, 422, 500)},
    }


def _body(schema: type, example: Json) -> Json:
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}
