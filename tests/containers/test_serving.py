"""How the service starts, is watched and ends, as the image has it; no container engine is needed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.workers import ROOT, Service

DOCKER = ROOT / "docker"


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a Python program to its end, with these environment variables alone."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_it_ends_in_order_although_clients_hold_connections(serve: Callable[..., Service]) -> None:
    """SIGTERM ends it with status 0 before `docker stop` would kill it, idle and half-sent requests or not."""
    service = serve()
    with ExitStack() as clients:
        for sent in (b"", b"GET /health/live HTTP/1.1\r\nHo", b"GET /health/live HTTP/1.1\r\nHost: me\r\n\r\n"):
            client = clients.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            client.sendall(sent)
        client.recv(1)
        service.process.terminate()
        assert service.process.wait(timeout=10) == 0


def test_the_health_check_tells_alive_from_gone(serve: Callable[..., Service]) -> None:
    """The image's check ends with 0 while the service answers, and with another status once it is gone."""
    service = serve()
    port = str(service.port)
    assert run("-I", DOCKER / "healthcheck.py", PORT=port).returncode == 0
    service.stop()
    assert run("-I", DOCKER / "healthcheck.py", PORT=port).returncode != 0


def test_nothing_is_written_to_the_home_folder(serve: Callable[..., Service], tmp_path: Path) -> None:
    """A read-only file system is enough: gunicorn's control socket stays off."""
    assert serve(HOME=str(tmp_path)).request("GET", "/health/ready").status == 200
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("RULEBOOK", "no-such.yaml", "no-such.yaml"),
        ("RULEBOOK", "wrong.yaml", "wrong.yaml:1: "),
        ("LOG_LEVEL", "loud", '"LOG_LEVEL" invalid'),
    ],
)
def test_a_wrong_setting_stops_the_start(setting: str, value: str, said: str, tmp_path: Path) -> None:
    """The start ends with a status of failure and the fault, and without a traceback."""
    (tmp_path / "wrong.yaml").write_text("rulebok: {}\n")
    given = str(tmp_path / value) if setting == "RULEBOOK" else value
    ended = run("-m", "gunicorn", "--config", DOCKER / "gunicorn.conf.py", PORT="0", **{setting: given})
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
