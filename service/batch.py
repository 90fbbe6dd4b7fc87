"""A batch on its way through: chunks of bytes in, the bytes of the answers out, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from rules.columns import Columns, Scores
from rules.engine import Engine
from schemas.batch import CsvReader, DocumentReader, Items
from schemas.batch_answer import ArrayWriter, CsvWriter, LinesWriter
from schemas.faults import Fault, UnreadableError
from schemas.records import csv_blocks, csv_header, line_blocks

WRITERS: Mapping[str, type[CsvWriter | LinesWriter]] = {"csv": CsvWriter, "ndjson": LinesWriter, "json": ArrayWriter}


@dataclass(frozen=True, slots=True)
class Piece:
    """Answers of a block: their `body`, how many items they are of, and how many of those have faults.

    `size` is how many bytes of the source the block took; `line` is the line that comes after it.
    """

    body: bytes
    items: int = 0
    faulty: int = 0
    size: int = 0
    line: int = 1


class BatchCutError(Exception):
    """A batch that ended before its end; `last` is what says so in the answer's own format."""

    def __init__(self, cause: UnreadableError, last: bytes) -> None:
        super().__init__(str(cause))
        self.last = last


class Batch:
    """Answers batches under one rulebook. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._columns = Columns(engine)
        self._space = engine.scorecard.space
        self._ratios = engine.ratios

    def answer(
        self, chunks: Iterable[bytes], source: str, target: str, *, header: Sequence[str] = (), line: int = 1
    ) -> Iterator[Piece]:
        """Answer a batch that comes in chunks, from one of `WRITERS` to another.

        To go on in the middle, give the `line` that the chunks begin with, and the `header` of CSV: then no head is
        written. Raises InputError or UnreadableError for what is wrong before the first answer, and BatchCutError
        for what cannot be read on after it.
        """
        writer = WRITERS[target](self._ratios, "item" if source == "json" else "line")
        reading = self._read(chunks, source, header, line)
        first = next(reading, None)
        begun = line > 1
        yield Piece(b"" if begun else writer.head, size=first.header_size if first else 0)
        try:
            for read in chain([first] if first else [], reading):
                rows = writer.rows(read.items, self._score(read.items)) if read.items.at else b""
                yield Piece(
                    writer.between + rows if begun and rows else rows,
                    len(read.items.at),
                    len(read.items.faults),
                    read.size,
                    read.line,
                )
                begun = begun or bool(rows)
        except UnreadableError as error:
            fault = Fault("", "cut", f"the batch breaks off here, before its end: {error.problem}")
            raise BatchCutError(error, (writer.between if begun else b"") + writer.cut(error.line, fault)) from error
        yield Piece(writer.tail)

    def _score(self, items: Items) -> Scores:
        scores = self._columns.score(items.cells, items.terms)
        for place, request in items.described.items():
            people = scores.people[place]
            remarks = [remark["code"] for remark in request.remarks]
            scores.people[place] = replace(people, warnings=tuple(dict.fromkeys([*remarks, *people.warnings])))
        return scores

    def _read(self, chunks: Iterable[bytes], source: str, header: Sequence[str], line: int) -> Iterator[_Read]:
        if source == "json":
            body = b"".join(chunks)
            yield _Read(DocumentReader(self._space).read_array(body), len(body), 1)
            return
        read, blocks, size = DocumentReader(self._space).read_lines, line_blocks(chunks, line), 0
        if source == "csv":
            blocks = csv_blocks(chunks, line)
            if not header:
                header, size, blocks = csv_header(blocks)
            read = CsvReader(self._space, header).read
        for block in blocks:
            yield _Read(read(block), block.size, block.line + block.text.count("\n"), size)
            size = 0


@dataclass(frozen=True, slots=True)
class _Read:
    """Items with the size of what they were read from, the line that comes next and the size of a header before."""

    items: Items
    size: int
    line: int
    header_size: int = 0
