"""What one core serves and what an answer takes in Redis, measured; and what a load takes, computed from that."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import StringIO
from math import ceil
from statistics import median
from urllib.parse import urlsplit

from redis import Redis

from bench.http import CONNECTIONS, computed, repeated, rotated
from bench.load import drive
from bench.processes import gunicorn, redis
from bench.projects import draw
from schemas.project import Request
from service.app import build_recommender
from service.config import Settings, bundled_rulebook

ROUNDS, SECONDS = 3, 2.0
STORED = 2_000  # distinct projects
LOAD = 0.7  # of what a core can do, up to which the tail is promised
TARGETS = (10_000, 1_000_000)  # requests a second
DISTINCT = (100_000, 10_000_000)  # projects that are asked for within a time to live

# Shares of requests that are answered by the process tier, by Redis, and by the rules.
MIXES = ((0.90, 0.08, 0.02), (0.50, 0.30, 0.20), (0.0, 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests a second that one core answers from each tier; an answer's bytes, and those of its key in Redis; and
    commands a second of one Redis with values of that size.
    """

    process: float
    redis: float
    computed: float
    answer_bytes: float
    key_bytes: float
    gets: float
    sets: float

    def core_seconds(self, mix: Sequence[float]) -> float:
        """What a request takes of one core, on average."""
        return sum(share / rate for share, rate in zip(mix, (self.process, self.redis, self.computed), strict=True))

    def cores(self, rate: float, mix: Sequence[float]) -> int:
        """Cores, and so replicas of one core, for so many requests a second at `LOAD`."""
        return ceil(rate * self.core_seconds(mix) / LOAD)

    def redis_load(self, rate: float, mix: Sequence[float]) -> tuple[float, float, int]:
        """Commands a second (a miss is one that reads and one that writes), bytes a second, and servers at `LOAD`."""
        _, hits, misses = (rate * share for share in mix)
        busy = (hits + misses) / self.gets + misses / self.sets
        return hits + 2 * misses, (hits + misses) * self.answer_bytes, ceil(busy / LOAD)


def main() -> None:
    """Measure, then print what was measured and what follows."""
    with ExitStack() as stack:
        url = stack.enter_context(redis())
        service = stack.enter_context(gunicorn("service.app:create_app()"))
        far = stack.enter_context(gunicorn("service.app:create_app()", REDIS_URL=url, CACHE_PROCESS_MB="1"))
        drive(far, rotated(), connections=1, seconds=SECONDS)  # fills Redis
        contenders = [(service, repeated), (far, rotated), (service, computed)]
        rates: list[list[float]] = [[], [], []]
        for _ in range(ROUNDS):
            for seen, (port, requests) in zip(rates, contenders, strict=True):
                seen.append(drive(port, requests(), connections=CONNECTIONS, seconds=SECONDS).rate)
        answer, key = _stored(url)
        gets, sets = _commands(url, round(answer))
    _print(Measured(*map(median, rates), answer, key, gets, sets))


def _stored(url: str) -> tuple[float, float]:
    """The mean bytes of an answer, and what Redis's memory grows by for each that it holds."""
    settings = Settings(rulebook=bundled_rulebook(), redis_url=url, redis_timeout_ms=5_000)
    recommender, client = build_recommender(settings), Redis.from_url(url)
    client.flushall()
    before, total = client.info("memory")["used_memory"], 0
    for project in draw(recommender.engine.scorecard, STORED):
        total += len(recommender.answer(recommender.ticket(Request(project))).body)
    return total / STORED, (client.info("memory")["used_memory"] - before) / client.dbsize()


def _commands(url: str, size: int) -> tuple[float, float]:
    """GETs and SETs a second of one redis-server, as its own benchmark counts them."""
    command = ["redis-benchmark", "-p", str(urlsplit(url).port), "-c", "50", "-n", "50000", "-d", str(size), "--csv"]
    said = subprocess.run([*command, "-t", "set,get"], capture_output=True, text=True, check=True).stdout
    rates = {row["test"]: float(row["rps"]) for row in csv.DictReader(StringIO(said))}
    return rates["GET"], rates["SET"]


def _print(found: Measured) -> None:
    overhead = found.key_bytes / found.answer_bytes - 1
    print(f"Measured: one worker on one core, {CONNECTIONS} connections; medians of {ROUNDS} rounds of {SECONDS:g} s")
    print(f"  process tier {found.process:>10,.0f} requests/s")
    print(f"  redis tier   {found.redis:>10,.0f} requests/s")
    print(f"  computed     {found.computed:>10,.0f} requests/s")
    print(f"  an answer    {found.answer_bytes:>10,.0f} bytes, the mean of {STORED:,} projects")
    print(f"  in Redis     {found.key_bytes:>10,.0f} bytes for each, {overhead:+.0%}")
    print(f"  one Redis    {found.gets:>10,.0f} GET/s, {found.sets:,.0f} SET/s of such values")
    print(f"\nComputed, at {LOAD:.0%} of what a core can do; answered by process tier/Redis/the rules")
    print(f"{'requests/s':>10}{'answered by':>13}{'cores':>8}{'Redis commands/s':>18}{'MB/s':>8}{'Redis servers':>15}")
    for rate in TARGETS:
        for mix in MIXES:
            commands, sent, servers = found.redis_load(rate, mix)
            shares = "/".join(f"{100 * share:.0f}" for share in mix)
            cores = found.cores(rate, mix)
            print(f"{rate:>10,}{shares:>13}{cores:>8,}{commands:>18,.0f}{sent / 1e6:>8,.0f}{servers:>15,}")
    for distinct in DISTINCT:
        print(f"{distinct:>10,} distinct projects: {distinct * found.key_bytes / 1e9:,.1f} GB in Redis")


if __name__ == "__main__":
    main()
