"""Batches over real connections: both ways at once, in flat memory, and never half for whole."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from pathlib import Path
from select import select

import pytest

from tests.servers import eventually
from tests.workers import Service

HEADER = b"name,industry,phase,deployment.pattern\n"
ROW = b"Fraud,finance,modeling,batch\n"
HEAD = b"POST /recommend/batch HTTP/1.1\r\nHost: test\r\nContent-Type: text/csv\r\n"
Serve = Callable[..., Service]


@pytest.fixture(scope="module")
def service(serve_module: Serve) -> Service:
    """One service with one worker for all."""
    return serve_module()


def chunk(data: bytes) -> bytes:
    """A chunk of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def connect(service: Service) -> socket.socket:
    """A connection that gives up rather than hang."""
    return socket.create_connection(("127.0.0.1", service.port), timeout=20)


def until(connection: socket.socket, mark: bytes) -> bytes:
    """What comes, up to a mark in it or to the end."""
    received = b""
    while mark not in received and (data := connection.recv(65_536)):
        received += data
    return received


def test_answers_come_before_the_batch_has_ended(service: Service) -> None:
    """Some rows, their answers, then more rows: neither side waits for the other's end."""
    with connect(service) as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(HEADER + ROW * 500))
        assert b"\r\n200,Fraud," in until(connection, b"\r\n200,Fraud,")
        connection.sendall(chunk(ROW.replace(b"Fraud", b"Last")) + b"0\r\n\r\n")
        assert until(connection, b"\r\n0\r\n\r\n").count(b",Last,") == 1


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_body_cut_short_is_never_a_short_success(service: Service, framing: str) -> None:
    """A client that dies in the middle of a row: an error in the last row, and no end of the body."""
    with connect(service) as connection:
        body = HEADER + ROW * 2_000 + b"Half,fin"
        if framing == "length":
            connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % (2 * len(body)) + body)
        else:
            connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(body)[:-20])
        connection.shutdown(socket.SHUT_WR)
        answer = until(connection, b"\0")
    assert b"breaks off here" in answer
    assert b"Half" not in answer
    assert not answer.endswith(b"0\r\n\r\n")
    eventually(lambda: service.events("batch_cut"))
    assert service.request("GET", "/health/live").status == 200


def test_a_clients_library_sees_that_a_batch_broke_off(service: Service) -> None:
    """What comes after the status is an incomplete read to it, not an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
    body = HEADER + ROW * 2_000 + b'5" pipe,finance,modeling,batch\n' + ROW
    connection.request("POST", "/recommend/batch", body, {"Content-Type": "text/csv"})
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        response.read()
    connection.close()


def test_a_client_that_goes_away_is_let_go(service: Service) -> None:
    """Mid-answer, without a word; the worker goes on with the next."""
    for _ in range(3):
        with connect(service) as connection:
            connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(HEADER + ROW * 5_000))
            connection.recv(100)
    answer = service.request("POST", "/recommend/batch", HEADER + ROW * 3, {"Content-Type": "text/csv"})
    assert (answer.status, answer.body.count(b"\r\n")) == (200, 4)


def test_others_are_answered_while_a_batch_runs(service: Service) -> None:
    """A batch that never ends takes no worker for itself."""
    with connect(service) as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(HEADER + ROW * 100))
        until(connection, b"Fraud")
        project = {"industry": "finance", "phase": "modeling", "deployment": {"pattern": "batch"}}
        assert service.recommend(project).status == 200


def test_a_killed_server_leaves_no_whole_answer(serve: Serve) -> None:
    """The client's library says so."""
    service = serve()
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
    connection.putrequest("POST", "/recommend/batch")
    connection.putheader("Content-Type", "text/csv")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    connection.send(chunk(HEADER + ROW * 500))
    response = connection.getresponse()
    assert response.read(100)
    os.kill(worker_of(service), signal.SIGKILL)
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        response.read()
    connection.close()


