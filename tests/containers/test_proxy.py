"""The compose file's proxy, run for real before three replicas that share a Redis; no container engine is needed."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from schemas.openapi import EXAMPLE
from tests.recheck import recheck
from tests.servers import RedisServer, eventually
from tests.workers import ROOT, Service, free_port

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
CONFIGURATION = ROOT / "docker/proxy/nginx.conf"
ROW = b"Fraud,finance,modeling,batch\n"
CSV = b"name,industry,phase,deployment.pattern\n"

pytestmark = [pytest.mark.skipif(not NGINX, reason="nginx is not installed"), pytest.mark.redis]


@contextmanager
def proxy(*ports: int) -> Iterator[int]:
    """Run nginx with the configuration as it is, but for the addresses and where it may write."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="nginx-") as folder:
        Path(folder).chmod(0o755)  # its workers are another user's where we are root
        (server,) = (line for line in CONFIGURATION.read_text().splitlines() if " replica:8000 " in line)
        servers = "\n".join(server.replace("replica:8000", f"127.0.0.1:{each}") for each in ports)
        text = CONFIGURATION.read_text().replace(server, servers).replace("/tmp/", f"{folder}/")  # noqa: S108
        (Path(folder) / "nginx.conf").write_text(text.replace("listen 8080", f"listen 127.0.0.1:{port}"))
        command = [str(NGINX), "-c", f"{folder}/nginx.conf", "-g", "daemon off;"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                eventually(lambda: process.poll() is not None or listens(port))
                assert process.poll() is None, subprocess.run([*command, "-t"], capture_output=True, check=False).stderr
                yield port
            finally:
                process.terminate()


def listens(port: int) -> bool:
    """Whether somebody does."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Scaled:
    """Replicas behind the proxy."""

    port: int
    replicas: list[Service]

    def recommend(self, size: int = 8, **headers: str) -> tuple[str, Any]:
        """Post a project over a connection of its own; return what the cache did, and the answer."""
        front = Service(self.replicas[0].process, self.port, self.replicas[0].log)
        reply = front.recommend({**EXAMPLE, "team": {"size": size}}, **headers)
        assert reply.status == 200, reply.body
        return reply.headers["cache-status"], reply.json()


@contextmanager
def scaled_out(serve: Callable[..., Service], redis: RedisServer) -> Iterator[Scaled]:
    """Three replicas on one Redis, as `docker compose --profile scaled up` has them."""
    settings = {"REDIS_URL": redis.url, "TRUSTED_PROXIES": "1", "REDIS_TIMEOUT_MS": "2000"}
    replicas = [serve(**settings) for _ in range(3)]
    with proxy(*(replica.port for replica in replicas)) as port:
        yield Scaled(port, replicas)


@pytest.fixture(scope="module")
def scaled(serve_module: Callable[..., Service], shared_redis: RedisServer) -> Iterator[Scaled]:
    """Replicas that no test harms."""
    with scaled_out(serve_module, shared_redis) as replicas:
        yield replicas


def test_replicas_take_turns_and_share_what_they_computed(scaled: Scaled) -> None:
    """Of six equal requests one is computed, two find its answer in Redis, and three in their own memory."""
    statuses = Counter(scaled.recommend(9)[0] for _ in range(6))

    assert statuses == {
        "redis; fwd=miss; stored, process; fwd=miss; stored": 1,
        "redis; hit, process; fwd=miss; stored": 2,
        "process; hit": 3,
    }


def test_a_slow_client_does_not_reach_a_replica(scaled: Scaled) -> None:
    """Sixty half-sent requests later each replica has heard of none of them, and answers."""
    with ExitStack() as clients:
        for _ in range(60):
            client = clients.enter_context(socket.create_connection(("127.0.0.1", scaled.port)))
            client.sendall(b"POST /recommend HTTP/1.1\r\nHost: me\r\nContent-Length: 900\r\n\r\n{")
        assert [scaled.recommend(size)[1]["headcount"]["total"] for size in (3, 4, 5)] == [3, 4, 5]
        connected = {conn for replica in scaled.replicas for conn in established(replica.port)}

    assert len(connected) <= 6  # the proxy's own, kept alive


def established(port: int) -> list[str]:
    """The connections that a server on that port holds open now."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return [row[2] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"]


def test_a_batch_streams_both_ways(scaled: Scaled) -> None:
    """Answers come while rows are still to be sent."""
    with socket.create_connection(("127.0.0.1", scaled.port), timeout=20) as connection:
        head = b"POST /recommend/batch HTTP/1.1\r\nHost: me\r\nContent-Type: text/csv\r\n"
        first = CSV + ROW * 500
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%b\r\n" % (len(first), first))
        received = until(connection, b"\r\n200,Fraud,")
        connection.sendall(b"%x\r\n%b\r\n0\r\n\r\n" % (len(ROW), ROW))
        received += until(connection, b"\r\n0\r\n\r\n")
    assert received.count(b",Fraud,") == 501


def until(connection: socket.socket, mark: bytes) -> bytes:
    """What comes, up to a mark in it or to the end."""
    received = b""
    while mark not in received and (data := connection.recv(65_536)):
        received += data
    return received


def test_no_client_is_left_without_an_answer_when_a_replica_is_killed(
    serve: Callable[..., Service], redis_server: RedisServer
) -> None:
    """Whoever was to be answered by it is answered by another, posts included.

    Only where it dies with an answer half sent does the client have to ask again: it sees that the half is no whole.
    """
    with scaled_out(serve, redis_server) as replicas, ThreadPoolExecutor(4) as threads:
        answers = threads.map(lambda number: persistent(replicas, number % 50 + 1), range(200))
        recheck(next(answers))
        kill(replicas.replicas[0])
        for answer in answers:
            recheck(answer)


def persistent(replicas: Scaled, size: int) -> Any:
    """An answer, asked for once more where it was cut off."""
    try:
        return replicas.recommend(size)[1]
    except http.client.IncompleteRead:
        return replicas.recommend(size)[1]


def kill(replica: Service) -> None:
    """End a replica as a lost machine would: master and workers, with no last words."""
    pid = replica.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    replica.process.kill()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    replica.process.wait(10)


def test_a_replica_is_told_who_called_and_no_lies() -> None:
    """What a client claims to have been forwarded for is replaced by its own address."""
    with socket.create_server(("127.0.0.1", 0)) as listener, proxy(listener.getsockname()[1]) as port:
        with ThreadPoolExecutor(1) as threads:
            heard = threads.submit(hear, listener)
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            client.request("GET", "/", headers={"X-Forwarded-For": "192.0.2.9", "X-Forwarded-Proto": "gopher"})
            assert client.getresponse().status == 204
            client.close()
        lines = heard.result().decode().split("\r\n")

    forwarded = {line for line in lines if line.startswith("X-Forwarded")}
    assert forwarded == {
        "X-Forwarded-For: 127.0.0.1",
        f"X-Forwarded-Host: 127.0.0.1:{port}",
        "X-Forwarded-Proto: http",
    }


def hear(listener: socket.socket) -> bytes:
    """Take one request, and answer it with nothing; connections that bring none are probes."""
    while True:
        with listener.accept()[0] as connection:
            if request := connection.recv(65_536):
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                return request
