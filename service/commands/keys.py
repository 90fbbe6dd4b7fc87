"""`staffing keys`: make, list and revoke API keys."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from service.guard.keys import Key, list_keys, make_key, revoke_key
from service.guard.scopes import KEYED

_LIFE = re.compile(r"([1-9][0-9]{0,4})([hd])")
_UNITS = {"h": "hours", "d": "days"}


class Life(click.ParamType[timedelta]):
    """How long a key lives: `90d` or `12h`."""

    name = "life"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return it as a timedelta."""
        said = _LIFE.fullmatch(value)
        if said is None:
            self.fail(f"{value!r} is not a number of days or hours, such as 90d or 12h", param, ctx)
        return timedelta(**{_UNITS[said[2]]: int(said[1])})


file_option = click.option(
    "--file",
    "path",
    envvar="API_KEYS_FILE",
    required=True,
    show_envvar=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the keys are kept.",
)


@click.group()
def keys() -> None:
    """Make, list and revoke API keys. A running service notices within a second."""


@keys.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(KEYED), help="May be repeated.")
@click.option("--expires", type=Life(), help="How long it lives, such as 90d or 12h; for ever if left out.")
@file_option
def make(name: str, scopes: tuple[str, ...], expires: timedelta | None, path: Path) -> None:
    """Make a key for NAME, and print it: this once, for only its digest is kept."""
    until = (datetime.now(UTC) + expires).replace(microsecond=0) if expires else None
    key, presented = make_key(path, name, scopes, until)
    click.echo(f"Key {key.id} for {name}: {', '.join(key.scopes)}; {_until(key)}. It is shown this once:", err=True)
    click.echo(presented)


@keys.command("list")
@file_option
def list_all(path: Path) -> None:
    """List the keys: everything but their secrets."""
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("Id", "Name", "Scopes", "Created", "Holds"):
        table.add_column(heading)
    for key in list_keys(path):
        table.add_row(key.id, key.name, " ".join(key.scopes), f"{key.created:%Y-%m-%d}", _until(key))
    Console(highlight=False, markup=False).print(table)


@keys.command()
@click.argument("name", metavar="ID")
@file_option
def revoke(name: str, path: Path) -> None:
    """Revoke the key ID, for good."""
    try:
        key = revoke_key(path, name)
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from None
    click.echo(f"Revoked {key.id}, {key.name}.", err=True)


def _until(key: Key) -> str:
    if key.expires is None:
        return "without end"
    return f"{'ended' if key.expired() else 'until'} {key.expires:%Y-%m-%d %H:%M} UTC"
