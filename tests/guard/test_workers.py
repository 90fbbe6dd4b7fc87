"""The guard under gunicorn: every worker, every replica, slow clients, and what is never written anywhere."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.guard.keys import make_key, revoke_key
from tests.e2e.sockets import CHUNKED, HEAD, chunks, connect, receive
from tests.guard.conftest import ASKED
from tests.servers import RedisServer, eventually
from tests.workers import ROOT, Service

Serve = Callable[..., Service]


def test_a_revoked_key_is_refused_within_a_second_by_every_worker(
    serve: Serve, keys_file: Path, reader: str, batcher: str
) -> None:
    """Three workers, asked over many connections at once; a key that was made is taken as soon, the others go on."""
    service = serve(API_KEYS_FILE=str(keys_file), WEB_CONCURRENCY="3")
    key, presented = make_key(keys_file, "short-lived", ["recommend"], None)

    def ask(said: str) -> tuple[int, str]:
        reply = service.request("GET", ASKED, headers={"X-API-Key": said, "Connection": "close"})
        return reply.status, reply.headers["x-request-id"]

    with ThreadPoolExecutor(12) as threads:
        assert {status for status, _ in threads.map(ask, [presented] * 60)} == {200}
        revoke_key(keys_file, key.id)
        revoked = time.monotonic()
        last_taken = revoked
        while time.monotonic() < revoked + 1.5:
            asked = time.monotonic()
            if any(status == 200 for status, _ in threads.map(ask, [presented] * 12)):
                last_taken = asked
        assert last_taken - revoked < 1
        assert {status for status, _ in threads.map(ask, [presented] * 60)} == {401}
        assert {status for status, _ in threads.map(ask, [reader] * 60)} == {200}


def test_limits_hold_over_replicas_and_without_redis(serve: Serve, redis_server: RedisServer) -> None:
    """Two services of one Redis share a count; without Redis each goes on counting, and none fails or waits."""
    settings = {"REDIS_URL": redis_server.url, "RATE_LIMIT": "20/hour", "REDIS_RETRY_AFTER_S": "3600"}
    replicas = [serve(**settings) for _ in range(2)]

    def ask(number: int) -> int:
        return replicas[number % 2].request("GET", ASKED).status

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(ask, range(60))) == [200] * 20 + [429] * 40
    redis_server.freeze()
    start = time.monotonic()
    assert [ask(number) for number in range(60)] == [200] * 40 + [429] * 20
    assert time.monotonic() - start < 10
    for replica in replicas:
        assert replica.request("GET", "/health/ready").status == 200
        assert replica.events("request_failed") == []


@pytest.fixture(scope="module")
def impatient(serve_module: Serve) -> Service:
    """A service that waits a second for a body."""
    return serve_module(BODY_TIMEOUT_S="1")


@pytest.mark.parametrize("path", ["/recommend", "/plan", "/compare", "/portfolio", "/interpret", "/recommend/batch"])
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_body_that_drips_is_cut_off(impatient: Service, path: str, framing: str) -> None:
    """However steadily it comes: 408, and the connection is closed, so that its rest is no next request."""
    head = (CHUNKED if framing == "chunked" else HEAD + b"Content-Length: 1000\r\n\r\n").replace(
        b"/recommend", path.encode(), 1
    )
    with connect(impatient) as connection:
        connection.sendall(head)
        with ThreadPoolExecutor(1) as dripping:
            dripping.submit(drip, connection, b"1\r\n \r\n" if framing == "chunked" else b" ")
            reply = receive(connection)
            assert (reply.status, reply.headers["content-type"]) == (408, "application/problem+json")
            assert reply.json()["request_id"] == reply.headers["x-request-id"]
            eventually(lambda: closed(connection))


def drip(connection: socket.socket, piece: bytes) -> None:
    """Send a piece at a time until nobody takes it."""
    try:
        for _ in range(200):
            connection.sendall(piece)
            time.sleep(0.05)  # the client's own pace, not a wait for something
    except OSError:
        pass


def closed(connection: socket.socket) -> bool:
    """Whether the other side has closed the connection."""
    try:
        return connection.recv(1) == b""
    except OSError:
        return True


@pytest.mark.parametrize("path", ["/recommend", "/plan", "/compare", "/portfolio", "/interpret", "/recommend/batch"])
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_every_route_refuses_a_body_that_is_too_large(impatient: Service, path: str, framing: str) -> None:
    """A megabyte and a byte, told or in chunks, is refused and never cut to what fits."""
    body = b" " * 1_048_577
    with connect(impatient) as connection:
        if framing == "length":
            head = HEAD + b"Content-Length: %d\r\n\r\n" % len(body)
            connection.sendall(head.replace(b"/recommend", path.encode(), 1))
        else:
            connection.sendall(CHUNKED.replace(b"/recommend", path.encode(), 1) + chunks([body]))
        assert receive(connection).status == 413


def test_a_head_that_drips_is_cut_off(impatient: Service) -> None:
    """By gunicorn, after its five seconds."""
    with connect(impatient) as connection, ThreadPoolExecutor(1) as dripping:
        connection.sendall(b"GET /health/live HTTP/1.1\r\n")
        dripping.submit(drip, connection, b"X: y\r\n")
        assert closed(connection)


def test_gunicorn_believes_no_neighbour(impatient: Service) -> None:
    """A caller on the same machine does not make its request one by TLS."""
    reply = impatient.request("GET", "/health/live", headers={"X-Forwarded-Proto": "https"})
    assert reply.status == 200
    assert "strict-transport-security" not in reply.headers


@pytest.mark.parametrize("arguments", [(), ("--bind", "0.0.0.0:0")], ids=["by HOST", "by --bind"])
def test_it_does_not_start_open_to_others_by_oversight(arguments: tuple[str, ...]) -> None:
    """The one line says what to set."""
    environment = {"PATH": os.environ["PATH"], "PORT": "0", **({} if arguments else {"HOST": "0.0.0.0"})}  # noqa: S104
    command = [sys.executable, "-m", "gunicorn", "--config", "docker/gunicorn.conf.py", *arguments]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    (line,) = (line for line in ended.stderr.splitlines() if line.startswith("staffing: "))
    assert "API_KEYS_FILE" in line
    assert "OPEN_TO_ALL=yes" in line
    assert "Traceback" not in ended.stderr


def test_as_the_image_starts_it_answers_probes_and_this_machine_alone(serve: Serve) -> None:
    """It says so in its log; a caller through any other address is told what to set."""
    service = serve(HOST="0.0.0.0", OPEN_TO_ALL="no")  # noqa: S104
    assert service.events("closed")
    assert service.request("GET", ASKED).status == 200
    address = address_of_this_machine()
    for path, status in (("/health/ready", 200), (ASKED, 403)):
        with socket.create_connection((address, service.port), timeout=10) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: me\r\nConnection: close\r\n\r\n".encode())
            assert receive(connection).status == status


def address_of_this_machine() -> str:
    """One that is not its loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # no packet is sent
        return str(probe.getsockname()[0])


