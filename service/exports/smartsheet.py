"""Smartsheet Resource Management: CSV of people by phase, in parts of a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.exports.layout import Row, placeholders, table

COLUMNS = ("Project Name", "Type", "Phase", "Role", "Start Date", "End Date", "allocation_mode", "percent")
_UNNAMED = "Untitled project"  # a name is required


def write(rows: Sequence[Row]) -> bytes:
    """One line a person and phase; a plan is a tentative project."""
    return table(COLUMNS, _lines(rows))


def _lines(rows: Sequence[Row]) -> Iterator[Sequence[object]]:
    for person in placeholders(rows):
        row = person.row
        project, phase = row["project"] or _UNNAMED, row["phase"].replace("_", " ")
        yield project, "Tentative", phase, person.label, row["start_date"], row["end_date"], "percent", person.fte
