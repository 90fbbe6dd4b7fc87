"""`staffing recommend`: a project from a file, standard input or flags, answered as a table or as JSON."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from io import StringIO
from typing import IO, Any, TypeVar

import click
import orjson
from rich.console import Console

from schemas.contract import WIRE
from schemas.faults import InputError, UnreadableError
from schemas.flat import nest
from schemas.project import load_project
from schemas.strict_yaml import read_yaml
from service.app import build_recommender
from service.config import read_settings
from service.report import print_report

T = TypeVar("T")
DOCUMENT = click.File(encoding="utf-8", errors="surrogateescape")  # what is no UTF-8 is refused where it stands


def flags() -> list[click.Parameter]:
    """An option for every field of a request, by its dotted name."""
    return [
        click.Option([f"--{name}", name.replace(".", "__")], metavar="VALUE", help=field.metadata.get("description"))
        for name, field in WIRE.items()
    ]


class Source(click.File):
    """A file with a project or, where it is no file's name, the project in words."""

    def __init__(self) -> None:
        super().__init__(encoding="utf-8", errors="surrogateescape")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and " " in value.strip() and not os.path.exists(value):  # noqa: PTH110 (words may hold what no path does)
            return StringIO(orjson.dumps({"description": value}).decode())
        return super().convert(value, param, ctx)


@click.command(params=flags())
@click.argument("source", type=Source(), required=False)
@click.option("--all", "everything", is_flag=True, help="Show what holds but is not in the sum, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as the API gives it.")
def recommend(source: IO[str] | None, everything: bool, as_json: bool, **said: str | None) -> None:
    """Recommend a ratio and a headcount for one project.

    SOURCE is a YAML or JSON file with the fields of POST /recommend, - for standard
    input, or the project in words; flags say the same by dotted name, and win over it.
    """
    request = read_request(source, said, load_project)
    recommender = build_recommender(read_settings())
    answer = recommender.compute(recommender.ticket(request))
    if as_json:
        click.echo(answer)
    else:
        print_report(orjson.loads(answer), Console(highlight=False), everything=everything)


def read_request(
    source: IO[str] | None, flags: Mapping[str, str | None], load: Callable[[object], T], what: str = "project"
) -> T:
    """What a file and flags say; raises click.UsageError with every fault of it."""
    try:
        given = {name.replace("__", "."): text for name, text in flags.items() if text is not None}
        return load(_document(source, given))
    except InputError as error:
        lines = (f"  {fault.field or what}: {fault.message}" for fault in error.faults)
        raise click.UsageError("\n".join([f"the {what} cannot be read as it is:", *lines])) from None
    except UnreadableError as error:
        raise click.UsageError(str(error)) from None


def _document(source: IO[str] | None, flags: dict[str, str]) -> object:
    document: object = {}
    if source is not None:
        read = read_yaml(source.read())
        if read.faults:
            raise InputError(located.fault for located in read.faults)
        document = read.value
    said = nest(flags.items())
    return _joined(document, said) if isinstance(document, dict) else document


def _joined(document: dict[str, object], flags: dict[str, object]) -> dict[str, object]:
    """The document with what the flags say in place of its own, group by group."""
    joined = dict(document)
    for key, value in flags.items():
        below = joined.get(key)
        joined[key] = _joined(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return joined
