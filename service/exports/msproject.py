"""Microsoft Project: the resource sheet, one generic resource a role, with as many units as its busiest phase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rules.headcount import plain
from service.exports.layout import Row, table, title

COLUMNS = ("Name", "Type", "Initials", "Group", "Max Units", "Standard Rate", "Overtime Rate")
_INITIALS = {"data_scientist": "DS", "ml_engineer": "MLE"}


def write(rows: Sequence[Row]) -> bytes:
    """One line a project and role; rates are by the hour, and overtime is not planned."""
    return table(COLUMNS, _lines(sorted(rows, key=_resource)))


def _resource(row: Row) -> tuple[str, str]:
    return row["project"], row["role"]


def _lines(rows: Sequence[Row]) -> Iterator[Sequence[object]]:
    for (project, role), own in groupby(rows, key=_resource):
        of_role = list(own)
        units = plain(max(row["allocation_pct"] for row in of_role))
        name, rate = title(of_role[0]), of_role[0]["rate"] or "0.00"
        yield name, "Work", _INITIALS[role], project, f"{units}%", f"{rate}/hr", "0.00/hr"
