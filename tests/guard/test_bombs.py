"""Rulebooks that were made to do harm: refused at once, with a line that says why."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from schemas.rulebook import RulebookError, load_rulebook
from schemas.strict_yaml import LARGEST, MOST_FAULTS
from service.app import create_app
from service.config import Settings

LAUGHS = "a: &a [ha, ha]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise("abcdefghijklmnopqrstuvwxyz")
)
BOMBS: dict[str, tuple[str, str]] = {
    "a billion laughs": (LAUGHS, "'&a' is an anchor; leave it out"),
    "an alias of itself": ("a: &a [*a]\n", "'*a' is an alias; write the value itself"),
    "merged mappings": ("a: &a {b: 1}\n" + "c: {<<: *a}\n" * 20, "merges another mapping"),
    "half a million brackets": ("[" * 500_000, "nested more than 20 deep"),
    "half a million mappings": ("{a: " * 200_000, "nested more than 20 deep"),
    "dashes in dashes": ("- " * 400_000, "nested more than 20 deep"),
    "keys of keys": ("? " * 400_000, "nested more than 20 deep"),
    "indented for ever": ("".join(f"{' ' * depth}a:\n" for depth in range(1_400)), "nested more than 20 deep"),
    "a quote without an end": ('a: "' + "x\n" * 400_000, "not YAML"),
    "a program": ("a: !!python/object/apply:os.system [id]\n", "is a tag; leave it out"),
    "the same key 100,000 times": ("a: 1\n" * 100_000, f"more than {MOST_FAULTS} faults"),
    "more than a megabyte": ("#" * (LARGEST + 1), "larger than 1 MB"),
    "a megabyte of digits": ("a: " + "9" * (LARGEST - 3), "'a' has no meaning here"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_at_once(bomb: str) -> None:
    """In a moment, and in few words."""
    text, said = BOMBS[bomb]
    started = time.process_time()
    with pytest.raises(RulebookError) as caught:
        load_rulebook(text, filename="bomb.yaml")
    assert time.process_time() - started < 2
    assert said in str(caught.value)
    assert str(caught.value).startswith("bomb.yaml:")


def test_what_is_said_has_an_end() -> None:
    """However many names are wrong."""
    with pytest.raises(RulebookError) as caught:
        load_rulebook("".join(f"key{number}: 1\n" for number in range(5_000)), filename="bomb.yaml")
    lines = str(caught.value).splitlines()
    assert len(lines) == MOST_FAULTS + 1
    assert lines[-1].endswith(" faults more")


def test_a_file_without_an_end_is_not_read_to_it(settings: Settings, tmp_path: Path) -> None:
    """Sixteen gigabytes of nothing: the service does not start, and its memory does not fill."""
    sparse = tmp_path / "sparse.yaml"
    with sparse.open("wb") as file:
        file.truncate(16 << 30)
    with pytest.raises(RulebookError, match="larger than 1 MB"):
        create_app(replace(settings, rulebook=sparse))
