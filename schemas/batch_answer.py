"""The answers of a batch as CSV, as lines of JSON or as an array: an item's answer or its faults, in its own place.

Names are those of a single answer: in JSON nested, in CSV dotted. A writer has a `head`, what goes `between` the
rows of one block and the next, and a `tail`; or `cut`, which says where and why a batch breaks off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import orjson

from rules.column_people import People
from rules.columns import Scores
from rules.headcount import plain
from rules.ratio import RatioTable
from rules.vocabulary import ROLES
from schemas.batch import Items
from schemas.faults import Fault
from schemas.sheet import LINE_END, cell, cells

Json = dict[str, Any]

_NET = ("lean", "ratio.text", "ratio.value", "score.net", "score.raw")
_RANGE = ("ratio.low", "ratio.high", "confidence")
_GAPS = ("headcount.hire", "headcount.surplus")
_PEOPLE = (
    "headcount.total",
    *(f"headcount.{role}" for role in ROLES),
    "headcount.basis",
    *(f"{gap}.{role}" for gap in _GAPS for role in ROLES),
    "both_required",
    "warnings",
)
COLUMNS = ("name", "reference", *_NET, *_RANGE, *_PEOPLE, "inferred", "errors")


class CsvWriter:
    """One row an item; `errors` has an item's faults in words."""

    content_type = "text/csv; charset=utf-8; header=present"
    tail = between = b""

    def __init__(self, ratios: RatioTable, place: str) -> None:
        self.head = (",".join((place, *COLUMNS)) + LINE_END).encode()
        self._ratios = ratios
        self._net = lru_cache(1_024)(self._net_cells)
        self._range = lru_cache(65_536)(self._range_cells)
        self._people = lru_cache(65_536)(_people_cells)

    def rows(self, items: Items, scores: Scores) -> bytes:
        """Return the rows of items, of which there is one at least."""
        columns = [
            list(map(str, items.at)),
            cells(items.names),
            cells(items.references),
            list(map(self._net, scores.raw.tolist())),
            list(map(self._range, scores.low.tolist(), scores.high.tolist(), scores.confidence.tolist())),
            list(map(self._people, scores.people)),
            [","] * len(items.at),  # what was inferred, and errors
        ]
        for place, request in items.described.items():
            columns[-1][place] = " ".join(entry["field"] for entry in request.inferred) + ","
        rows = list(map(",".join, zip(*columns, strict=True)))
        for place, faults in items.faults.items():
            rows[place] = _row(items.at[place], items.names[place], items.references[place], faults)
        return (LINE_END.join(rows) + LINE_END).encode()

    def _net_cells(self, raw: int) -> str:
        ratio = self._ratios.of(raw)
        return f"{ratio.lean},{ratio.text},{ratio.value},{ratio.net},{raw}"

    def _range_cells(self, low: int, high: int, percent: int) -> str:
        return f"{self._ratios.of(low).value},{self._ratios.of(high).value},{percent / 100}"

    def cut(self, at: int | None, fault: Fault) -> bytes:
        """Return a row of nothing but the error."""
        return (_row(at, None, None, (fault,)) + LINE_END).encode()


class LinesWriter:
    """One object a line."""

    content_type = "application/x-ndjson"
    head = tail = between = b""
    end = b"\n"

    def __init__(self, ratios: RatioTable, place: str) -> None:
        self._place = place
        self._of: Callable[[int], Any] = ratios.of

    def rows(self, items: Items, scores: Scores) -> bytes:
        """Return the objects of items, of which there is one at least."""
        said = list(map(orjson.dumps, self._objects(items, scores)))
        return (self.end + self.between).join(said) + self.end

    def cut(self, at: int | None, fault: Fault) -> bytes:
        """Return an object with `"cut": true` and the error."""
        return orjson.dumps({self._place: at, "cut": True, "errors": [fault.body()]}) + self.end

    def _objects(self, items: Items, scores: Scores) -> Iterator[Json]:
        columns = (scores.net, scores.raw, scores.low, scores.high, scores.confidence)
        score_columns = (column.tolist() for column in columns)
        answers = zip(items.at, items.names, items.references, scores.people, *score_columns, strict=True)
        for number, (at, name, reference, people, *score) in enumerate(answers):
            head = {self._place: at, "name": name, "reference": reference}
            if number in items.faults:
                yield head | {"errors": [fault.body() for fault in items.faults[number]]}
            else:
                inferred = items.described[number].inferred if number in items.described else ()
                yield head | self._answer(people, *score) | {"inferred": inferred}

    def _answer(self, people: People, net: int, raw: int, low: int, high: int, percent: int) -> Json:
        ratio = self._of(net)
        return {
            "lean": ratio.lean,
            "ratio": {
                "text": ratio.text, "value": ratio.value, "low": self._of(low).value, "high": self._of(high).value
            },
            "confidence": percent / 100,
            "both_required": people.both_required,
            "headcount": {
                "total": people.total,
                **people.seats,
                "basis": people.basis,
                "hire": people.hire,
                "surplus": people.surplus,
            },
            "score": {"net": net, "raw": raw},
            "warnings": list(people.warnings),
        }  # fmt: skip


class ArrayWriter(LinesWriter):
    """One array of objects."""

    content_type = "application/json"
    end = b""
    head, between, tail = b"[", b",\n", b"]"


def _row(at: int | None, name: str | None, reference: str | None, faults: Sequence[Fault]) -> str:
    said = "; ".join(f"{fault.field}: {fault.message}" if fault.field else fault.message for fault in faults)
    answer = [""] * (len(COLUMNS) - 3)
    return ",".join(["" if at is None else str(at), cell(name or ""), cell(reference or ""), *answer, cell(said)])


def _people_cells(people: People) -> str:
    """The cells of `_PEOPLE`."""
    gaps = [("" if gap is None else str(plain(gap[role]))) for gap in (people.hire, people.surplus) for role in ROLES]
    seats = [str(people.seats[role]) for role in ROLES]
    both = "true" if people.both_required else "false"
    return ",".join([str(people.total), *seats, people.basis, *gaps, both, " ".join(people.warnings)])
