"""Clients that mean no good: connections held and never finished, and garbage."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from random import Random

HELD = 200
_HEAD = b"POST /recommend HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_HALVES = [b"", b"POST /recom", _HEAD, _HEAD + b"Content-Length: 900\r\n\r\n{", _CHUNKED + b"50\r\n{"]
_JSON = b'{"industry": "finance", "phase": "modeling", "deployment": {"pattern": "batch"}}'


class Hostile:
    """Holds 200 connections, and sends something wrong as soon as the last was answered; `failed` counts 5xx."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._tasks: list[asyncio.Task[None]] = []
        self.sent = self.failed = 0

    def start(self) -> None:
        """Begin."""
        held = [self._hold(_HALVES[number % len(_HALVES)]) for number in range(HELD)]
        self._tasks = [asyncio.create_task(one) for one in [*held, self._send_garbage()]]

    async def stop(self) -> None:
        """Let go of everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hold(self, half: bytes) -> None:
        """Send half a request and wait for the server to give up; then again."""
        while True:
            await self._say(half, patience=60)
            await asyncio.sleep(0.1)

    async def _send_garbage(self) -> None:
        random = Random(8)
        while True:
            answer = await self._say(_garbage(random), patience=2)
            self.sent += 1
            self.failed += answer.startswith(b"HTTP/1.1 5")
            await asyncio.sleep(0.02)

    async def _say(self, said: bytes, patience: float) -> bytes:
        with suppress(OSError, TimeoutError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            try:
                writer.write(said)
                async with asyncio.timeout(patience):
                    return await reader.read(4_096)
            finally:
                writer.close()
        return b""


def _garbage(random: Random) -> bytes:
    """Random bytes, truncated JSON, or a length or framing that lies."""
    cut = random.randrange(len(_JSON))
    return random.choice(
        [
            random.randbytes(random.randrange(1, 2_000)),
            b"GET /" + random.randbytes(30) + b" HTTP/1.1\r\n\r\n",
            _HEAD + b"Content-Length: %d\r\n\r\n" % cut + _JSON[:cut],
            _HEAD + b"Content-Length: %d\r\n\r\n" % (len(_JSON) - cut) + _JSON,
            _HEAD + b"Content-Length: -%d\r\n\r\n" % cut + _JSON,
            _HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + _JSON,
            _CHUNKED + b"zz\r\n" + _JSON,
            _CHUNKED + b"%x\r\n" % len(_JSON) + _JSON + b"no end",
        ]
    )
