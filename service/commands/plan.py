"""`staffing plan`: dated phases with people, days and cost, as a table or for a planning tool."""

from __future__ import annotations

from typing import IO, Any

import click
import orjson
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rules.vocabulary import ROLE_TITLES
from schemas.plan import EXPORTS, load_plan, plan_body
from service.app import build_recommender
from service.commands.recommend import Source, flags, read_request
from service.config import read_settings
from service.exports import FORMATS

Json = dict[str, Any]
_COLUMNS = ("Phase", "From", "To", "Role", "FTE", "Hours", "Cost")


@click.command(params=flags())
@click.argument("source", type=Source(), required=False)
@click.option(
    "--format", "layout", type=click.Choice(("table", "json", *EXPORTS)), default="table", help="How to lay it out."
)
def plan(source: IO[str] | None, layout: str, **said: str | None) -> None:
    """Plan the phases of one project, with dates, people and cost.

    SOURCE is a YAML or JSON file with the fields of POST /plan, - for standard input,
    or the project in words; flags say the same by dotted name, and win over it.
    """
    recommender = build_recommender(read_settings())
    body = plan_body(recommender.body(read_request(source, said, load_plan)))
    if layout == "table":
        _print(body, Console(highlight=False))
    else:
        click.echo(orjson.dumps(body) if layout == "json" else FORMATS[layout].write(body["rows"]), nl=layout == "json")


def _print(body: Json, console: Console) -> None:
    span, cost = body["schedule"], body["cost"]
    name = Text(body["name"] or body["reference"] or "The plan", style="bold")
    console.print(name, f"{span['start']} to {span['end']}, {span['working_days']} working days", sep=": ")
    table = Table(box=box.SIMPLE_HEAD)
    for heading in _COLUMNS:
        table.add_column(heading, justify="right" if heading in ("FTE", "Hours", "Cost") else "left")
    for row in body["rows"]:
        phase, role = row["phase"].replace("_", " "), ROLE_TITLES[row["role"]]
        numbers = (f"{row['fte']:g}", f"{row['total_hours']:g}", row["cost"] or "")
        table.add_row(phase, row["start_date"], row["end_date"], role, *numbers)
    console.print(table)
    if cost:
        console.print(f"Cost: {cost['total']} {cost['currency'] or ''}".rstrip())
        console.print(cost["note"], style="dim")
    for warning in body["warnings"]:
        console.print(f"Beware: {warning['message']}", markup=False)
