"""The soak itself: it notices what is wrong, retries once and no more, and counts the time that callers wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from time import perf_counter

import pytest

from bench.soak.client import Caller, at_rate
from bench.soak.record import Record
from bench.soak.traffic import Question, Reference, Traffic
from service.config import bundled_rulebook
from tests.workers import Service

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nyo"
Streams = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def apart(coroutine: Coroutine[None, None, None]) -> None:
    """Run it in a thread of its own: where a browser was tested before, its driver's loop still runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, coroutine).result()


def asked(answer: Streams, scenario: Callable[[int], Awaitable[None]]) -> None:
    """Run a scenario against a server of our own."""

    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        finally:
            writer.close()

    async def run() -> None:
        async with await asyncio.start_server(closing, "127.0.0.1", 0) as server:
            await scenario(server.sockets[0].getsockname()[1])

    apart(run())


def breaking(times: int) -> Streams:
    """A server that breaks off so many connections, and answers the rest."""
    left = repeat(True, times)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if not next(left, False):
            writer.write(OK)
        writer.close()

    return answer


def test_questions_of_every_kind_are_answered_right(serve: Callable[..., Service]) -> None:
    """And what is not the expected body is wrong."""
    service = serve()
    reference = Reference(bundled_rulebook())
    digest, questions = reference.digest, Traffic([reference]).each()
    questions = [*questions[::23], questions[-1]]

    async def ask() -> None:
        caller = Caller(service.port)
        record = Record(caller, digest)
        for question in questions:
            await record.ask(question)
        assert len(record.stage.latencies) == len(questions)
        assert (record.faults(), record.stage.retried, record.stage.ready) == (0, 0, {"ok"})
        record.deciding = {"another"}
        await record.ask(Question("hit", questions[0].wire, {"another": (200, b"else")}))
        assert record.stage.wrong == 1
        await caller.close()

    apart(ask())


@pytest.mark.parametrize(("broken", "seen"), [(0, (0, 0)), (1, (1, 0)), (2, (0, 1))])
def test_a_connection_that_breaks_is_retried_once(broken: int, seen: tuple[int, int]) -> None:
    """And counted; the second to break is a failure."""

    async def scenario(port: int) -> None:
        caller = Caller(port)
        record = Record(caller, "d")
        await record.ask(Question("any", b"GET / HTTP/1.1\r\n\r\n", {"d": (200, b"yo")}))
        assert (record.stage.retried, record.stage.failed) == seen
        await caller.close()

    asked(breaking(broken), scenario)


def test_callers_do_not_wait_for_each_other() -> None:
    """Arrivals go on while none is answered: a server that stalls is felt by all that were due meanwhile."""
    waiting: list[float] = []

    async def ask(_question: str, due: float) -> None:
        waiting.append(due)
        while len(waiting) < 20:
            await asyncio.sleep(0)
        done.set()
        assert perf_counter() >= due

    async def run() -> None:
        async with asyncio.timeout(10):
            await at_rate(ask, questions(), 1_000, done)

    def questions() -> Iterator[str]:
        return repeat("any")

    done = asyncio.Event()
    apart(run())
    assert waiting == sorted(waiting)
    assert len(waiting) >= 20


def test_a_rulebook_that_differs_is_told_by_its_answers(tmp_path: Path) -> None:
    """An answer under the other rulebook is right only while that one may decide."""
    other = tmp_path / "other.yaml"
    other.write_text(bundled_rulebook().read_text().replace("{ml_engineer: strong}", "{ml_engineer: moderate}"))
    one, two = Reference(bundled_rulebook()), Reference(other)
    question = next(item for item in Traffic([one, two]).each() if item.right[one.digest] != item.right[two.digest])
    answer = question.right[two.digest]
    assert question.answered_by(*answer, {one.digest, two.digest})
    assert not question.answered_by(*answer, {one.digest})
