"""Servers for a measurement: gunicorn under the service's own settings, and a Redis of its own."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

ROOT = Path(__file__).parent.parent
RIVALS = ROOT / ".venv/rivals/bin"


@contextmanager
def gunicorn(app: str, **environment: str) -> Iterator[int]:
    """Serve a WSGI application with one worker (or as the environment says), and give its port."""
    command = [sys.executable, "-m", "gunicorn", "--config", "docker/gunicorn.conf.py", app]
    with served(lambda port: command, WEB_CONCURRENCY="1", **environment) as port:
        yield port


@contextmanager
def served(command: Callable[[int], list[str]], **environment: str) -> Iterator[int]:
    """Run an HTTP server by the command for a port, which PORT holds too, and give that once it answers."""
    port = free_port()
    with _running(command(port), {"PORT": str(port), **environment}, port):
        get(port, "/")  # it listens before its worker has loaded the application
        yield port


@contextmanager
def redis() -> Iterator[str]:
    """Run a redis-server that keeps nothing on disk, and give its URL."""
    port = free_port()
    with TemporaryDirectory() as folder:
        command = ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", folder]
        with _running([*command, "--bind", "127.0.0.1"], {}, port):
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _running(command: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    with started(command, environment) as process:
        _await(port, process)
        yield


@contextmanager
def started(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program with no more of our environment than the path, and end it."""
    quiet = subprocess.DEVNULL
    environment = {"PATH": os.environ["PATH"], **environment}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + 20
    while process.poll() is None and monotonic() < deadline:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.05)
    raise RuntimeError(f"{process.args!r} did not come up")


def get(port: int, path: str) -> int | None:
    """The status of a GET, or None where nobody listens yet."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection, suppress(ConnectionError):
        connection.request("GET", path)
        return connection.getresponse().status
    return None


def rival(program: str) -> str:
    """A program of the rivals' Python; raises SystemExit where that was not made."""
    path = RIVALS / program
    if not path.exists():
        raise SystemExit("the rivals are not installed: make rivals")
    return str(path)


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
