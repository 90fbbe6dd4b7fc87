"""The tail at 70 % of what one worker can do: requests come at that rate, whether those before were answered or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import repeat
from random import Random
from statistics import median

from bench.http import CONNECTIONS, answer_size, start
from bench.load import Run, arrive, drive

LOAD = 0.7
ROUNDS = 5
SECONDS = 2.0
AIM = 4  # times the median


def _evenly(rate: float) -> Iterator[float]:
    return repeat(1 / rate)


def _at_random(rate: float) -> Iterator[float]:
    """As callers come who know nothing of each other: some at once, and one server has them wait."""
    random = Random(8)
    while True:
        yield random.expovariate(rate)


ARRIVALS: dict[str, Callable[[float], Iterator[float]]] = {"evenly": _evenly, "at random": _at_random}


def main() -> None:
    """Measure capacity and the tail in turn, several rounds, and print medians."""
    with ExitStack() as stack:
        contenders = start(stack, answer_size())
        runs: dict[tuple[str, str], list[Run]] = {(name, how): [] for name in contenders for how in ARRIVALS}
        for _ in range(ROUNDS):
            for name, (port, requests) in contenders.items():
                rate = LOAD * drive(port, requests(), connections=CONNECTIONS, seconds=SECONDS).rate
                for how, gaps in ARRIVALS.items():
                    runs[name, how].append(arrive(port, requests(), gaps(rate), seconds=SECONDS))
    _print(runs)


def _print(runs: dict[tuple[str, str], list[Run]]) -> None:
    print(f"1 worker, arrivals at {LOAD:.0%} of its rate just before; medians of {ROUNDS} rounds of {SECONDS:g} s")
    print(f"{'answered by':<14}{'requests come':<15}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}{'p99/p50':>9}{'aim':>5}")
    for (name, how), made in runs.items():
        rate, p50, p99 = (median(getattr(run, part) for run in made) for part in ("rate", "p50_ms", "p99_ms"))
        times = median(run.p99_ms / run.p50_ms for run in made)
        print(f"{name:<14}{how:<15}{rate:>10,.0f}{p50:>9.2f}{p99:>9.2f}{times:>9.1f}{AIM:>5}")
