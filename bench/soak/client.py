"""HTTP callers: kept connections, one retry where a connection breaks, and arrivals that wait for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

PATIENCE = 10.0  # seconds until a request without an answer has failed
_KEPT = 4.0  # seconds that an idle connection is used again within; the server closes it after five


@dataclass(slots=True)
class Reply:
    """An answer, read whole; `retried` where the first connection broke before it."""

    status: int
    body: bytes
    retried: bool = False


@dataclass
class Caller:
    """Sends requests, each over the connection that was used last or else a new one."""

    port: int
    _idle: list[tuple[float, Streams]] = field(default_factory=list)

    async def ask(self, wire: bytes) -> Reply:
        """Send a request and read its answer; raises OSError, EOFError or TimeoutError where there is none.

        A connection that breaks before an answer is retried once, on a new one, as HTTP clients do for requests that
        change nothing (RFC 9110, 9.2.2).
        """
        async with asyncio.timeout(PATIENCE):
            try:
                return await self._exchange(self._kept() or await self._connect(), wire)
            except (ConnectionError, asyncio.IncompleteReadError):
                reply = await self._exchange(await self._connect(), wire)
                reply.retried = True
                return reply

    async def close(self) -> None:
        """Close every idle connection."""
        while self._idle:
            _, (_, writer) = self._idle.pop()
            writer.close()
            await writer.wait_closed()

    def _kept(self) -> Streams | None:
        while self._idle:
            since, streams = self._idle.pop()
            if perf_counter() - since < _KEPT and not streams[0].at_eof():
                return streams
            streams[1].close()
        return None

    async def _connect(self) -> Streams:
        return await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)

    async def _exchange(self, streams: Streams, wire: bytes) -> Reply:
        reader, writer = streams
        try:
            writer.write(wire)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            status = int(head[9:12])
            body = b"" if status == 304 else await _body(head, reader)
        except BaseException:
            writer.close()
            raise
        if b"connection: close" in head:
            writer.close()
        else:
            self._idle.append((perf_counter(), streams))
        return Reply(status, body)


async def _body(head: bytes, reader: asyncio.StreamReader) -> bytes:
    if b"transfer-encoding: chunked" in head:
        return b"".join([chunk async for chunk in _chunks(reader)])
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    return await reader.readexactly(int(length))


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")


async def in_turns(ask: Callable[[T], Awaitable[object]], items: Iterator[T], callers: int, seconds: float) -> float:
    """Keep so many callers busy for so long, and return how many answers a second they got."""
    end, asked = perf_counter() + seconds, 0

    async def caller() -> None:
        nonlocal asked
        while perf_counter() < end:
            await ask(next(items))
            asked += 1

    await asyncio.gather(*(caller() for _ in range(callers)))
    return asked / seconds


async def at_rate(
    ask: Callable[[T, float], Awaitable[None]], items: Iterator[T], rate: float, done: asyncio.Event
) -> None:
    """Have requests arrive at a rate per second whether others have been answered or not, until done.

    Each is told when it was due: a caller that waited for its turn has waited for its answer, too.
    """
    random, due = Random(8), perf_counter()
    async with asyncio.TaskGroup() as tasks:
        while not done.is_set():
            due += random.expovariate(rate)
            await asyncio.sleep(max(0.0, due - perf_counter()))
            tasks.create_task(ask(next(items), due))  # type: ignore[arg-type]
