"""What the OpenAPI document says of keys and limits, for every operation alike."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

SCHEMES: dict[str, Json] = {
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "A key from `staffing keys make`"},
    "bearer": {"type": "http", "scheme": "bearer", "description": "The same key"},
    "basic": {"type": "http", "scheme": "basic", "description": "Any name, and the key for a password"},
}
REFUSALS = {
    401: "A key is needed: none was presented, or it is unknown, revoked or past its time",
    403: "The key lacks the scope that this address needs, or only the service's own machine is answered",
    408: "The body took too long to arrive",
    429: "Too many requests; `Retry-After` says when to come back",
}
_OPEN = ("/health/live", "/health/ready")
_SCOPES = {
    "/recommend/batch": "batch",
    "/portfolio": "batch",
    "/rulebook": "rulebook",
    "/rulebook/rules/{id}": "rulebook",
    "/rulebook/proof": "rulebook",
    "/metrics": "metrics",
}


def add_access(document: Json) -> None:
    """Say of each operation by which scope of a key it is opened, and how it refuses those who have none."""
    document["components"]["securitySchemes"] = SCHEMES
    retry = {"description": "Seconds until there is room again", "schema": {"type": "integer"}}
    document["components"]["responses"]["Problem429"]["headers"] = {"Retry-After": retry}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path in _OPEN:
                operation["security"] = []
                continue
            scope = _SCOPES.get(path, "recommend")
            # The last of them is nobody's: where no keys are set, none is asked for.
            operation["security"] = [*({scheme: [scope]} for scheme in SCHEMES), {}]
            statuses = [status for status in REFUSALS if status != 408 or "requestBody" in operation]
            operation["responses"] |= {str(one): {"$ref": f"#/components/responses/Problem{one}"} for one in statuses}
