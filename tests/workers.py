"""The service as it ships, under gunicorn, started and stopped by tests."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import pytest

from tests.servers import eventually

ROOT = Path(__file__).parent.parent


@dataclass
class Reply:
    """A response, read whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Service:
    """One gunicorn with its workers."""

    process: subprocess.Popen[bytes]
    port: int
    log: IO[bytes]

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """Send one request over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def recommend(self, project: dict[str, Any], **headers: str) -> Reply:
        """Post a project."""
        given = {"Content-Type": "application/json", **headers}
        return self.request("POST", "/recommend", json.dumps(project).encode(), given)

    def output(self) -> bytes:
        """All that it has logged."""
        self.log.seek(0)
        return self.log.read()

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of its log with the given event."""
        lines = (line for line in self.output().splitlines() if line.startswith(b"{"))
        return [event for event in map(json.loads, lines) if event["event"] == name]

    def workers(self) -> set[int]:
        """The process ids of its workers: the master's children but for those that it runs another program in."""
        # Not /proc/PID/task/PID/children, which leaves some out when another ends meanwhile.
        pids = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
        return {pid for pid in pids if _parent(pid) == self.process.pid and b"gunicorn" in _read(pid, "cmdline")}

    def await_answer(self) -> None:
        """Wait until a worker has come up and answers."""

        def answers() -> bool:
            if self.process.poll() is not None:
                pytest.fail(f"the service ended at once:\n{self.output().decode()}")
            try:
                return self.request("GET", "/health/live").status == 200
            except OSError:
                return False

        eventually(answers, within=60)

    def stop(self) -> int:
        """End it as an orchestrator would, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


@contextmanager
def services() -> Iterator[Callable[..., Service]]:
    """Start services with settings from keyword arguments, as environment variables; all are stopped in the end."""
    started: list[Service] = []

    def start(python: str = sys.executable, **environment: str) -> Service:
        service = _start(python, {"WEB_CONCURRENCY": "1", **environment})
        started.append(service)
        service.await_answer()
        return service

    try:
        yield start
    finally:
        for service in started:
            if service.process.poll() is None:
                service.stop()
            service.log.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    """`services` for one test."""
    with services() as start:
        yield start


@pytest.fixture(scope="module")
def serve_module() -> Iterator[Callable[..., Service]]:
    """`services` for a module's tests together."""
    with services() as start:
        yield start


def _start(python: str, environment: dict[str, str]) -> Service:
    log = TemporaryFile()  # noqa: SIM115 (the service owns it)
    port = free_port()
    process = subprocess.Popen(
        [python, "-m", "gunicorn", "--config", "docker/gunicorn.conf.py"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORT": str(port), **environment},
        stderr=log,
        stdout=log,
    )
    return Service(process, port, log)


def _parent(pid: int) -> int:
    stat = _read(pid, "stat").rpartition(b")")[2].split()  # after the name: state, parent, …
    return int(stat[1]) if stat else 0


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""  # it is gone by now


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
