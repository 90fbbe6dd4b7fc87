"""Strict readers of the planning tools' layouts, written from their descriptions: what is not in one is refused."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Json = dict[str, Any]
Check = Callable[[Any], bool]

CANONICAL = [
    "project", "phase", "role", "fte", "allocation_pct", "hours_per_day", "minutes_per_day", "total_hours",
    "start_date", "end_date", "rate", "currency", "cost", "status", "notes",
]  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_csv(body: bytes, columns: list[str]) -> list[dict[str, str]]:
    """Lines of CSV in UTF-8 without a mark, ended by CRLF, under exactly these columns, none of them a formula."""
    assert not body.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in body.replace(b"\r\n", b"")
    header, *lines = csv.reader(io.StringIO(body.decode("utf-8"), newline=""), strict=True)
    assert header == columns
    assert all(len(line) == len(columns) for line in lines)
    assert not [cell for line in lines for cell in line if cell.startswith(_FORMULA)]
    return [dict(zip(columns, line, strict=True)) for line in lines]


def canonical(body: bytes) -> list[dict[str, str]]:
    """The canonical row; units agree with one another."""
    lines = read_csv(body, CANONICAL)
    for line in lines:
        fte = float(line["fte"])
        assert float(line["allocation_pct"]) == 100 * fte
        assert float(line["hours_per_day"]) == 8 * fte
        assert float(line["minutes_per_day"]) == 480 * fte
        assert _day(line["start_date"])
        assert _day(line["end_date"])
    return lines


def smartsheet(body: bytes) -> list[dict[str, str]]:
    """Resource Management: Project Name and Type are required, days are YYYY-MM-DD, percent goes from 0 to 1."""
    columns = ["Project Name", "Type", "Phase", "Role", "Start Date", "End Date", "allocation_mode", "percent"]
    lines = read_csv(body, columns)
    for line in lines:
        assert line["Project Name"]
        assert line["Type"]
        assert _day(line["Start Date"])
        assert _day(line["End Date"])
        assert line["allocation_mode"] == "percent"
        assert 0 < float(line["percent"]) <= 1
    return lines


def msproject(body: bytes) -> list[dict[str, str]]:
    """The resource sheet: seven columns, units in percent, rates by the hour, each name once."""
    columns = ["Name", "Type", "Initials", "Group", "Max Units", "Standard Rate", "Overtime Rate"]
    lines = read_csv(body, columns)
    for line in lines:
        assert line["Name"]
        assert line["Type"] == "Work"
        assert re.fullmatch(r"\d+%", line["Max Units"])
        assert re.fullmatch(r"\d+(\.\d+)?/hr", line["Standard Rate"])
        assert re.fullmatch(r"\d+(\.\d+)?/hr", line["Overtime Rate"])
        assert not set("[],;") & set(line["Name"])  # which part resources and their units
    assert len({line["Name"] for line in lines}) == len(lines)
    return lines


def float_file(body: bytes) -> Json:
    """Tasks in hours a day, of people who are placeholders (type 4) with a role in the one project's team."""
    file = _exact(json.loads(body), {"project_team": _list, "tasks": _list})
    member = {"project_id": _text, "people_id": _text, "role_id": _text, "people_type_id": lambda value: value == 4}
    task = dict.fromkeys(("people_id", "project_id", "name"), _text) | {"start_date": _day, "end_date": _day}
    members = {(one["project_id"], one["people_id"]) for one in (_exact(one, member) for one in file["project_team"])}
    for one in file["tasks"]:
        _exact(one, {**task, "hours": lambda hours: 0 < hours <= 8})
        assert (one["project_id"], one["people_id"]) in members
    assert len({person for _, person in members}) == len(file["project_team"])
    return file


def runn(body: bytes) -> Json:
    """Assignments of a role, in whole minutes a day, that no person fills."""
    file = _exact(json.loads(body), {"assignments": _list})
    keys: dict[str, Check] = {
        "personId": lambda value: value is None,
        "isBillable": lambda value: value in (True, False),
    }
    keys |= dict.fromkeys(("projectId", "roleId", "note"), _text) | {"startDate": _day, "endDate": _day}
    keys["minutesPerDay"] = lambda value: isinstance(value, int) and 0 < value <= 480
    for one in file["assignments"]:
        _exact(one, keys)
    return file


def kantata(body: bytes) -> Json:
    """Resources without a user, each with a label of its own, and their allocations in whole minutes."""
    file = _exact(json.loads(body), {"workspace_resources": _list, "workspace_allocations": _list})
    labels = [_exact(one, {"role_id": _text, "label": _text})["label"] for one in file["workspace_resources"]]
    assert len(set(labels)) == len(labels)
    keys: dict[str, Check] = {"resource_id": lambda value: value in labels, "start_date": _day, "end_date": _day}
    keys["minutes"] = lambda value: isinstance(value, int) and value > 0
    for one in file["workspace_allocations"]:
        _exact(one, keys)
    return file


READERS: Mapping[str, Callable[[bytes], Any]] = {
    "csv": canonical,
    "float": float_file,
    "runn": runn,
    "kantata": kantata,
    "smartsheet": smartsheet,
    "msproject": msproject,
}


def _exact(value: Json, keys: Mapping[str, Check]) -> Json:
    assert set(value) == set(keys), set(value) ^ set(keys)
    for key, check in keys.items():
        assert check(value[key]), (key, value[key])
    return value


def _text(value: object) -> bool:
    return isinstance(value, str)


def _list(value: object) -> bool:
    return isinstance(value, list)


def _day(value: object) -> bool:
    return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
