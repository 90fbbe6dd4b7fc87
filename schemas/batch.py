"""The projects of a batch, read from CSV with dotted column names, from lines of JSON or from an array.

Rows of CSV are read column by column: what a cell's text stands for is looked up, once a
column. A row with anything else than what every column takes as it stands goes the way of
a single request, and so has the faults that it would have there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np
from marshmallow import ValidationError
from numpy.typing import NDArray

from rules.column_people import Terms
from rules.project import Team
from rules.space import Axis, Space
from rules.vocabulary import FIELD_BY_NAME, FIELDS, Choice
from schemas.body import read_json
from schemas.contract import WIRE, FlatSchema, unknown_field
from schemas.faults import Fault, InputError, UnreadableError
from schemas.fields import Strict, Text
from schemas.flat import nest
from schemas.project import Request, load_project
from schemas.records import Block, csv_rows
from schemas.words import quote

Array: TypeAlias = NDArray[Any]
T = TypeVar("T")

_REMEMBERED = 65_536  # texts a column
_ODD = -1
_READ = {str(one.data_key): cast(Strict, one) for one in FlatSchema().fields.values()}
_ECHOED = ("name", "reference")
_TERMS = [name for name in WIRE if name.partition(".")[0] in ("team", "budget", "schedule")]
_LEAST = {one.name: str(one.values[0]) for one in FIELDS if isinstance(one, Choice) and one.required}
_NO_TERMS = Terms(Team())
_OTHER_SEPARATORS = {";": "semicolons, as spreadsheets have them where a comma is the decimal sign", "\t": "tabs"}


@dataclass(slots=True)
class Items:
    """The items of a batch that were read together, a column a field, in order.

    `at` is an item's line, or its place in an array, from 1; `cells` has the shape (fields, items). An item with
    `faults`, by its index, has cells that mean nothing; `described` has those that a text said something of.
    """

    at: list[int]
    names: list[str | None]
    references: list[str | None]
    cells: Array
    terms: list[Terms]
    faults: dict[int, tuple[Fault, ...]] = field(default_factory=dict)
    described: dict[int, Request] = field(default_factory=dict)


class CsvReader:
    """Reads rows under one header."""

    def __init__(self, space: Space, header: Sequence[str]) -> None:
        """Take the header's cells; raises InputError with every fault of them."""
        self._header = [name.strip() for name in header]
        check_header(self._header)
        self._space = space
        self._axes = {axis.field.name: (place, axis) for place, axis in enumerate(space.axes)}
        self._cells = {name: _Memo(_locator(self._axes[name][1])) for name in self._header if name in FIELD_BY_NAME}
        self._saying = [name for name in self._header if name in _TERMS]
        self._terms = _Memo(self._read_terms)

    def read(self, block: Block) -> Items:
        """Read a block of rows."""
        return _joined([self._read(rows, lines) for rows, lines in csv_rows(block)], len(self._axes))

    def _read(self, rows: list[list[str]], lines: Sequence[int]) -> Items:
        if not all(rows):  # blank lines
            kept = [place for place, row in enumerate(rows) if row]
            rows, lines = [rows[place] for place in kept], [lines[place] for place in kept]
        width = len(self._header)
        even = rows if set(map(len, rows)) <= {width} else [row if len(row) == width else [""] * width for row in rows]
        items, odd = self._read_columns(lines, dict(zip(self._header, zip(*even, strict=True), strict=False)))
        for place in odd:
            self._read_oddly(items, place, rows[place])
        return items

    def _read_columns(self, lines: Sequence[int], columns: dict[str, Sequence[str]]) -> tuple[Items, list[int]]:
        """Look every cell up; return the places of the rows for which that will not do, too."""
        count = len(lines)
        cells = np.zeros((len(self._axes), count), np.int64)
        for name, memo in self._cells.items():
            cells[self._axes[name][0]] = np.fromiter(map(memo.__getitem__, columns.get(name, ())), np.int64, count)
        required = cells[[place for place, axis in self._axes.values() if axis.field.required]]
        odd = (cells == _ODD).any(axis=0) | (required == 0).any(axis=0)
        terms = self._look_up_terms(columns, count, odd)
        texts = {name: _texts(name, columns.get(name), count, odd) for name in _ECHOED}
        for place, text in enumerate(columns.get("description", ())):
            odd[place] |= bool(text.strip())
        cells[:, odd] = 1
        return Items(list(lines), texts["name"], texts["reference"], cells, terms), odd.nonzero()[0].tolist()

    def _look_up_terms(self, columns: dict[str, Sequence[str]], count: int, odd: Array) -> list[Terms]:
        if not self._saying:
            return [_NO_TERMS] * count
        said = zip(*(columns.get(name, ()) for name in self._saying), strict=True)
        terms = list(map(self._terms.__getitem__, said))
        while None in terms:
            odd[place := terms.index(None)] = True
            terms[place] = _NO_TERMS
        return cast(list[Terms], terms)

    def _read_terms(self, texts: tuple[str, ...]) -> Terms | None:
        try:
            project = load_project(nest([*_LEAST.items(), *zip(self._saying, texts, strict=True)])).project
        except InputError:
            return None
        return Terms(project.team, project.budget, project.schedule)

    def _read_oddly(self, items: Items, place: int, row: Sequence[str]) -> None:
        """Read a row as a request of its own."""
        try:
            _put(items, place, load_project(row_document(self._header, row)), self._space)
        except InputError as error:
            items.faults[place] = error.faults


