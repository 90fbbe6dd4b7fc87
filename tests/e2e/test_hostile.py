"""What no well-meaning client sends, through gunicorn and over real sockets: problems, never failures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from schemas.openapi import EXAMPLE
from tests.e2e.sockets import CHUNKED, HEAD, chunks, connect, receive, send
from tests.workers import Reply, Service

PROJECT = json.dumps(EXAMPLE).encode()
LEAST = "industry=finance&phase=modeling&deployment.pattern=batch"


@pytest.fixture(scope="module")
def service(serve_module: Callable[..., Service]) -> Iterator[Service]:
    """One service for the module; nothing that it was sent made it fail."""
    service = serve_module()
    yield service
    assert service.request("GET", "/health/live").status == 200
    assert service.events("request_failed") == []
    assert {event["status"] // 100 for event in service.events("request")} <= {2, 4}


def refused(reply: Reply) -> int:
    """See that the reply is a problem, and return its status."""
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == reply.status
    assert reply.json()["request_id"] == reply.headers["x-request-id"]
    return reply.status


def sized(body: bytes) -> bytes:
    """A body under its length."""
    return HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


BODIES: dict[str, tuple[int, bytes]] = {
    "a string of ten megabytes": (413, b'{"name": "' + b"n" * 10_000_000 + b'"}'),
    "100,000 arrays": (400, b"[" * 100_000 + b"]" * 100_000),
    "100,000 objects": (400, b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "a thousand arrays": (400, b"[" * 1_000 + b"]" * 1_000),
    "not a number": (400, b'{"team": {"size": NaN}}'),
    "a number beyond all others": (400, b'{"team": {"size": -1e400}}'),
    "a number of 5,000 digits": (400, b"9" * 5_000),
    "a number of 300 digits": (422, b'{"team": {"size": ' + b"9" * 300 + b"}}"),
    "a name twice": (422, b'{"industry": "finance", "industry": "retail"}'),
    "100,000 times the same name": (422, b"{%b}" % b",".join([b'"a":1'] * 100_000)),
    "half a surrogate pair": (400, rb'{"name": "\udc00"}'),
    "half a surrogate pair for a name": (400, rb'{"\ud800": 1}'),
    "bytes that are no UTF-8": (400, b'{"name": "\xc3\x28"}'),
    "a byte order mark and nothing else": (400, b"\xef\xbb\xbf"),
    "nothing": (400, b""),
}


@pytest.mark.parametrize("note", BODIES)
def test_a_hostile_body_gets_a_problem(service: Service, note: str) -> None:
    """Whether its length is told or it comes in chunks."""
    status, body = BODIES[note]
    assert refused(service.request("POST", "/recommend", body, {"Content-Type": "application/json"})) == status
    assert refused(send(service, CHUNKED, chunks([body] if body else []))) == status


def test_a_body_in_chunks_is_read_whole(service: Service) -> None:
    """A chunk for each byte, and a byte order mark before them."""
    told = service.recommend(EXAMPLE)
    reply = send(service, CHUNKED, chunks(bytes([byte]) for byte in b"\xef\xbb\xbf" + PROJECT))
    assert (reply.status, reply.body) == (200, told.body)


def test_chunks_past_the_limit_are_refused_though_what_fits_is_a_project(service: Service) -> None:
    """A megabyte of spaces after it: cut off at the limit, it would look whole."""
    assert refused(send(service, CHUNKED, chunks([PROJECT, *[b" " * 65_536] * 16]))) == 413
    assert service.recommend({**EXAMPLE, "description": " " * 5_000}).status == 200


@pytest.mark.parametrize(
    "broken",
    [
        b"ZZ\r\n{}\r\n0\r\n\r\n",
        b"-2\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}no end\r\n0\r\n\r\n",
        b"50\r\n{",
        b"2\r\n{}\r\n",
        b"",
    ],
    ids=["no number", "a negative number", "longer than said", "cut off", "no last chunk", "no chunk"],
)
def test_broken_chunks_get_a_problem(service: Service, broken: bytes) -> None:
    """The caller's fault, and not ours."""
    assert refused(send(service, CHUNKED, broken, hang_up=True)) == 400


def test_a_client_that_stops_early_is_not_half_answered(service: Service) -> None:
    """Even where what it sent is a project by itself."""
    reply = send(service, HEAD, b"Content-Length: %d\r\n\r\n" % (len(PROJECT) + 1), PROJECT, hang_up=True)
    assert refused(reply) == 400
    assert f"{len(PROJECT)} of {len(PROJECT) + 1} bytes" in reply.json()["detail"]


@pytest.mark.parametrize(
    "framing",
    [b"Content-Length: -1", b"Content-Length: 1e3", b"Content-Length: 5\r\nContent-Length: 6", b"Transfer-Encoding: x"],
)
def test_a_body_without_a_clear_end_is_refused(service: Service, framing: bytes) -> None:
    """Nobody smuggles a second request past a proxy: gunicorn itself refuses these."""
    assert send(service, HEAD, framing, b"\r\n\r\n{}").status in (400, 501)


def test_what_a_refused_body_left_is_not_the_next_request(service: Service) -> None:
    """A body that nobody read may look like a request; it is never answered as one."""
    inner = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connect(service) as connection:
        connection.sendall(b"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(inner), inner))
        assert refused(receive(connection)) == 404
        connection.sendall(b"GET /health/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        rest = connection.recv(65_536)
    assert rest == b"" or rest.startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"{LEAST}&languages=python&languages=r", 200),
        (f"{LEAST}&industry=retail", 422),
        (f"{LEAST}&name=%00", 422),
        (f"{LEAST}&name=%FF", 400),
        (f"{LEAST}&%ZZ=%", 422),
        (f"{LEAST}&team.size=%D9%A5", 422),
        ("&" * 8_000, 422),
        ("a&" * 4_000, 422),
    ],
)
def test_odd_queries_are_answered(service: Service, query: str, status: int) -> None:
    """Or refused in the usual way."""
    reply = service.request("GET", f"/recommend?{query}")
    assert reply.status == status
    if status != 200:
        refused(reply)


def test_an_address_of_more_than_8_kilobytes_is_refused(service: Service) -> None:
    """By gunicorn, before anything reads it."""
    assert service.request("GET", f"/recommend?name={'n' * 9_000}").status == 414


def test_clients_that_never_finish_stop_nobody(service: Service) -> None:
    """Fifty hold half a head, a stalled body or a stalled chunk; others are answered meanwhile."""
    halves = [b"POST /recommend HT", HEAD, HEAD + b"Content-Length: 100\r\n\r\n{", CHUNKED + b"50\r\n{", b""]
    with ExitStack() as clients:
        for half in halves * 10:
            clients.enter_context(connect(service)).sendall(half)
        for number in range(1, 21):
            assert service.recommend({**EXAMPLE, "team": {"size": number}}).status == 200


def test_fifty_callers_at_once_get_their_own_answers(service: Service) -> None:
    """Some ask the same, some do not."""

    def total(size: int) -> float:
        reply = service.recommend({**EXAMPLE, "team": {"size": size}, "name": str(size)})
        assert reply.json()["name"] == str(size)
        return float(reply.json()["headcount"]["total"])

    sizes = [*range(1, 51), *[7] * 50] * 2
    with ThreadPoolExecutor(50) as threads:
        assert list(threads.map(total, sizes)) == sizes
