"""Rulebooks and their examples from files that a command names; what cannot be read ends it with status 2."""

from __future__ import annotations

from pathlib import Path

import click

from rules.model import Rulebook
from rules.proof.examples import Example
from schemas.examples import load_examples
from schemas.rulebook import RulebookError, load_rulebook
from schemas.strict_yaml import LARGEST
from service.config import read_settings


class Unreadable(click.ClickException):
    """A file that cannot be read, or not as what it should be."""

    exit_code = 2


def chosen(file: Path | None) -> Path:
    """The file that is named, or the settings' rulebook."""
    return file or read_settings().rulebook


def read_bounded(path: Path) -> bytes:
    """The file's bytes, or so many that it is refused for its size: never all of one that would fill the memory."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def text(path: Path) -> str:
    """The file's text."""
    try:
        return read_bounded(path).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: {error}") from None


def load(path: Path) -> Rulebook:
    """The file's rulebook."""
    try:
        return load_rulebook(text(path), filename=str(path))
    except RulebookError as error:
        raise Unreadable(str(error)) from None


def examples_of(path: Path, place: Path | None, book: Rulebook) -> list[Example]:
    """The examples at a place, or those in `examples` beside the rulebook's file where there are any."""
    beside = place or path.parent / "examples"
    files = sorted(beside.glob("*.yaml")) if beside.is_dir() or place is None else [beside]
    try:
        return [item for file in files for item in load_examples(text(file), filename=str(file), rulebook=book)]
    except RulebookError as error:
        raise Unreadable(str(error)) from None