def test_memory_stays_flat(service: Service) -> None:
    """From ten thousand rows to three hundred thousand, by the worker's own peak."""

    def peak_after(rows: int) -> int:
        parts = (ROW * 10_000 for _ in range(rows // 10_000))
        assert exchanged(service, chain([HEADER], parts)) == rows + 1
        return peak(service)

    few = peak_after(10_000)
    assert peak_after(300_000) < few + 20_000  # kB; the answers alone are some 25,000


@pytest.fixture(
    scope="module", params=[{}, {"WORKER_CLASS": "gthread", "WORKER_THREADS": "4"}], ids=["gevent", "gthread"]
)
def spooling(
    serve_module: Serve, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Service, Path]:
    """A service of either class of workers, and where it spools."""
    folder = tmp_path_factory.mktemp("spool")
    return serve_module(TMPDIR=str(folder), **request.param), folder


def test_a_client_may_send_all_before_it_reads_any(spooling: tuple[Service, Path]) -> None:
    """As http.client and requests do: 200,000 rows, every answer, flat memory, and the spool is given back."""
    service, folder = spooling
    assert sent_whole(service, 1_000) == 1_001
    few = peak(service)
    assert sent_whole(service, 200_000) == 200_001
    assert peak(service) < few + 40_000  # kB; as the scorer's own blocks take, read from 10,000 rows on
    assert spooled(service, folder) == []


def test_others_are_answered_while_a_client_sends_all(spooling: tuple[Service, Path]) -> None:
    """It takes no worker for itself, and a batch that is read as it comes goes on beside it."""
    service, folder = spooling
    with silent(service) as connection:
        send_until_spooled(connection, service, folder)
        assert service.request("GET", "/health/live").status == 200
        assert exchanged(service, iter([HEADER, ROW * 5_000])) == 5_001


def test_others_are_answered_while_a_batch_has_nothing_to_wait_for(spooling: tuple[Service, Path]) -> None:
    """All of it is there already, and takes seconds; so is the worker's heartbeat heard."""
    service, _ = spooling
    line = b'{"industry": "finance", "phase": "modeling", "deployment": {"pattern": "batch"}}\n'
    with connect(service) as connection, ThreadPoolExecutor(1) as reader:
        lines = reader.submit(counted, connection)
        connection.sendall(HEAD.replace(b"text/csv", b"application/x-ndjson"))
        connection.sendall(b"Content-Length: %d\r\n\r\n" % (len(line) * 20_000) + line * 20_000)
        for _ in range(3):
            assert service.request("GET", "/health/live").status == 200
        assert not lines.done()
        assert lines.result() == 20_000


def test_the_spool_of_a_client_that_goes_away_is_freed(spooling: tuple[Service, Path]) -> None:
    """At once, as is the one who filled it: no file and no thread is left."""
    service, folder = spooling
    before = threads(service)
    with silent(service) as connection:
        send_until_spooled(connection, service, folder)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # as one that was killed
    eventually(lambda: not spooled(service, folder))
    eventually(lambda: threads(service) <= before)


@pytest.mark.parametrize("room", ["0", "1"])
def test_a_full_spool_waits_for_its_reader(serve: Serve, room: str) -> None:
    """Whoever does read, in the end gets all; the service stops reading meanwhile."""
    service, rows = serve(BATCH_SPOOL_MB=room), 0
    with silent(service) as connection, ThreadPoolExecutor(1) as reader:
        while select([], [connection], [], 1)[1]:
            connection.sendall(chunk(ROW * 100))
            rows += 100
        assert service.request("GET", "/health/live").status == 200
        lines = reader.submit(counted, connection)
        connection.sendall(chunk(ROW) + b"0\r\n\r\n")
        assert lines.result() == rows + 2


def test_a_spool_that_is_read_ends_as_the_batch_did(service: Service) -> None:
    """A fault after much that was not read yet: all answers up to it, then the error, and no end of the body."""
    with silent(service) as connection:
        connection.sendall(
            b"".join(chunk(ROW * 10_000) for _ in range(10)) + chunk(b'5" pipe,finance,modeling,batch\n')
        )
        connection.sendall(b"0\r\n\r\n")
        answer = until(connection, b"\0")
    assert answer.count(b",Fraud,") > 90_000
    assert b"breaks off here" in answer
    assert not answer.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_is_stopped_leaves_no_whole_answer_of_a_spool(
    serve: Serve, tmp_path: Path, by: signal.Signals
) -> None:
    """Killed, or in the orderly way that does not wait for ever: an end, an incomplete body, no file."""
    service = serve(TMPDIR=str(tmp_path))
    with silent(service) as connection:
        send_until_spooled(connection, service, tmp_path)
        os.kill(worker_of(service) if by == signal.SIGKILL else service.process.pid, by)
        with http.client.HTTPResponse(connection) as response:
            response.begin()
            with pytest.raises((http.client.IncompleteRead, ConnectionError)):
                response.read()
    assert list(tmp_path.iterdir()) == []


def silent(service: Service) -> socket.socket:
    """A connection with little room for answers, on which a batch has begun."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    connection.settimeout(60)
    connection.connect(("127.0.0.1", service.port))
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(HEADER))
    return connection


def send_until_spooled(connection: socket.socket, service: Service, folder: Path) -> None:
    """Send rows and read nothing until the service has put answers aside."""

    def more() -> bool:
        connection.sendall(chunk(ROW * 5_000))
        return bool(spooled(service, folder))

    eventually(more, within=30)


def sent_whole(service: Service, rows: int) -> int:
    """Send a batch whole, then read, and count the lines that came back."""
    with silent(service) as connection:
        for _ in range(rows // 1_000):
            connection.sendall(chunk(ROW * 1_000))
        connection.sendall(b"0\r\n\r\n")
        return counted(connection)


def spooled(service: Service, folder: Path) -> list[str]:
    """The files without a name that the worker has open in a folder."""
    names = []
    for link in Path(f"/proc/{worker_of(service)}/fd").iterdir():
        with suppress(FileNotFoundError):  # it was closed meanwhile
            names.append(str(link.readlink()))
    return [name for name in names if name.startswith(str(folder))]


def threads(service: Service) -> int:
    """How many threads the worker has."""
    return len(list(Path(f"/proc/{worker_of(service)}/task").iterdir()))


def peak(service: Service) -> int:
    """The most memory that the worker had, in kB."""
    status = Path(f"/proc/{worker_of(service)}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def exchanged(service: Service, parts: Iterator[bytes]) -> int:
    """Send a batch part by part while another thread reads, and count the lines that came back."""
    with connect(service) as connection, ThreadPoolExecutor(1) as reader:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        lines = reader.submit(counted, connection)
        for part in parts:
            connection.sendall(chunk(part))
        connection.sendall(b"0\r\n\r\n")
        return lines.result()


def counted(connection: socket.socket) -> int:
    """How many lines the response on a connection has."""
    with http.client.HTTPResponse(connection) as response:
        response.begin()
        return sum(1 for _ in response)


def worker_of(service: Service) -> int:
    """The process of the one worker."""
    (worker,) = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
    return int(worker)
