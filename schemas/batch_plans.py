"""The projects of a batch that becomes one file of plans: all of them, each with a whole schedule, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from schemas.batch import check_header, read_array, row_document
from schemas.body import read_json
from schemas.faults import Fault, InputError, UnreadableError
from schemas.plan import EXPORTS, SCHEDULE, load_plan
from schemas.project import Request
from schemas.records import csv_blocks, csv_header, csv_rows, line_blocks

LAYOUTS = tuple(name for name in EXPORTS if name != "csv")  # a batch's own CSV has its answers
MOST_PLANS = 1_000
_TOLD = 1_000  # faults

_Numbered = tuple[str, Callable[[], object]]


def load_plans(chunks: Iterable[bytes], source: str) -> list[Request]:
    """Return the requests of a batch of CSV, lines of JSON or an array; raise InputError with every fault of them.

    A fault's field begins with its item's line or, in an array, its place, as they are in a batch's answers:
    `line.7.phase`, `item.3.phase`. Raises UnreadableError for what is no batch at all.
    """
    requests: list[Request] = []
    faults: list[Fault] = []
    for count, (at, read) in enumerate(_items(chunks, source)):
        if count == MOST_PLANS:
            message = f"a file of plans has {MOST_PLANS:,} projects at most: send them in parts, a file each"
            faults.append(Fault(at, "too_many", message))
            break
        try:
            requests.append(load_plan(read()))
        except InputError as error:
            faults += [fault.under(at) for fault in error.faults]
        except UnreadableError as error:
            faults.append(Fault(at, "unreadable", error.problem.replace("body", "line", 1)))
        if len(faults) > _TOLD:
            faults.append(Fault(at, "more", "what is wrong after this is not told; mend what is, and send all again"))
            break
    if faults:
        raise InputError(faults)
    return requests


def _items(chunks: Iterable[bytes], source: str) -> Iterator[_Numbered]:
    """Each item's path, and what reads its document."""
    if source == "csv":
        yield from _rows(chunks)
    elif source == "ndjson":
        lines = ((block.line + place, line) for block in line_blocks(chunks) for place, line in _split(block.text))
        yield from ((f"line.{at}", partial(read_json, line.encode())) for at, line in lines if line.strip())
    else:
        yield from ((f"item.{at}", partial(_as_it_is, one)) for at, one in enumerate(read_array(b"".join(chunks)), 1))


def _rows(chunks: Iterable[bytes]) -> Iterator[_Numbered]:
    names, _, blocks = csv_header(csv_blocks(chunks))
    header = [name.strip() for name in names]
    check_header(header, SCHEDULE)
    for block in blocks:
        for rows, lines in csv_rows(block):
            yield from (
                (f"line.{line}", partial(row_document, header, row))
                for row, line in zip(rows, lines, strict=True)
                if row
            )


def _split(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.split("\n"))


def _as_it_is(document: object) -> object:
    return document
