"""What every request gets, whatever it asks for: an id, a line in the log, an orderly end."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from schemas.openapi import EXAMPLE
from tests.e2e.sockets import HEAD, connect, receive
from tests.servers import eventually
from tests.workers import Service


@pytest.fixture(scope="module")
def service(serve_module: Callable[..., Service]) -> Service:
    """One service for the module."""
    return serve_module()


@pytest.mark.parametrize("path", ["/recommend", "/nothing", "/health/live"])
def test_a_request_keeps_the_id_that_it_came_with(service: Service, path: str) -> None:
    """In the answer, in the problem and in the log."""
    given = f"ours.{path[1:].replace('/', '-')}_1"
    reply = service.request("GET", path, headers={"X-Request-ID": given})
    assert reply.headers["x-request-id"] == given
    if reply.status >= 400:
        assert reply.json()["request_id"] == given
    (line,) = (event for event in service.events("request") if event["request_id"] == given)
    assert (line["method"], line["path"], line["status"]) == ("GET", path, reply.status)


@pytest.mark.parametrize("given", ["", " ", "a b", "a" * 65, "{}", 'a"}', "\xe9", "a;b", "../a"])
def test_an_id_that_could_do_harm_is_replaced(service: Service, given: str) -> None:
    """What is echoed into headers and logs has letters, digits, dots, underscores and hyphens, at most 64."""
    reply = service.request("GET", "/health/live", headers={"X-Request-ID": given})
    assert re.fullmatch("[0-9a-f]{32}", reply.headers["x-request-id"])


def test_every_request_without_an_id_gets_its_own(service: Service) -> None:
    """No two alike."""
    ids = [service.request("GET", "/health/live").headers["x-request-id"] for _ in range(20)]
    assert len(set(ids)) == 20


def test_the_log_says_what_the_cache_did(service: Service) -> None:
    """One line for each answer, as JSON."""
    replies = [service.recommend({**EXAMPLE, "team": {"size": 31}}) for _ in range(2)]
    logged = {event["request_id"]: event for event in service.events("request")}
    for reply in replies:
        event = logged[reply.headers["x-request-id"]]
        assert event["cache"] == reply.headers["cache-status"]
        assert event["ms"] >= 0
        assert event["timestamp"].endswith("Z")


def test_head_and_options_are_answered_without_a_body(service: Service) -> None:
    """HEAD as GET would be, OPTIONS with what the address takes."""
    head, options = service.request("HEAD", "/rulebook"), service.request("OPTIONS", "/recommend")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) == len(service.request("GET", "/rulebook").body)
    assert (options.status, options.body) == (200, b"")
    assert set(options.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_the_request_at_hand_is_finished_before_the_end(serve: Callable[..., Service]) -> None:
    """SIGTERM in the middle of a body: it is read to its end and answered, then the status is 0."""
    service = serve()
    body = b'{"industry": "finance", "phase": "modeling", "deployment": {"pattern": "batch"}}'
    with connect(service) as connection:
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body[:10])
        service.request("GET", "/health/live")  # by now the worker has taken the connection before this one
        service.process.terminate()
        eventually(lambda: b"Handling signal: term" in _log(service))
        connection.sendall(body[10:])
        assert receive(connection).status == 200
    assert service.process.wait(timeout=20) == 0


def _log(service: Service) -> bytes:
    service.log.seek(0)
    return service.log.read()
