"""What a worker takes of memory, how long a start takes until it is ready, and how large the image is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from bench.http import CONNECTIONS, computed, repeated, rotated
from bench.load import drive
from bench.processes import ROOT, free_port, get, started

WORKERS = 2
STARTS = 5
SECONDS = 2.0  # of each kind of traffic
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "docker/gunicorn.conf.py"]
SERVERS = {
    "ours": ("service.app:create_app()", "/health/ready", 200),
    "bare Flask": ("bench.bare:create_app()", "/", 404),
}
IMAGE = "staffing-recommender"


@dataclass
class Seen:
    """Of a server, over its starts: seconds until ready, and MB of its workers, resident and proportional."""

    ready: list[float] = field(default_factory=list)
    idle: list[tuple[float, float]] = field(default_factory=list)
    busy: list[tuple[float, float]] = field(default_factory=list)


def main() -> None:
    """Start each server several times, in turn, and print medians."""
    seen = {name: Seen() for name in SERVERS}
    for _ in range(STARTS):
        for name, one in seen.items():
            _measure(one, *SERVERS[name])
    print(f"{WORKERS} workers; medians of {STARTS} starts; MB a worker, and its share where pages are shared (PSS)")
    print(f"{'':<12}{'ready after s':>14}{'idle MB':>9}{'PSS':>7}{'after traffic MB':>18}{'PSS':>7}")
    for name, one in seen.items():
        idle, busy = ([median(part) for part in zip(*pairs, strict=True)] for pairs in (one.idle, one.busy))
        print(f"{name:<12}{median(one.ready):>14.2f}{idle[0]:>9.0f}{idle[1]:>7.0f}{busy[0]:>18.0f}{busy[1]:>7.0f}")
    print(_image())


def _measure(seen: Seen, app: str, path: str, status: int) -> None:
    began = perf_counter()
    with _serving(app) as (process, port):
        while get(port, path) != status:
            sleep(0.01)
        seen.ready.append(perf_counter() - began)
        while len(_workers(process)) < WORKERS:
            sleep(0.01)
        seen.idle += _memory(process)
        for requests in (repeated, rotated, computed):
            drive(port, requests(), connections=CONNECTIONS, seconds=SECONDS)
        seen.busy += _memory(process)


@contextmanager
def _serving(app: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    environment = {"WEB_CONCURRENCY": str(WORKERS), "PORT": str(port), "BARE_BYTES": "24000"}
    with started([*GUNICORN, app], environment) as process:
        yield process, port


def _workers(process: subprocess.Popen[bytes]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def _memory(process: subprocess.Popen[bytes]) -> list[tuple[float, float]]:
    """Each worker's megabytes: resident, and with what it shares divided among those that share it."""
    return [(_megabytes(pid, "Rss"), _megabytes(pid, "Pss")) for pid in _workers(process)]


def _megabytes(pid: int, kind: str) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) / 1_024


def _image() -> str:
    build = ["docker", "build", "--quiet", "--tag", IMAGE, "."]
    inspect = ["docker", "image", "inspect", "--format", "{{.Size}}", IMAGE]
    try:
        subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
        size = subprocess.run(inspect, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "image: not measured, as no container engine answers here"
    return f"image: {int(size) / 1e6:,.0f} MB, uncompressed"


if __name__ == "__main__":
    main()
