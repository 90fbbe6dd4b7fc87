"""What reading free text costs: for 400 characters against a computed recommendation, and how it grows with length."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

import yaml

from bench.engine import request
from bench.projects import draw
from schemas.contract import nested
from schemas.project import values_of
from schemas.text import interpret
from service.app import create_app
from service.config import Settings, bundled_rulebook
from tests.article import engine as article_engine

CORPUS = Path(__file__).parents[1] / "tests/interpret/corpus/development.yaml"
ROUNDS = 9
LENGTHS = (400, 1_250, 2_500, 5_000, 10_000, 20_000)


def main() -> None:
    """Time texts of growing length, and recommendations, in turns, and print medians of the rounds."""
    prose = "\n".join(item["text"] for item in yaml.safe_load(CORPUS.read_text(encoding="utf-8")))
    calls = {length: _reading(prose, length) for length in LENGTHS}
    calls[0] = _recommending()
    gc.freeze()  # as docker/gunicorn.conf.py does
    costs = {key: median(times) for key, times in _rounds(calls).items()}
    print(f"descriptions of projects joined and cut; medians of {ROUNDS} rounds, processor time")
    print(f"{'characters':>10}{'µs':>9}{'µs/1,000':>10}{'of a recommendation':>21}")
    for length in LENGTHS:
        cost = costs[length]
        print(f"{length:>10,}{cost:>9,.0f}{cost / length * 1000:>10.0f}{cost / costs[0]:>21.2f}")
    print(f"a computed recommendation, from its body to its answer's: {costs[0]:,.0f} µs")


def _reading(prose: str, length: int) -> Callable[[], float]:
    texts = [prose[start : start + length] for start in range(0, len(prose) - length + 1, max(length, 400))]

    def read() -> float:
        started = process_time()
        for text in texts:
            interpret(text)
        return (process_time() - started) / len(texts) * 1e6

    return read


def _recommending() -> Callable[[], float]:
    app = create_app(Settings(rulebook=bundled_rulebook(), log_level="error"))
    bodies = [json.dumps(nested(values_of(project))).encode() for project in draw(article_engine().scorecard, 50)]

    def recommend() -> float:
        started = process_time()
        for body in bodies:
            request(app, body)
        return (process_time() - started) / len(bodies) * 1e6

    return recommend


def _rounds(calls: dict[int, Callable[[], float]]) -> dict[int, list[float]]:
    """Return each call's times; rounds go in turns, so that a busy moment falls on all alike."""
    for call in calls.values():
        call()
    times: dict[int, list[float]] = {key: [] for key in calls}
    for _ in range(ROUNDS):
        for key, call in calls.items():
            times[key].append(call())
    return times


if __name__ == "__main__":
    main()
