"""Kantata: unnamed resources of a workspace, and their allocations in minutes altogether."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from service.exports.layout import Placeholder, Row, placeholders


def write(rows: Sequence[Row]) -> bytes:
    """JSON with the bodies to post to Kantata's API; a resource is named by its label until Kantata gives it an id."""
    people = list(placeholders(rows))
    resources = {person.name: {"role_id": person.row["role"], "label": person.name} for person in people}
    allocations = [_allocation(person) for person in people]
    return orjson.dumps({"workspace_resources": list(resources.values()), "workspace_allocations": allocations})


def _allocation(person: Placeholder) -> Row:
    return {
        "resource_id": person.name,
        "start_date": person.row["start_date"],
        "end_date": person.row["end_date"],
        "minutes": int(person.total_hours * 60),
    }
