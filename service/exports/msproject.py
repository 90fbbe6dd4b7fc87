"""Microsoft Project: the resource sheet, one generic resource a role, with as many units as its busiest phase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rules.headcount import plain
from schemas.plan import SEPARATORS
from service.exports.layout import Row, in_project, table, title

COLUMNS = ("Name", "Type", "Initials", "Group", "Max Units", "Standard Rate", "Overtime Rate")
_INITIALS = {"data_scientist": "DS", "ml_engineer": "MLE"}


def write(rows: Sequence[Row]) -> bytes:
    """One line a project and role; rates are by the hour, and overtime is not planned.

    Where there are several projects a resource is named after its own too, as equal names would be taken for one.
    """
    return table(COLUMNS, _lines(rows))


def _lines(rows: Sequence[Row]) -> Iterator[Sequence[object]]:
    places = {project: place for place, project in enumerate(dict.fromkeys(row["project"] for row in rows))}
    by_role = sorted(rows, key=lambda row: (places[row["project"]], row["role"]))
    for (project, role), own in groupby(by_role, key=lambda row: (row["project"], row["role"])):
        of_role = list(own)
        units = plain(max(row["allocation_pct"] for row in of_role))
        name, rate = title(of_role[0]), of_role[0]["rate"] or "0.00"
        name = name if len(places) == 1 else in_project(project, name).translate(SEPARATORS)
        yield name, "Work", _INITIALS[role], project, f"{units}%", f"{rate}/hr", "0.00/hr"
