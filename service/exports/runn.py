"""Runn: assignments of a role that no person fills yet, in minutes a day."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from rules.money import HOURS_A_DAY
from service.exports.layout import Placeholder, Row, placeholders


def write(rows: Sequence[Row]) -> bytes:
    """JSON with the bodies to post to Runn's API; ids are names, to be replaced by those that Runn gives."""
    return orjson.dumps({"assignments": [_assignment(person) for person in placeholders(rows)]})


def _assignment(person: Placeholder) -> Row:
    return {
        "personId": None,
        "projectId": person.row["project"],
        "roleId": person.row["role"],
        "startDate": person.row["start_date"],
        "endDate": person.row["end_date"],
        "minutesPerDay": int(person.fte * HOURS_A_DAY * 60),
        "isBillable": True,
        "note": f"{person.label}, {person.row['phase'].replace('_', ' ')}",
    }
