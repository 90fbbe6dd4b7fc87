"""Worker classes side by side: rate, tail, and whether an answer comes while hostile connections are held."""

from __future__ import annotations

import json
import socket
from contextlib import ExitStack
from time import perf_counter

from bench.http import CONNECTIONS, SECONDS, repeated
from bench.load import Run, drive, post
from bench.processes import gunicorn
from schemas.openapi import EXAMPLE

CLASSES = {"sync": "1", "gthread": "8", "gevent": "1"}
HOSTILE = [
    b"",
    b"POST /recommend HTTP/1.1\r\nHost: x\r\nContent-",
    b"POST /recommend HTTP/1.1\r\nContent-Length: 900\r\n",
]
EACH = 4
PATIENCE = 5.0


def main() -> None:
    """Measure each class in turn and print a table."""
    print(
        f"1 worker, {CONNECTIONS} connections (sync: 1, it keeps none alive), {SECONDS:g} s; "
        f"{len(HOSTILE) * EACH} hostile connections"
    )
    print(f"{'class':<10}{'threads':>8}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'an answer under attack':>26}")
    for name, threads in CLASSES.items():
        with gunicorn("service.app:create_app()", WORKER_CLASS=name, WORKER_THREADS=threads) as port:
            run = _sync(port) if name == "sync" else drive(port, repeated(), connections=CONNECTIONS, seconds=SECONDS)
            took = _under_attack(port)
        answer = f"none in {PATIENCE:g} s" if took is None else f"{took * 1_000:.1f} ms"
        print(f"{name:<10}{threads:>8}{run.rate:>12,.0f}{run.p50_ms:>9.2f}{run.p99_ms:>9.2f}{answer:>26}")


def _sync(port: int) -> Run:
    """One connection after another, since a sync worker closes each."""
    run, end = Run(SECONDS), perf_counter() + SECONDS
    while (started := perf_counter()) < end:
        _ask(port)
        run.latencies.append(perf_counter() - started)
    return run


def _under_attack(port: int) -> float | None:
    with ExitStack() as stack:
        for opening in HOSTILE * EACH:
            held = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            held.sendall(opening)
        started = perf_counter()
        try:
            _ask(port)
        except TimeoutError:
            return None
        return perf_counter() - started


def _ask(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(post("/recommend", json.dumps(EXAMPLE).encode(), Connection="close"))
        while connection.recv(262_144):
            pass


if __name__ == "__main__":
    main()
