"""`staffing portfolio`: projects that share a pool of people; who goes where."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import IO, Any

import click
import orjson
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rules.vocabulary import ROLE_TITLES
from schemas.portfolio import load_portfolio
from service.app import build_recommender
from service.commands.recommend import DOCUMENT, read_request
from service.config import read_settings
from service.portfolio import shared

Json = dict[str, Any]


@click.command()
@click.argument("source", type=DOCUMENT)
@click.option("--json", "as_json", is_flag=True, help="Print the portfolio as the API gives it.")
def portfolio(source: IO[str], as_json: bool) -> None:
    """Share a pool of people among projects.

    SOURCE is a JSON or YAML file with the people and the projects of POST /portfolio, or - for standard input.
    """
    asked = read_request(source, {}, load_portfolio, "portfolio")
    recommender = build_recommender(read_settings())
    answers = [recommender.body(request) for request in asked.requests]
    body = shared(asked, answers)
    if as_json:
        click.echo(orjson.dumps(body))
    else:
        _print(body, Console(highlight=False))


def _print(body: Json, console: Console) -> None:
    for row in body["unmet_requirements"]:
        console.print(Text(f"Cannot be met: {row['required']:g} required. {_where(row)}: {row['reason']}"))
    console.print(_phases(body["assignments"]))
    for row in body["assignments"]:
        if row["short"]:
            console.print(Text(f"{row['short']:g} short. {_where(row)}: {row['reason']}"))
    if body["shortfalls"]:
        console.print(_months(body["shortfalls"]))
    hired = ", ".join(f"{count:g} {ROLE_TITLES[role]}" for role, count in body["hired"].items() if count)
    console.print(f"Hire: {hired or 'nobody'}")
    if body["status"] != "optimal":
        console.print("The search was ended before it was proved that there is nothing better.")
    console.print(body["note"], style="dim")


def _phases(assignments: Iterable[Json]) -> Table:
    table = Table("Project", box=box.SIMPLE_HEAD)
    table.add_column("Phase", min_width=len("maintenance"))
    for heading in ("From", "To", *ROLE_TITLES.values()):
        table.add_column(heading, no_wrap=heading in ("From", "To"))
    for (project, phase, start, end), rows in groupby(assignments, key=_span):
        people = {row["role"]: f"{row['assigned']:g} of {row['recommended']:g}" for row in rows}
        table.add_row(Text(project), phase, start, end, *(people.get(role, "") for role in ROLE_TITLES))
    return table


def _months(shortfalls: Iterable[Json]) -> Table:
    table = Table("Month", "Role", box=box.SIMPLE_HEAD)
    for heading in ("Person-days short", "FTE at worst"):
        table.add_column(heading, justify="right")
    for row in shortfalls:
        table.add_row(row["month"], ROLE_TITLES[row["role"]], f"{row['person_days']:g}", f"{row['most_fte']:g}")
    return table


def _span(row: Json) -> tuple[str, str, str, str]:
    return row["project"], _phase(row), row["start"], row["end"]


def _where(row: Json) -> str:
    return f"{row['project']}, {_phase(row)}, {ROLE_TITLES[row['role']]}"


def _phase(row: Json) -> str:
    return str(row["phase"]).replace("_", " ")
