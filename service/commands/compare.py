"""`staffing compare`: a project and changes to it, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

import click
import orjson
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from rules.vocabulary import ROLE_TITLES
from schemas.comparison import comparison_body, load_comparison
from service.app import build_recommender
from service.commands.recommend import DOCUMENT, read_request
from service.config import read_settings

Json = dict[str, Any]


@click.command()
@click.argument("source", type=DOCUMENT)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as the API gives it.")
def compare(source: IO[str], as_json: bool) -> None:
    """Compare a project with what it might become.

    SOURCE is a JSON or YAML file with the base and the changes of POST /compare, or - for standard input.
    """
    asked = read_request(source, {}, load_comparison, "comparison")
    recommender = build_recommender(read_settings())
    requests = (asked.base, *(scenario.request for scenario in asked.scenarios))
    answers = [recommender.body(request) for request in requests]
    body = comparison_body(asked, answers)
    if as_json:
        click.echo(orjson.dumps(body))
    else:
        _print(body, Console(highlight=False))


def _print(body: Json, console: Console) -> None:
    names, differences = body["names"], body["differences"]
    if differences:
        console.print(_table(names, differences))
    else:
        console.print("Nothing that is decided differs.")
    for scenario in body["scenarios"]:
        console.print(Text(scenario["name"], style="bold"), Text(f"sets {_settings(scenario['set'])}"), sep=": ")
        for reason in scenario["reasons"]:
            moved = f"{reason['from']:+} to {reason['to']:+} for {ROLE_TITLES[reason['role']]}s"
            console.print(Text(f"  {moved}: {reason['title']}"))


def _table(names: Sequence[str], differences: Sequence[Json]) -> Table:
    table = Table("Differs", *map(escape, names), box=box.SIMPLE_HEAD)
    for row in differences:
        table.add_row(row["field"], *(Text(_said(value)) for value in row["values"]))
    return table


def _settings(changes: Json) -> str:
    return ", ".join(f"{name} to {_said(value)}" for name, value in changes.items())


def _said(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