def test_no_secret_is_ever_logged(serve: Serve, keys_file: Path, reader: str, nobody_listens: str) -> None:
    """Not a key, taken or refused, nor a password in a URL, at the most talkative level."""
    secret, wrong, password = reader[17:], "w" * 43, "pa55w0rd"
    signing, token = "s1gning", "xoxb-t0ken"
    service = serve(
        API_KEYS_FILE=str(keys_file),
        REDIS_URL=nobody_listens.replace("redis://", f"redis://me:{password}@"),
        SLACK_SIGNING_SECRET=signing,
        SLACK_BOT_TOKEN=token,
        RATE_LIMIT="10/hour",
        LOG_LEVEL="debug",
    )
    for key in (reader, f"stf_{reader[4:16]}_{wrong}"):
        for headers in (
            {"X-API-Key": key},
            {"Authorization": f"Bearer {key}"},
            {"Authorization": f"Basic {key}"},
            {"X-API-Key": f"{key}\x00"},
            {f"X-API-Key {key}": "x"},
        ):
            for path in (ASKED, "/recommend/batch", "/nothing", "/health/ready"):
                raw = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
                with connect(service) as connection:
                    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: me\r\n{raw}Connection: close\r\n\r\n".encode())
                    while connection.recv(65_536):
                        pass
    service.stop()
    service.log.seek(0)
    said = service.log.read()
    assert b"Invalid request" in said
    for hidden in (secret, wrong, password, signing, token):
        assert hidden.encode() not in said


@pytest.mark.parametrize(
    "setting",
    [
        {"REDIS_URL": "redis://:pa55/w0rd@localhost:6379/0"},
        {"REDIS_URL": "amqp://me:pa55w0rd@localhost/"},
        {"REDIS_URL": "redis://me:pa55w0rd@localhost:port/0"},
        {"REDIS_URL": "pa55w0rd"},
        {"SLACK_REDIS_URL": "redis://:pa55/w0rd@h:1/0", "SLACK_SIGNING_SECRET": "x", "SLACK_BOT_TOKEN": "y"},
    ],
)
def test_a_url_that_is_wrong_is_not_quoted(setting: dict[str, str]) -> None:
    """The start ends with a line that names the setting, and no part of the password."""
    command = [sys.executable, "-m", "service.reload.preflight"]
    environment = {"PATH": os.environ["PATH"], **setting}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("staffing: ")
    assert "Traceback" not in ended.stderr
    assert next(iter(setting)) in ended.stderr
    assert not [part for part in ("pa55", "w0rd") if part in ended.stderr]
