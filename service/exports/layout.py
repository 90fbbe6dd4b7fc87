"""What the layouts share: safe CSV, and a role's people one by one, as tools hold them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from math import ceil
from typing import Any

from rules.headcount import plain
from rules.vocabulary import ROLE_TITLES
from schemas.faults import Fault, InputError
from schemas.sheet import as_text

CSV = "text/csv; charset=utf-8; header=present"
JSON = "application/json"
MOST_PLACEHOLDERS = 10_000

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A person whom a role still waits for, in one row: the share of a day, and the hours that it comes to."""

    row: Row
    number: int
    fte: float

    @property
    def label(self) -> str:
        """The role and the person's number in it, the same in all phases."""
        return f"{title(self.row)} {self.number}"

    @property
    def name(self) -> str:
        """The label after the project's name: no two people of a file share it."""
        return in_project(self.row["project"], self.label)

    @property
    def total_hours(self) -> float:
        return plain(self.row["total_hours"] * self.fte / self.row["fte"])


def placeholders(rows: Sequence[Row]) -> Iterator[Placeholder]:
    """Each row's people one by one, the last maybe in part; raise InputError where they are too many to list."""
    count = sum(ceil(row["fte"]) for row in rows)
    if count > MOST_PLACEHOLDERS:
        message = (
            f"this format lists every person; {count} lines are more than {MOST_PLACEHOLDERS}: "
            "use msproject, or plan less in one file"
        )
        raise InputError([Fault("format", "too_many", message)])
    for row in rows:
        for number in range(1, ceil(row["fte"]) + 1):
            yield Placeholder(row, number, plain(min(1, row["fte"] - number + 1)))


def in_project(project: str, name: str) -> str:
    """Return a name that says whose it is."""
    return f"{project}: {name}" if project else name


def title(row: Row) -> str:
    """The role in words, as a name begins."""
    words = ROLE_TITLES[row["role"]]
    return words[0].upper() + words[1:]


def table(columns: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    """CSV in UTF-8 after RFC 4180, a row a line; text that a spreadsheet would take for a formula is guarded."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([as_text(_on_one_line(cell)) for cell in line] for line in lines)
    return text.getvalue().encode()


def _on_one_line(cell: object) -> object:
    return " ".join(cell.splitlines()) if isinstance(cell, str) else cell
