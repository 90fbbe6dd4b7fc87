"""The course of the soak: what happens to the service while it is asked, one trouble after another."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

from bench.soak.hostile import Hostile
from bench.soak.record import Record
from tests.servers import RedisServer
from tests.workers import Service

PATIENCE = 300.0  # seconds until a worker or a reload that is waited for has failed
_SICK = 0.6  # of a stage; for the rest of it the trouble is over
WRONG = "rulebok: {}\n"


class Course:
    """Troubles for a service and its Redis; `rulebooks` are texts by digest, the first is in force at the start."""

    def __init__(
        self, service: Service, redis: RedisServer, rulebook: Path, rulebooks: dict[str, str], record: Record
    ) -> None:
        self._service = service
        self._redis = redis
        self._rulebook = rulebook
        self._rulebooks = rulebooks
        self._record = record
        self.hostile = Hostile(service.port)
        self.memory: dict[str, float] = {}

    async def run(self, seconds: float) -> None:
        """All stages, in about so many seconds."""
        self._weigh("warm")
        await self._stage("calm", 0.2 * seconds, asyncio.sleep)
        self.hostile.start()  # and from here on all the time
        await self._stage("200 stalled connections, garbage", 0.12 * seconds, asyncio.sleep)
        await self._stage("and Redis frozen", 0.14 * seconds, self._freeze_redis)
        await self._stage("and Redis killed", 0.14 * seconds, self._kill_redis)
        self._weigh("before any worker was replaced")
        await self._stage("and a worker killed", 0.12 * seconds, self._kill_worker)
        await self._stage("and rulebooks reloaded", 0.2 * seconds, self._reload)
        await self.hostile.stop()
        await self._stage("calm again", 0.08 * seconds, asyncio.sleep)
        self._weigh("at the end")

    async def _stage(self, name: str, seconds: float, trouble: Callable[[float], Awaitable[None]]) -> None:
        end = perf_counter() + seconds
        self._record.begin(name)
        await trouble(_SICK * seconds)
        await asyncio.sleep(max(0.0, end - perf_counter()))

    async def _freeze_redis(self, seconds: float) -> None:
        self._redis.freeze()
        await asyncio.sleep(seconds)
        self._redis.thaw()

    async def _kill_redis(self, seconds: float) -> None:
        self._redis.kill()
        await asyncio.sleep(seconds)
        await asyncio.to_thread(self._redis.start)

    async def _kill_worker(self, _seconds: float) -> None:
        before = self._service.workers()
        os.kill(min(before), signal.SIGKILL)
        await self._until(lambda: len(self._service.workers() - before) == 1)

    async def _reload(self, _seconds: float) -> None:
        """To the other rulebook, to a wrong one, and back."""
        first, other = self._rulebooks
        await self._take_up(other)
        self._rulebook.write_text(WRONG)
        self._service.process.send_signal(signal.SIGHUP)
        await self._until(lambda: "reload" in self._record.unwell)
        await self._take_up(first)
        await self._until(lambda: "reload" not in self._record.unwell)

    async def _take_up(self, digest: str) -> None:
        before = self._service.workers()
        self._rulebook.write_text(self._rulebooks[digest])
        self._record.deciding = self._record.deciding | {digest}
        self._service.process.send_signal(signal.SIGHUP)
        await self._until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in before))
        self._record.deciding = {digest}

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await asyncio.sleep(0.1)

    def _weigh(self, when: str) -> None:
        """Note what the worker that takes most has in memory, in megabytes."""
        self.memory[when] = max(map(_resident, self._service.workers()))


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1_024
