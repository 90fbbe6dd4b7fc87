"""A stream of bytes cut into blocks of whole records, so that a batch of any length is read in constant memory.

Where the stream happens to be cut never shows: a block is all that has come up to the end of a record.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, islice
from typing import Any, NamedTuple, TypeAlias

from schemas.faults import UnreadableError

LONGEST = 128 * 1024  # bytes of one record; no project that the contract takes comes near to it
_AT_ONCE = 256  # rows, whose cells stay in the processor's cache
_BYTE_ORDER_MARK = "\ufeff"

# Cells as RFC 4180 has them: a quote opens only where a cell begins, and closes only where it ends.
_WELL_QUOTED = re.compile(r'(?:[^"]*+(?<![^,\n])"(?:[^"]++|"")*+"(?![^,\r\n]))*+[^"]*+')
_OPENED = re.compile(r'"(?:[^"]++|"")*+')


_EndOf: TypeAlias = Callable[[str, int, bool], int]


class Block(NamedTuple):
    """Whole records as text, the number of its first line from 1, and how many bytes it was made of."""

    text: str
    line: int
    size: int


def csv_blocks(chunks: Iterable[bytes], line: int = 1) -> Iterator[Block]:
    """Cut CSV at the ends of its records, which quoted line ends are not; `line` is the number of the first.

    Raises UnreadableError with line and column for what is not UTF-8, not well quoted or longer than `LONGEST`.
    """
    return _blocks(chunks, line, _csv_end)


def line_blocks(chunks: Iterable[bytes], line: int = 1) -> Iterator[Block]:
    """Cut a text at the ends of its lines; raises UnreadableError as `csv_blocks` does."""
    return _blocks(chunks, line, _line_end)


def csv_rows(block: Block) -> Iterator[tuple[list[list[str]], Sequence[int]]]:
    """Yield a block's rows, some at a time, with the line where each begins; a blank line is a row without cells."""
    reader = csv.reader(StringIO(block.text, newline="\n"), strict=True)
    line = block.line
    while rows := _next_rows(reader, block.line):
        begins = block.line + reader.line_num
        yield rows, range(line, begins) if begins - line == len(rows) else list(_lines(rows, line))
        line = begins


def _next_rows(reader: Any, line: int, most: int = _AT_ONCE) -> list[list[str]]:
    try:
        return list(islice(reader, most))
    except csv.Error as error:
        bare = "new-line" in str(error)
        problem = "a line ends in a bare carriage return; end lines as \\n or \\r\\n" if bare else str(error)
        raise UnreadableError(problem, line + max(reader.line_num - 1, 0), 1) from None


def _lines(rows: list[list[str]], line: int) -> Iterator[int]:
    for row in rows:
        yield line
        line += 1 + sum(cell.count("\n") for cell in row)


def csv_header(blocks: Iterator[Block]) -> tuple[list[str], int, Iterator[Block]]:
    """Return the first record's cells, its size in bytes, and all that comes after it."""
    block = next(blocks, None)
    if block is None:
        raise UnreadableError("the batch is empty; send a header and a row for each project")
    reader = csv.reader(StringIO(block.text, newline="\n"), strict=True)
    (header,) = _next_rows(reader, block.line, 1)
    end = sum(map(len, islice(StringIO(block.text, newline="\n"), reader.line_num)))
    rest = block.text[end:]
    size = block.size - len(rest.encode())
    return header, size, chain([Block(rest, block.line + reader.line_num, block.size - size)], blocks)


def _blocks(chunks: Iterable[bytes], line: int, end_of: _EndOf) -> Iterator[Block]:
    rest, mark = b"", _BYTE_ORDER_MARK if line == 1 else ""
    for chunk in chain(chunks, (None,)):
        data, last = rest + (chunk or b""), chunk is None
        upto = len(data) if last else data.rfind(b"\n") + 1
        text = _decoded(data[:upto], line)
        if text:
            text, mark = text.removeprefix(mark), ""
        end = end_of(text, line, last)
        size = upto - len(text[end:].encode())
        if end:
            yield Block(text[:end], line, size)
        line += text.count("\n", 0, end)
        rest = data[size:]
        if len(rest) > LONGEST:
            raise UnreadableError(f"a record is longer than {LONGEST:,} bytes; is a quote left open?", line, 1)


def _csv_end(text: str, line: int, last: bool) -> int:
    """Return where the last whole record ends; all of a last text must be whole."""
    wrong = _end(_WELL_QUOTED, text) if '"' in text else len(text)
    if wrong == len(text):
        return wrong
    at, column = line + text.count("\n", 0, wrong), wrong - text.rfind("\n", 0, wrong)
    opens = text[wrong - 1 : wrong] in ("", ",", "\n")
    if not opens or _end(_OPENED, text, wrong) < len(text):
        raise UnreadableError("a cell that holds a quote must be quoted, with its quotes doubled", at, column)
    if last:
        raise UnreadableError("the quote that opens here is never closed", at, column)
    end = text.rfind("\n", 0, wrong) + 1
    while text.count('"', 0, end) % 2:  # that line end stands within quotes
        end = text.rfind("\n", 0, end - 1) + 1
    return end


def _line_end(text: str, _line: int, _last: bool) -> int:
    return len(text)


def _end(pattern: re.Pattern[str], text: str, start: int = 0) -> int:
    match = pattern.match(text, start)
    assert match is not None
    return match.end()


def _decoded(data: bytes, line: int) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = line + before.count(b"\n"), error.start - before.rfind(b"\n")
        raise UnreadableError("this is not UTF-8; save it as CSV UTF-8 or as plain UTF-8", line, column) from None
