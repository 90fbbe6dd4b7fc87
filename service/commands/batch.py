"""`staffing batch`: a file of projects answered into another, which appears only when it is whole."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from schemas.batch_plans import LAYOUTS, load_plans
from schemas.faults import InputError, UnreadableError
from schemas.records import csv_blocks, csv_header
from service.app import build_recommender
from service.batch import Batch, BatchCutError, Piece
from service.config import read_settings
from service.plans import plan_file
from service.recommender import code_digest

FORMATS = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json"}
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far a run has come: bytes read and written, the next line, items and those with faults.

    `of` says of which file, rulebook and code; what was made of others is no part of this answer.
    """

    of: str
    read: int = 0
    written: int = 0
    line: int = 1
    items: int = 0
    faulty: int = 0

    def after(self, piece: Piece) -> Progressed:
        """How far it is with one more piece."""
        return replace(
            self,
            read=self.read + piece.size,
            written=self.written + len(piece.body),
            line=max(self.line, piece.line),
            items=self.items + piece.items,
            faulty=self.faulty + piece.faulty,
        )


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format", "layout", type=click.Choice(LAYOUTS), help="Write the plans of all projects as a file for this tool."
)
def batch(source: Path, target: Path, layout: str | None) -> None:
    """Recommend for every project of a file.

    SOURCE and TARGET are .csv (with dotted column names), .ndjson or .json. A project that is
    wrong is told its faults in its own row. TARGET appears when it is whole; an interrupted run
    goes on where it was when the same command is given again.

    A file for a planning tool needs the schedule of every project, and is not written if any is wrong.
    """
    if target.exists() and target.samefile(source):
        raise click.UsageError(f"{target} is the source itself; give the answers a file of their own")
    if layout:
        _plan(source, target, layout)
    else:
        _answer(source, target, (_format(source), _format(target)))


def _plan(source: Path, target: Path, layout: str) -> None:
    recommender = build_recommender(read_settings())
    try:
        with source.open("rb") as opened:
            requests = load_plans(iter(lambda: opened.read(_CHUNK), b""), _format(source))
        _write_whole(target, plan_file(recommender, requests, layout))
    except (InputError, UnreadableError) as error:
        raise _unwritten(source, target, error) from None
    click.echo(f"{target}: {len(requests):,} projects", err=True)


def _answer(source: Path, target: Path, formats: tuple[str, str]) -> None:
    engine = build_recommender(read_settings()).engine
    part = target.with_name(f"{target.name}.part")
    with _alone(part) as file:
        before = _resumed(source, part, f"{formats} {engine.rulebook.digest} {code_digest()}")
        file.truncate(before.written)
        file.seek(before.written)
        try:
            done = _run(Batch(engine), source, formats, file, before)
        except (InputError, UnreadableError, BatchCutError) as error:
            for left in (part, _checkpoint(part)):  # the source has to change: what was made of it is of no use
                left.unlink(missing_ok=True)
            raise _unwritten(source, target, error) from None
        except KeyboardInterrupt:
            click.echo(f"Interrupted; give the same command again to go on. {target} is not written yet.", err=True)
            raise
        os.fsync(file.fileno())
        part.replace(target)
        _checkpoint(part).unlink(missing_ok=True)
    faults = f", {done.faulty:,} of them with faults" if done.faulty else ""
    click.echo(f"{target}: {done.items:,} projects{faults}", err=True)


def _unwritten(source: Path, target: Path, error: Exception) -> click.ClickException:
    said = [str(error)]
    if isinstance(error, InputError):
        said = [f"{fault.field}: {fault.message}" if fault.field else fault.message for fault in error.faults]
    return click.ClickException("\n  ".join([f"{source}:", *said]) + f"\n{target} was not written.")


def _format(path: Path) -> str:
    if path.suffix.lower() not in FORMATS:
        raise click.UsageError(f"{path} is in no known format: name it {', '.join(FORMATS)}")
    return FORMATS[path.suffix.lower()]


@contextmanager
def _alone(part: Path) -> Iterator[BinaryIO]:
    """Open the unfinished file for one run at a time."""
    with part.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise click.ClickException(f"{part} is being written by another run") from None
        yield file


def _run(batch: Batch, source: Path, formats: tuple[str, str], file: BinaryIO, done: Progressed) -> Progressed:
    """Answer from where `done` is; after every piece, what is written and how far that is are on the disk."""
    checkpoint = _checkpoint(Path(file.name))
    header = _header(source) if formats[0] == "csv" and done.line > 1 else ()
    with source.open("rb") as opened, _progress(source.stat().st_size) as progress:
        opened.seek(done.read)
        chunks = iter(lambda: opened.read(_CHUNK), b"")
        task = progress.add_task("", total=source.stat().st_size, completed=done.read)
        for piece in batch.answer(chunks, *formats, header=header, line=done.line):
            file.write(piece.body)
            file.flush()
            done = done.after(piece)
            if "json" not in formats and done.line > 1:  # a head alone is nothing to go on from
                _write_whole(checkpoint, orjson.dumps(asdict(done)))
            progress.update(task, completed=done.read, description=f"{done.items:,} projects")
    return done


def _resumed(source: Path, part: Path, making: str) -> Progressed:
    """How far an earlier run of the same came; nowhere, where there was none or anything has changed."""
    status = source.stat()
    new = Progressed(f"{status.st_size} {status.st_mtime_ns} {making}")
    try:
        earlier = Progressed(**orjson.loads(_checkpoint(part).read_bytes()))
    except (OSError, ValueError, TypeError):
        return new
    if earlier.of != new.of or part.stat().st_size < earlier.written:
        return new
    click.echo(f"Going on from line {earlier.line:,}, where an earlier run was interrupted.", err=True)
    return earlier


def _header(source: Path) -> list[str]:
    with source.open("rb") as file:
        return csv_header(csv_blocks(iter(lambda: file.read(_CHUNK), b"")))[0]


def _checkpoint(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _write_whole(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}~")
    beside.write_bytes(data)
    beside.replace(path)


def _progress(size: int) -> Progress:
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal or not size)
