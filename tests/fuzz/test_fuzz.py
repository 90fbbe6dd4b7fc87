"""The fuzzer in short, from the same seed each time; `make fuzz` runs it for longer and from new ones."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_takes_what_it_is_made_for(name: str) -> None:
    """Every input that the fuzzer begins with is read, and its laws hold."""
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_reads_anything_or_says_why_not(name: str, tmp_path: Path) -> None:
    """A thousand inputs raise only the errors that are documented, break no law and take five seconds at most."""
    if find_spec("atheris") is None:
        pytest.xfail("NOT FUZZED: atheris has no build for this Python or machine")
    command = [sys.executable, "-m", "tests.fuzz.one", name, "-runs=1000", "-seed=1"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-1_000:]
