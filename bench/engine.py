"""What one answer costs by the rules alone, and how much of it explains what would change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from time import process_time
from typing import Any

import orjson

from bench.projects import draw
from rules.changes import Changes
from rules.engine import Case, Engine
from schemas.project import canonical
from schemas.rulebook import load_rulebook
from service.config import bundled_rulebook

ROUNDS = 7
PROJECTS = 300


def main() -> None:
    """Time each part over the same drawn projects and print medians of the rounds."""
    engine = Engine(load_rulebook(bundled_rulebook().read_text(), filename="article.yaml"))
    projects = draw(engine.scorecard, PROJECTS)
    answers = [engine.recommend(project) for project in projects]
    cases = [Case(engine, project) for project in projects]
    whole = _cost(engine.recommend, projects)
    parts = {
        "recommend": whole,
        "of it, what would change it": _cost(_what_if, cases),
        "spell as JSON": _cost(orjson.dumps, answers),
        "canonical form": _cost(canonical, projects),
    }
    print(f"{PROJECTS} drawn projects, half of the questions answered; medians of {ROUNDS} rounds, processor time")
    print(f"{'part':<30}{'µs':>7}{'share':>8}")
    for name, cost in parts.items():
        print(f"{name:<30}{cost:>7.0f}{cost / whole:>8.2f}")


def _what_if(case: Case) -> None:
    """All that answers what would change it: every change scored, told, and the next question."""
    case.changes = Changes(
        case.engine.scorecard, case.engine.reach, case.engine.ratios, case.cells, case.matched, case.raw
    )
    what_if = case.what_if()
    what_if.told()
    what_if.next_question()


def _cost(call: Callable[[Any], object], arguments: Sequence[object]) -> float:
    """Microseconds a call."""
    rounds = []
    for _ in range(ROUNDS):
        started = process_time()
        for argument in arguments:
            call(argument)
        rounds.append((process_time() - started) / len(arguments) * 1e6)
    return median(rounds)


if __name__ == "__main__":
    main()
