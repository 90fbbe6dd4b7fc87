"""A million rows of CSV on one core: beside reading and writing the file, beside the scalar engine, and the memory.

Every part runs in a process of its own, pinned to one core, which reports its processor time and its peak memory.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from rules.vocabulary import FIELDS, Choice, Field, Flag, Many, Number

COUNTS = (10_000, 100_000, 1_000_000)
ONE_BY_ONE = 3_000  # rows for the scalar engine, which takes each as long as the last
CHUNK = 1 << 20
AIMS = {"copy": 3.0, "scalar": 10.0}
_NUMBERS = (0, 1, 2, 5, 12, 40, 99.9, 150, 900, 2500, 40000)
HEADER = ["name", "reference", *(field.name for field in FIELDS), "team.size", "team.existing.data_scientist"]


def write(path: Path, count: int) -> None:
    """Write a portfolio of so many projects, half of whose optional questions are answered."""
    random = Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(count):
            answers = [_answer(field, random) if field.required or random.random() < 0.5 else "" for field in FIELDS]
            people = random.randint(2, 40), random.choice(["", 0, 1, 2.5, 4])
            writer.writerow([f"Project {number}", f"PLAN-{number}", *answers, *people])


def _answer(field: Field, random: Random) -> object:
    match field:
        case Choice() | Many():
            return random.choice(field.values)
        case Flag():
            return random.choice(["true", "false"])
        case Number():
            fitting = [n for n in _NUMBERS if field.minimum <= n <= field.maximum and not (field.integer and n % 1)]
            return random.choice(fitting)
    raise TypeError(field)


def copy(source: Path, target: Path) -> None:
    """Read and write the file with the standard library."""
    with source.open(encoding="utf-8", newline="") as rows, target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(csv.reader(rows))


def batch(source: Path, target: Path) -> None:
    """Answer the file as a batch."""
    from service.batch import Batch  # noqa: PLC0415 (other parts shall not pay for it)

    answers = Batch(_engine())
    with source.open("rb") as file, target.open("wb") as out:
        for piece in answers.answer(_chunks(file.read), "csv", "csv"):
            out.write(piece.body)


def scalar(source: Path, target: Path) -> None:
    """Answer the first rows one by one, as single requests are read and decided; the answers are only counted."""
    from schemas.flat import nest  # noqa: PLC0415
    from schemas.project import load_project  # noqa: PLC0415

    engine = _engine()
    with source.open(encoding="utf-8", newline="") as rows, target.open("w") as out:
        for row in islice(csv.DictReader(rows), ONE_BY_ONE):
            answer = engine.recommend(load_project(nest(row.items())).project)
            out.write(f"{answer['lean']},{answer['ratio']['text']},{answer['headcount']['total']}\n")


def _engine() -> Any:
    from rules.engine import Engine  # noqa: PLC0415
    from schemas.rulebook import load_rulebook  # noqa: PLC0415
    from service.config import bundled_rulebook  # noqa: PLC0415

    return Engine(load_rulebook(bundled_rulebook().read_text(), filename="article.yaml"))


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    return iter(lambda: read(CHUNK), b"")


PARTS = {"copy": copy, "batch": batch, "scalar": scalar}


def main() -> None:
    """Write the files, run the parts in turn and print a table."""
    print("One core, processor time; half of the optional questions answered; each part in a process of its own")
    print(f"{'rows':>9}  {'part':<24}{'seconds':>9}{'rows/s':>11}{'peak MB':>9}")
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        for count in COUNTS:
            write(source, count)
            took = {part: _run(part, source, target, count) for part in ("copy", "batch")}
        alone = _run("scalar", source, target, ONE_BY_ONE)
    rate = ONE_BY_ONE / alone, COUNTS[-1] / took["batch"]
    print(f"of reading and writing the file: {took['batch'] / took['copy']:.2f} times as long (aim {AIMS['copy']:g})")
    print(f"of the scalar engine row by row: {rate[1] / rate[0]:.0f} times as fast (aim {AIMS['scalar']:g})")


def _run(part: str, source: Path, target: Path, count: int) -> float:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "bench.batch", part, str(source), str(target)]
    run = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    seconds, peak = json.loads(run.stdout)
    print(f"{count:>9,}  {part:<24}{seconds:>9.2f}{count / seconds:>11,.0f}{peak:>9.0f}")
    return float(seconds)


def part(name: str, source: str, target: str) -> None:
    """Run one part on one core, and print its seconds and its peak memory in MB."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    started = process_time()
    PARTS[name](Path(source), Path(target))
    print(json.dumps([process_time() - started, _peak_mb()]))


def _peak_mb() -> float:
    # Not getrusage: what it says of a child begins with the size of the parent that forked it.
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1_024 for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    part(*sys.argv[1:]) if sys.argv[1:] else main()
