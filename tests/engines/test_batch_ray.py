"""The example for Ray Data, run as it stands in local mode.

Ray is no part of the service: `ENGINES_PYTHON` names an interpreter that has requirements-engines.txt, or this one
does (`make engines` makes such a one). Where neither is so they are skipped.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

from service.batch import Batch
from tests.article import engine

ROOT = Path(__file__).parents[2]
PYTHON = os.environ.get("ENGINES_PYTHON", sys.executable)
HEADER = "name,reference,industry,phase,deployment.pattern,team.size,team.existing.ml_engineer\n"
TO_PARQUET = "import sys; from pyarrow import csv, parquet; parquet.write_table(csv.read_csv(sys.argv[1]), sys.argv[2])"
TO_CSV = (
    "import sys; from pyarrow import csv, parquet; csv.write_csv(parquet.read_table(sys.argv[1]), sys.stdout.buffer)"
)


def run(*arguments: str | Path) -> str:
    """Run the engines' Python, and return what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
    ran = subprocess.run(
        [PYTHON, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@cache
def has_ray() -> bool:
    """Whether the engines' Python has Ray."""
    return subprocess.run([PYTHON, "-c", "import ray.data"], capture_output=True, check=False).returncode == 0


def expected(rows: str) -> list[dict[str, str]]:
    """What the batch says, by reference."""
    pieces = Batch(engine()).answer([rows.encode()], "csv", "csv")
    answers = csv.DictReader(StringIO(b"".join(piece.body for piece in pieces).decode(), newline=""))
    return [{name: text for name, text in row.items() if name != "line"} for row in answers]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_ray_data_gives_the_answers_of_the_batch(tmp_path: Path, kind: str) -> None:
    """All of them, faults too, over more rows than a worker takes at once."""
    if not has_ray():
        pytest.skip(f"ray is not installed in {PYTHON}: make engines, and name its Python in ENGINES_PYTHON")
    patterns, industries = ("batch", "real_time", "edge"), ("finance", "44-45", "fintec")
    rows = HEADER + "".join(
        f"Project {n},R{n:05},{industries[n % 3]},modeling,{patterns[n % 7 % 3]},{n % 40 + 1},{n % 3 or ''}\n"
        for n in range(20_000)
    )
    source, target = tmp_path / f"in.{kind}", tmp_path / "out"
    (tmp_path / "in.csv").write_text(rows)
    if kind == "parquet":
        run("-c", TO_PARQUET, tmp_path / "in.csv", source)
    run("examples/batch_ray.py", source, target)
    answers = list(csv.DictReader(StringIO(run("-c", TO_CSV, target))))
    answers.sort(key=lambda row: row["reference"])
    assert [plainly(row) for row in answers] == [plainly(row) for row in expected(rows)]


def plainly(row: dict[str, str]) -> dict[str, object]:
    """Numbers as numbers, since 1 and 1.0 are one to a table of floats."""

    def plain(text: str) -> object:
        try:
            return float(text)
        except ValueError:
            return text

    return {name: plain(text) for name, text in row.items()}
