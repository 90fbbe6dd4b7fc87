"""What it takes to prove, verify and compare the article's rulebook over every cell."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from resource import RUSAGE_SELF, getrusage
from time import process_time

import orjson

from rules.model import Rulebook
from rules.proof.diff import diff
from rules.proof.distribution import distribution
from rules.proof.lint import lint
from rules.proof.prove import prove
from rules.space import Space
from schemas.rulebook import load_rulebook
from schemas.verification import objections
from service.config import bundled_rulebook

ALONE = "--alone"  # a process of its own, so that its peak of memory is one task's


def main() -> None:
    """Run each task in a process of its own and print its time and peak memory."""
    print("one core; processor time, and the process's peak memory with Python and the rulebook in it")
    print(f"{'task':<28}{'seconds':>9}{'MB':>6}")
    for name in TASKS:
        command = [sys.executable, "-m", "bench.proof", ALONE, name]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")
    book = _article()
    spread = distribution(book, Space(book))
    print(f"{spread.cells:,} cells, {len(book.rules)} rules, {len(book.expectations)} directions")


def _article() -> Rulebook:
    return load_rulebook(bundled_rulebook().read_text("utf-8"), filename="article.yaml")


def _verify(book: Rulebook) -> Callable[[], object]:
    certificate = orjson.loads(orjson.dumps(prove(book)))
    return lambda: list(objections(certificate, book))


def _one_strength(book: Rulebook) -> Rulebook:
    """The rulebook with a single step on the scale changed."""
    changed = [
        replace(rule, raises={"ml_engineer": "moderate"}) if rule.id == "high-request-rate" else rule
        for rule in book.rules
    ]
    return replace(book, rules=tuple(changed))


TASKS: dict[str, Callable[[Rulebook], Callable[[], object]]] = {
    "check": lambda book: lambda: lint(book),
    "count every cell": lambda book: lambda: distribution(book, Space(book)),
    "prove": lambda book: lambda: prove(book),
    "verify": _verify,
    "diff, one strength changed": lambda book: lambda: diff(book, _one_strength(book)),
}


def _alone(name: str) -> None:
    task = TASKS[name](_article())
    start = process_time()
    task()
    seconds = process_time() - start
    print(f"{name:<28}{seconds:>9.2f}{getrusage(RUSAGE_SELF).ru_maxrss / 1024:>6.0f}")


if __name__ == "__main__":
    if ALONE in sys.argv:
        _alone(sys.argv[-1])
    else:
        main()
