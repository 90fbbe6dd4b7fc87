"""HTTP clients over kept-alive connections: `drive` sends when its last answer is whole, `arrive` when one is due."""

from __future__ import annotations

import gc
import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter

_MOST = 256  # connections, under which requests that are due wait


class Latencies:
    """Quantiles of latencies, which are in seconds."""

    latencies: list[float]

    @property
    def p50_ms(self) -> float:
        """The median latency."""
        return median(self.latencies) * 1_000

    @property
    def p99_ms(self) -> float:
        """The latency that 99 % stay below."""
        return quantiles(self.latencies, n=100)[98] * 1_000


@dataclass
class Run(Latencies):
    """What one run saw: answers by status, and each latency in seconds."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds


class _Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        self.needed = 0
        self.sent_at = 0.0

    def send(self, request: bytes, due: float | None = None) -> None:
        self.received.clear()
        self.needed = 0
        self.sent_at = perf_counter() if due is None else due
        self.socket.sendall(request)

    def whole(self) -> bool:
        """Take in what has come, and say whether the answer is complete."""
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed a kept-alive connection")
        self.received += data
        if not self.needed and (end := self.received.find(b"\r\n\r\n")) >= 0:
            self.needed = end + 4 + _content_length(self.received[:end])
        return bool(self.needed) and len(self.received) >= self.needed

    def tell(self, run: Run) -> None:
        """Note the answer, and how long it took."""
        run.latencies.append(perf_counter() - self.sent_at)
        status = int(self.received[9:12])
        run.statuses[status] = run.statuses.get(status, 0) + 1


def _content_length(head: bytearray) -> int:
    lines = bytes(head).lower().split(b"\r\n")
    return next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the client from collecting its garbage while it measures: what it has imported takes a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_undisturbed()
def drive(port: int, requests: Iterator[bytes], *, connections: int, seconds: float) -> Run:
    """Send the requests over the connections for so long, each connection with one in flight."""
    run, poll = Run(seconds), selectors.DefaultSelector()
    for _ in range(connections):
        connection = _Connection(port)
        poll.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(next(requests))
    end = perf_counter() + seconds
    while (now := perf_counter()) < end:
        for key, _ in poll.select(timeout=end - now):
            connection = key.data
            if connection.whole():
                connection.tell(run)
                connection.send(next(requests))
    for key in list(poll.get_map().values()):
        key.data.socket.close()
    return run


@_undisturbed()
def arrive(port: int, requests: Iterator[bytes], gaps: Iterator[float], *, seconds: float) -> Run:
    """Send a request after each gap, in seconds, whether those before were answered or not, for so long.

    A request is late from when it was due: one that waits for the client has waited for its answer, too.
    """
    run, idle = Run(seconds), [_Connection(port) for _ in range(8)]
    poll = selectors.SelectSelector()  # the others wait for whole milliseconds
    due = perf_counter()
    end = due + seconds
    while (now := perf_counter()) < end or poll.get_map():
        while due <= min(now, end) and (idle or len(poll.get_map()) < _MOST):
            connection = idle.pop() if idle else _Connection(port)
            connection.send(next(requests), due)
            poll.register(connection.socket, selectors.EVENT_READ, connection)
            due += next(gaps)
        wait = due - perf_counter()  # that is over where all connections are in use
        for key, _ in poll.select(timeout=wait if wait > 0 and due < end else 0.001):
            if key.data.whole():
                key.data.tell(run)
                poll.unregister(key.fileobj)
                idle.append(key.data)
    for connection in idle:
        connection.socket.close()
    return run


def post(path: str, body: bytes, **headers: str) -> bytes:
    """A POST request of JSON, as bytes on the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: bench", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
