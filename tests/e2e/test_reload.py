"""SIGHUP under load, through gunicorn: no request fails, and every answer is of one rulebook or the other."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from schemas.openapi import EXAMPLE
from schemas.project import load_project
from schemas.rulebook import load_rulebook
from service.app import build_recommender
from service.config import Settings, bundled_rulebook
from tests.servers import eventually
from tests.workers import Service

OLD = bundled_rulebook().read_text()
NEW = OLD.replace("{ml_engineer: strong}", "{ml_engineer: moderate}")
WRONG = OLD.replace("theme: goal", "theme: gaol")
PATIENCE = 120  # workers start slowly where all cores are busy

Tally = dict[bytes, int]


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A rulebook's file."""
    path = tmp_path / "ours.yaml"
    path.write_text(OLD)
    return path


def answer(text: str, folder: Path) -> bytes:
    """The body that the example gets under a rulebook."""
    path = folder / "expected.yaml"
    path.write_text(text)
    recommender = build_recommender(Settings(rulebook=path))
    return recommender.compute(recommender.ticket(load_project(EXAMPLE)))


def readiness(service: Service) -> Any:
    """What the probe is told."""
    return service.request("GET", "/health/ready").json()


def reload(service: Service, event: str = "rulebook_taken_up") -> None:
    """Send SIGHUP, and wait until the log says what came of it."""
    before = len(service.events(event))
    service.process.send_signal(signal.SIGHUP)
    eventually(lambda: len(service.events(event)) > before, within=PATIENCE)


def ask(service: Service, done: Event, *, keep: bool) -> Tally:
    """Post the example over and over, on one connection as long as the server keeps it or on a new one each time."""
    tally: Tally = {}
    with closing(HTTPConnection("127.0.0.1", service.port, timeout=30)) as connection:
        while not done.is_set():
            connection.request("POST", "/recommend", json.dumps(EXAMPLE), {"Content-Type": "application/json"})
            response = connection.getresponse()
            body = response.read()
            tally[body] = tally.get(body, 0) + 1
            if not keep:
                connection.close()
    return tally


@contextmanager
def load(service: Service) -> Iterator[Callable[[], set[bytes]]]:
    """Eight kept connections and two callers on new ones; gives a way to end them, and to see all that was answered."""
    done = Event()
    with ThreadPoolExecutor(10) as threads:
        callers: list[Future[Tally]] = [threads.submit(ask, service, done, keep=number < 8) for number in range(10)]

        def end() -> set[bytes]:
            done.set()
            return {body for caller in callers for body in caller.result()}

        try:
            yield end
        finally:
            done.set()


def test_reloads_under_load_fail_no_request(serve: Callable[..., Service], ours: Path) -> None:
    """To another rulebook and back, and a wrong one in between: each body is one or the other's, byte for byte."""
    service = serve(RULEBOOK=str(ours), WEB_CONCURRENCY="2")
    old, new = (answer(text, ours.parent) for text in (OLD, NEW))
    with load(service) as end:
        ours.write_text(NEW)
        reload(service)
        ours.write_text(WRONG)
        reload(service, "rulebook_refused")
        assert readiness(service)["status"] == "degraded"
        ours.write_text(OLD)
        reload(service)
        assert readiness(service)["status"] == "ok"
        assert end() == {old, new}
    eventually(lambda: {service.recommend(EXAMPLE).body for _ in range(20)} == {old}, within=60)
    assert {event["status"] for event in service.events("request")} == {200}
    assert b"Traceback" not in service.output()


def test_a_wrong_rulebook_changes_nothing_but_readiness(serve: Callable[..., Service], ours: Path) -> None:
    """The file, the line, the fault and the time are told, no worker is replaced, and a repaired one ends it."""
    service = serve(RULEBOOK=str(ours))
    workers = service.workers()
    ours.write_text(WRONG)
    reload(service, "rulebook_refused")
    told = readiness(service)
    assert told["status"] == "degraded"
    assert f"{ours}:172: 'gaol' is not a theme; did you mean 'goal'? (and 5 more" in told["reasons"]["reload"]
    assert told["rulebook"]["digest"] == load_rulebook(OLD, filename="").digest
    assert service.workers() == workers

    ours.write_text(NEW)
    reload(service)
    eventually(lambda: not service.workers() & workers)
    told = readiness(service)
    assert (told["status"], told["reasons"]) == ("ok", {})
    assert told["rulebook"]["digest"] == load_rulebook(NEW, filename="").digest


def test_a_worker_that_comes_up_after_a_crash_takes_no_edited_file(serve: Callable[..., Service], ours: Path) -> None:
    """It reads what was accepted, as all others did."""
    service = serve(RULEBOOK=str(ours))
    (worker,) = service.workers()
    ours.write_text(WRONG)
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: b"Booting worker" in service.output().partition(b"was sent SIGKILL")[2], within=PATIENCE)
    service.await_answer()
    told = readiness(service)
    assert (told["status"], told["rulebook"]["digest"]) == ("ok", load_rulebook(OLD, filename="").digest)


def test_signals_in_a_row_leave_as_many_workers_as_before(serve: Callable[..., Service], ours: Path) -> None:
    """The newest file is in force in the end."""
    service = serve(RULEBOOK=str(ours), WEB_CONCURRENCY="2")
    for text in (NEW, OLD, WRONG, NEW):
        ours.write_text(text)
        service.process.send_signal(signal.SIGHUP)
    before = service.workers()
    digest = load_rulebook(NEW, filename="").digest
    eventually(lambda: service.events("rulebook_taken_up"), within=PATIENCE)
    eventually(lambda: not service.workers() & before and len(service.workers()) == 2, within=PATIENCE)
    assert {readiness(service)["rulebook"]["digest"] for _ in range(10)} == {digest}
