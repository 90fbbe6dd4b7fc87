"""Float: placeholders as entries of the project's team, and tasks in hours a day."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from rules.headcount import plain
from rules.money import HOURS_A_DAY
from service.exports.layout import Placeholder, Row, placeholders

_PLACEHOLDER = 4


def write(rows: Sequence[Row]) -> bytes:
    """JSON with the bodies to post to Float's API; ids are names, to be replaced by those that Float gives."""
    people = list(placeholders(rows))
    team = {person.name: _entry(person) for person in people}
    return orjson.dumps({"project_team": list(team.values()), "tasks": [_task(person) for person in people]})


def _entry(person: Placeholder) -> Row:
    return {
        "project_id": person.row["project"],
        "people_id": person.name,
        "role_id": person.row["role"],
        "people_type_id": _PLACEHOLDER,
    }


def _task(person: Placeholder) -> Row:
    return {
        "people_id": person.name,
        "project_id": person.row["project"],
        "start_date": person.row["start_date"],
        "end_date": person.row["end_date"],
        "hours": plain(person.fte * HOURS_A_DAY),
        "name": person.row["phase"].replace("_", " "),
    }
