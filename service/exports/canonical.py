"""CSV of the plan's rows as they are, every unit beside the others."""

from __future__ import annotations

from collections.abc import Sequence

from rules.rows import COLUMNS
from service.exports.layout import Row, table


def write(rows: Sequence[Row]) -> bytes:
    """One line a phase and role."""
    return table(COLUMNS, ([row[column] for column in COLUMNS] for row in rows))
