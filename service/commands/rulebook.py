"""`staffing rulebook`: check, prove, verify, compare and break rulebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from rules.model import Rulebook
from rules.proof.census import TangledError
from rules.proof.diff import Difference
from rules.proof.examples import Example, mismatches
from rules.proof.lint import Finding, lint
from rules.proof.mutate import Mutation, summary
from rules.proof.prove import Proof
from rules.scorecard import Scorecard
from schemas.body import read_json
from schemas.certificate import read_certificate
from schemas.faults import InputError, Located, UnreadableError
from schemas.rulebook import RulebookError, load_rulebook
from schemas.verification import objections
from service import rulebook_report as report
from service.rulebook_files import Unreadable, chosen, examples_of, load, text

T = TypeVar("T")
FILE = click.Path(path_type=Path, dir_okay=False)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
examples_option = click.option(
    "--examples", type=click.Path(path_type=Path), help="A file or directory of examples; by default that beside FILE."
)
optional_file = click.argument("file", type=FILE, required=False)


class Counting(click.Group):
    """Commands that count, which some rulebooks make too long to wait for."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except TangledError as error:
            raise Unreadable(str(error)) from None


@click.group(cls=Counting)
def rulebook() -> None:
    """Check, prove and compare rulebooks.

    FILE is a rulebook's YAML; left out, it is RULEBOOK's or the one that the package brings.
    The exit status is 0 where all is well, 1 where something is found and 2 where a file cannot be read
    or counted.
    """


@rulebook.command()
@optional_file
@as_json
@examples_option
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
def check(file: Path | None, as_json: bool, examples: Path | None, strict: bool) -> None:
    """Find what is wrong with a rulebook, with the line and the way out.

    Errors are what does not load, rules that never hold or never count, rules that repeat or
    contradict another, and examples that are not met; warnings are values that no rule reads
    and claims that none cites.
    """
    path = chosen(file)
    try:
        book = load_rulebook(text(path), filename=str(path))
        findings = [*lint(book), *_unmet(book, examples_of(path, examples, book))]
    except RulebookError as error:
        findings = [_unloadable(located) for located in error.faults]
    if as_json:
        _print_json({"file": str(path), "findings": [finding.body() for finding in findings]})
    else:
        report.print_findings(findings, path)
    _end(any(strict or finding.severity == "error" for finding in findings))


@rulebook.command()
@optional_file
@as_json
@click.option("--out", type=FILE, help="Write the certificate to a file.")
def prove(file: Path | None, as_json: bool, out: Path | None) -> None:
    """Prove a rulebook over every possible input, by exact count, and certify it."""
    proof = Proof(load(chosen(file)))
    certificate = proof.certificate(list(_watched(proof.verdicts(), proof.steps, "Proving")))
    if out is not None:
        out.write_bytes(_json(certificate))
    if as_json:
        _print_json(certificate)
    else:
        report.print_certificate(certificate)
    _end(not certificate["holds"])


@rulebook.command()
@click.argument("certificate", type=FILE)
@optional_file
@as_json
@click.option("--recount", is_flag=True, help="Prove anew, and compare every count.")
def verify(certificate: Path, file: Path | None, as_json: bool, recount: bool) -> None:
    """Re-check a certificate by scoring its witnesses with the plain engine."""
    book = load(chosen(file))
    try:
        stated = read_certificate(read_json(certificate.read_bytes()))
    except (OSError, InputError, UnreadableError) as error:
        raise Unreadable(f"{certificate}: {error}") from None
    found = list(_watched(objections(stated, book), None, "Scoring witnesses"))
    if recount and not found:
        proof = Proof(book)
        again = proof.certificate(list(_watched(proof.verdicts(), proof.steps, "Proving anew")))
        found += [f"counted anew, {key} differs" for key in again if _json(again[key]) != _json(stated.get(key))]
    if as_json:
        _print_json({"certificate": str(certificate), "verified": not found, "objections": found})
    else:
        report.print_objections(found, stated)
    _end(bool(found))


@rulebook.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@as_json
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Count what changes from one rulebook to another, exactly, over every possible input."""
    difference = Difference(load(old), load(new))
    changes = difference.report(list(_watched(difference.edits(), difference.steps, "Comparing")))
    if as_json:
        _print_json(changes)
    else:
        report.print_difference(changes, new)
    _end(not changes["same"])


@rulebook.command()
@optional_file
@as_json
@examples_option
def mutate(file: Path | None, as_json: bool, examples: Path | None) -> None:
    """Put one small fault at a time into a rulebook, and see what notices it.

    Every rule is dropped, its points moved by a step and given to the other role, and every
    part of its condition left out. The examples are those beside the rulebook, if there are any.
    """
    path = chosen(file)
    book = load(path)
    known = examples_of(path, examples, book)
    if unmet := list(_unmet(book, known)):
        report.print_findings(unmet, path)
        raise click.ClickException("the rulebook does not meet its own examples, so nothing was broken")
    mutation = Mutation(book, known)
    found = summary(book, list(_watched(mutation.notices(), mutation.steps, "Breaking rules")))
    if as_json:
        _print_json(found)
    else:
        report.print_mutants(found, len(known))
    _end(bool(found["missed"]))


def _unmet(book: Rulebook, examples: Iterable[Example]) -> Iterator[Finding]:
    for found in mismatches(Scorecard(book), examples):
        message = f"example {found.example} expects {found.key} {found.expected}, and sees {found.seen}"
        yield Finding("error", "example", found.example, message)


def _unloadable(located: Located) -> Finding:
    return Finding("error", located.fault.code, located.fault.field, located.fault.message, located.line)


def _watched(items: Iterable[T], steps: int | None, says: str) -> Iterator[T]:
    """The items, with progress on standard error where that is a terminal."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield from progress.track(items, total=steps, description=says)


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _print_json(value: Any) -> None:
    click.echo(_json(value), nl=False)


def _end(found: bool) -> None:
    click.get_current_context().exit(1 if found else 0)
