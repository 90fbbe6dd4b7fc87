"""Mixed traffic at 70 % of capacity while things break: no answer may fail or be wrong. SOAK_SECONDS to shorten."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.soak.client import Caller, at_rate, in_turns
from bench.soak.course import Course
from bench.soak.record import Record, Stage
from bench.soak.traffic import Question, Reference, Traffic
from service.config import bundled_rulebook
from tests.servers import RedisServer, running_redis
from tests.workers import Service, services

LOAD = 0.7  # of capacity
CALLERS = 16  # in turns, while caches are filled
IN_TIME_MS = 250  # for 99 % of the arrivals that are within capacity
WORKERS = 4
AIM = 3  # times the calm p99
SETTINGS = {"WEB_CONCURRENCY": str(WORKERS), "CACHE_PROCESS_MB": "2"}  # so little that Redis is asked


def main() -> None:
    """Soak the service, print what callers saw, and exit with 1 where any answer failed or was wrong."""
    seconds = float(os.environ.get("SOAK_SECONDS", "300"))
    with TemporaryDirectory() as folder, running_redis() as redis, services() as start:
        rulebook = Path(folder) / "rulebook.yaml"
        texts = _rulebooks()
        references = [_reference(rulebook, text) for text in texts]
        rulebooks = {one.digest: text for one, text in zip(references, texts, strict=True)}
        rulebook.write_text(texts[0])
        service = start(REDIS_URL=redis.url, RULEBOOK=str(rulebook), **SETTINGS)
        soak = Soak(service, redis, rulebook, rulebooks, Traffic(references))
        gc.freeze()  # all that was prepared: to go through it would make callers wait
        asyncio.run(soak.run(seconds))
        soak.print()
        failures = len(service.events("request_failed"))
    if failures:
        print(f"the log tells of {failures} failed requests")
    if soak.record.faults() or soak.course.hostile.failed or failures:
        sys.exit(1)


class Soak:
    """One soak of a service that has just come up."""

    def __init__(
        self, service: Service, redis: RedisServer, rulebook: Path, rulebooks: dict[str, str], traffic: Traffic
    ) -> None:
        self._caller = Caller(service.port)
        self._traffic = traffic
        self.record = Record(self._caller, next(iter(rulebooks)))
        self.course = Course(service, redis, rulebook, rulebooks, self.record)
        self.capacity = 0.0

    async def run(self, seconds: float) -> None:
        """Warm up, measure the capacity, and go the course under load."""
        done, questions = asyncio.Event(), iter(self._traffic)
        warm_up = cycle(self._traffic.each())
        busy = await in_turns(self.record.ask, warm_up, CALLERS, 0.05 * seconds)
        self.capacity = await self._sustained(questions, busy / 2, 0.02 * seconds)
        load = asyncio.create_task(at_rate(self.record.ask, questions, LOAD * self.capacity, done))
        try:
            await self.course.run(seconds)
        finally:
            done.set()
            await load
            await self._caller.close()

    async def _sustained(self, questions: Iterator[Question], rate: float, seconds: float) -> float:
        """The most arrivals a second that are answered in time, in steps of a tenth and of so many seconds.

        Callers in turns would get more: they wait for their answers, and hold no more connections than they are.
        """
        while True:
            step, done = Record(self._caller, next(iter(self.record.deciding))), asyncio.Event()
            asyncio.get_running_loop().call_later(seconds, done.set)
            await at_rate(step.ask, questions, 1.1 * rate, done)
            if step.faults() or step.stage.p99_ms > IN_TIME_MS:
                return rate
            rate *= 1.1

    def print(self) -> None:
        """The table that README shows."""
        _, calm, *troubled = stages = self.record.stages
        rate, hostile = LOAD * self.capacity, self.course.hostile
        memory = ", ".join(f"{taken:.0f} MB {when}" for when, taken in self.course.memory.items())
        print(f"{WORKERS} workers; {os.cpu_count()} cores, the callers' too; {self.capacity:,.0f} arrivals/s at most")
        print(f"arrivals at {rate:,.0f} a second ({LOAD:.0%}), whether those before were answered or not")
        print(f"{'while':<34}{'requests':>9}{'retried':>9}{'failed':>8}{'wrong':>7}{'p50 ms':>8}{'p99 ms':>8}", end="")
        print(f"{'of calm':>9}  ready")
        for stage in [calm, *troubled]:
            print(_row(stage, calm))
        print(f"{sum(len(one.latencies) for one in stages):,} answers in all, each checked against the engine")
        print(f"garbage sent {hostile.sent:,} times, answered with 5xx {hostile.failed} times")
        print(f"memory of the largest worker: {memory}")


def _row(stage: Stage, calm: Stage) -> str:
    counts = f"{len(stage.latencies):>9,}{stage.retried:>9}{stage.failed:>8}{stage.wrong:>7}"
    times = f"{stage.p50_ms:>8.1f}{stage.p99_ms:>8.1f}{stage.p99_ms / calm.p99_ms:>9.1f}"
    return f"{stage.name:<34}{counts}{times}  {', '.join(sorted(stage.ready))}"


def _rulebooks() -> tuple[str, str]:
    """The article's, and one that judges engineers' work lower."""
    article = bundled_rulebook().read_text()
    return article, article.replace("{ml_engineer: strong}", "{ml_engineer: moderate}")


def _reference(path: Path, text: str) -> Reference:
    path.write_text(text)
    return Reference(path)