class DocumentReader:
    """Reads projects in JSON."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def read_lines(self, block: Block) -> Items:
        """Read one project a line; blank lines are passed over."""
        lines = ((number, line) for number, line in enumerate(block.text.split("\n"), block.line) if line.strip())
        return self._read(lines, lambda line: load_project(read_json(line.encode())))

    def read_array(self, body: bytes) -> Items:
        """Read an array of projects; raises UnreadableError, or InputError for what is none."""
        return self._read(enumerate(read_array(body), 1), load_project)

    def _read(self, numbered: Iterable[tuple[int, T]], load: Callable[[T], Request]) -> Items:
        documents = list(numbered)
        count = len(documents)
        cells = np.ones((len(self._space.axes), count), np.int64)
        items = Items([at for at, _ in documents], [None] * count, [None] * count, cells, [_NO_TERMS] * count)
        for place, (_, document) in enumerate(documents):
            try:
                _put(items, place, load(document), self._space)
            except InputError as error:
                items.faults[place] = error.faults
            except UnreadableError as error:
                items.faults[place] = (Fault("", "unreadable", error.problem.replace("body", "line", 1)),)
        return items


def _joined(parts: Sequence[Items], fields: int) -> Items:
    items = Items([], [], [], np.zeros((fields, 0), np.int64), [])
    for part in parts:
        before = len(items.at)
        items.faults |= {before + place: faults for place, faults in part.faults.items()}
        items.described |= {before + place: request for place, request in part.described.items()}
        items.at += part.at
        items.names += part.names
        items.references += part.references
        items.terms += part.terms
    items.cells = np.concatenate([items.cells, *(part.cells for part in parts)], axis=1)
    return items


def _put(items: Items, place: int, request: Request, space: Space) -> None:
    project = request.project
    items.names[place], items.references[place] = request.name, request.reference
    items.cells[:, place] = space.locate(project.answers)
    items.terms[place] = Terms(project.team, project.budget, project.schedule)
    if request.inferred or request.remarks:
        items.described[place] = request


def row_document(header: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    """Return the document that a row of CSV says, for `load_project`; raise InputError for one of another width."""
    if len(row) != len(header):
        message = f"the row has {len(row)} cells and the header {len(header)}; quote a cell that has a comma"
        raise InputError([Fault("", "wrong_width", message)])
    return nest(zip(header, row, strict=True))


def read_array(body: bytes) -> list[Any]:
    """Return the documents of an array; raise UnreadableError, or InputError for what is none."""
    documents = read_json(body)
    if not isinstance(documents, list):
        message = f"{quote(documents)} is not a batch: send an array of projects"
        raise InputError([Fault("", "wrong_type", message)])
    return documents


def check_header(names: Sequence[str], needed: Sequence[str] = ()) -> None:
    """Raise InputError with every fault of a header, which has the required columns and those that are `needed`."""
    for separator, called in _OTHER_SEPARATORS.items():
        if len(names) == 1 and set(names[0].split(separator)) & set(WIRE):
            message = f"the columns are parted by {called}; part them by commas"
            raise InputError([Fault("", "wrong_separator", message)])
    faults = [
        *(unknown_field(name) for name in names if name and name not in WIRE),
        *(Fault("", "unnamed", f"column {place} has no name") for place, name in enumerate(names, 1) if not name),
        *(Fault(name, "duplicate", f"{name} is a column twice") for name in WIRE if names.count(name) > 1),
    ]
    if "description" not in names:
        missing = [one for one in FIELDS if one.required and one.name not in names]
        faults += [Fault(f.name, "required", f"{f.name} is required as a column: {f.question}") for f in missing]
    faults += [
        Fault(name, "required", f"{name} is required as a column: {WIRE[name].metadata['description']}")
        for name in needed
        if name not in names
    ]
    if faults:
        raise InputError(faults)


class _Memo(dict[Any, Any]):
    """What `read` made of each key; forgotten when there are too many."""

    def __init__(self, read: Callable[[Any], object]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, key: object) -> object:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[key] = value = self._read(key)
        return value


def _locator(axis: Axis) -> Callable[[str], int]:
    """Return what finds the cell that a text stands for: `_ODD` where it is no answer."""
    wire = _READ[axis.field.name]

    def locate(text: str) -> int:
        said = text.strip()
        try:
            return axis.locate(wire.deserialize(wire.from_text(said))) if said else 0
        except ValidationError:
            return _ODD

    return locate


def _texts(name: str, column: Sequence[str] | None, count: int, odd: Array) -> list[str | None]:
    """Return a column that is echoed; a text that is not plain for certain is left to the other way of reading."""
    if column is None:
        return [None] * count
    texts: list[str | None] = [text.strip() or None for text in column]
    longest = cast(Text, WIRE[name]).longest
    if "".join(column).isprintable() and max(map(len, column), default=0) <= longest:
        return texts
    for place, text in enumerate(texts):
        if text is not None and not (text.isprintable() and len(text) <= longest):
            odd[place], texts[place] = True, None
    return texts
