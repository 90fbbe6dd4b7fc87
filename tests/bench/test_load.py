"""The open-loop client: requests come when they are due, and are late from then on."""

import asyncio
from itertools import repeat
from threading import Thread

from bench.load import arrive, post

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nyo"


class _Waiting:
    """A server that answers nobody until so many have asked."""

    def __init__(self, callers: int) -> None:
        self._callers = callers
        self._all = asyncio.Event()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.read(65_536):
                self._callers -= 1
                if not self._callers:
                    self._all.set()
                await self._all.wait()
                writer.write(ANSWER)
        finally:
            writer.close()


def test_arrivals_go_on_while_none_is_answered():
    """A server that answers the first only when the fiftieth has come is not waited for, and the first is told late."""
    loop, waiting = asyncio.new_event_loop(), _Waiting(50)
    thread = Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(waiting.answer, "127.0.0.1", 0), loop).result()
    try:
        port = server.sockets[0].getsockname()[1]
        run = arrive(port, repeat(post("/", b"{}")), repeat(0.01), seconds=0.995)
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
    assert run.statuses == {200: 100}
    assert max(run.latencies) > 0.4


async def _end(server: asyncio.Server) -> None:
    server.close()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
