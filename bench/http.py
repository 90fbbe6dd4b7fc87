"""Requests a second, answered from each tier and computed, as shares of a bare Flask handler in the same run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count, cycle
from statistics import median

from bench.load import Run, drive, post
from bench.processes import gunicorn, redis
from schemas.openapi import EXAMPLE
from schemas.project import load_project
from service.app import build_recommender
from service.config import Settings, bundled_rulebook

CONNECTIONS = 8
ROUNDS = 5
SECONDS = 2.0
AIMS = {"process tier": 0.85, "redis tier": 0.65, "computed": 0.5}

Requests = Callable[[], Iterator[bytes]]


def repeated() -> Iterator[bytes]:
    """The same project over and over."""
    return cycle([post("/recommend", json.dumps(EXAMPLE).encode())])


def rotated() -> Iterator[bytes]:
    """More projects in turn than a process tier of 1 MB holds, so that each is found in Redis only."""
    sizes = range(1, 301)
    return cycle([post("/recommend", json.dumps({**EXAMPLE, "team": {"size": size}}).encode()) for size in sizes])


def computed() -> Iterator[bytes]:
    """A body never seen before each time, and no cache asked: read, validated, scored and spelled anew."""
    for number in count():
        body = json.dumps({**EXAMPLE, "name": f"Project {number}"}).encode()
        yield post("/recommend", body, **{"Cache-Control": "no-cache"})


def main() -> None:
    """Measure in turn, several rounds, and print medians."""
    with ExitStack() as stack:
        size = answer_size()
        contenders = start(stack, size)
        runs: dict[str, list[Run]] = {name: [] for name in contenders}
        for _ in range(ROUNDS):
            for name, (port, requests) in contenders.items():
                runs[name].append(drive(port, requests(), connections=CONNECTIONS, seconds=SECONDS))
    _print(runs, size)


def start(stack: ExitStack, size: int) -> dict[str, tuple[int, Requests]]:
    """Start the bare handler, which returns so many bytes, and the service: ports, and what makes each tier answer."""
    url = stack.enter_context(redis())
    bare = stack.enter_context(gunicorn("bench.bare:create_app()", BARE_BYTES=str(size)))
    service = stack.enter_context(gunicorn("service.app:create_app()"))
    far = stack.enter_context(gunicorn("service.app:create_app()", REDIS_URL=url, CACHE_PROCESS_MB="1"))
    drive(far, rotated(), connections=1, seconds=SECONDS)  # fills Redis
    return {
        "bare Flask": (bare, repeated),
        "process tier": (service, repeated),
        "redis tier": (far, rotated),
        "computed": (service, computed),
    }


def answer_size() -> int:
    """The bytes of the answer to the example."""
    recommender = build_recommender(Settings(rulebook=bundled_rulebook()))
    return len(recommender.compute(recommender.ticket(load_project(EXAMPLE))))


def _print(runs: dict[str, list[Run]], size: int) -> None:
    bare = runs["bare Flask"]
    print(
        f"{CONNECTIONS} connections, 1 worker, answers of {size:,} bytes; medians of {ROUNDS} rounds of {SECONDS:g} s"
    )
    print(f"{'answered by':<14}{'requests/s':>12}{'of bare':>9}{'aim':>7}{'p50 ms':>9}{'p99 ms':>9}")
    for name, made in runs.items():
        wrong = sum(times for run in made for status, times in run.statuses.items() if status != 200)
        share = median(run.rate / base.rate for run, base in zip(made, bare, strict=True))
        aim = f"{AIMS[name]:.2f}" if name in AIMS else ""
        rate, p50, p99 = (median(getattr(run, part) for run in made) for part in ("rate", "p50_ms", "p99_ms"))
        print(
            f"{name:<14}{rate:>12,.0f}{share:>9.2f}{aim:>7}{p50:>9.2f}{p99:>9.2f}"
            + (f"  {wrong} failed" if wrong else "")
        )


if __name__ == "__main__":
    main()
