"""The page's addresses, for the OpenAPI document: HTML to read, and an answer as a picture or a sheet."""

from __future__ import annotations

from typing import Any

from schemas.contract import FlatSchema

Json = dict[str, Any]


def page_paths(problems: Json) -> Json:
    """The paths; `problems` are the responses of every one that takes a project."""
    return {
        "/": _page("page", "The page: describe a project and see the answer"),
        "/compare": _page("comparePage", "Two or three scenarios side by side"),
        "/rules": _page("rulesPage", "The rulebook to read and to filter"),
        "/recommend.png": _file("recommendPicture", "The answer as a picture", "image/png", problems),
        "/recommend.csv": _file("recommendSheet", "The answer as a sheet", "text/csv", problems),
    }


def _page(name: str, summary: str) -> Json:
    html = {"text/html": {"schema": {"type": "string"}}}
    return {
        "get": {
            "operationId": name,
            "tags": ["page"],
            "summary": summary,
            "responses": {"200": {"description": summary, "content": html}},
        }
    }


def _file(name: str, summary: str, kind: str, problems: Json) -> Json:
    content = {kind: {"schema": {"type": "string"} if kind == "text/csv" else {}}}
    responses = {"200": {"description": summary, "content": content}, **problems}
    return {
        "get": {
            "operationId": name,
            "tags": ["page"],
            "summary": summary,
            "parameters": [{"in": "query", "schema": FlatSchema}],
            "responses": responses if kind == "text/csv" else responses | {"304": {"description": "Not changed"}},
        }
    }
