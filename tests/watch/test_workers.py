"""Metrics of several workers: whole whichever answers, before and after one is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.openapi import EXAMPLE
from tests.servers import RedisServer, eventually
from tests.watch.scrapes import Scrape, scrape
from tests.workers import Service

Serve = Callable[..., Service]
ANSWERED = {"route": "/recommend", "method": "POST", "status": "200"}


def children(service: Service) -> set[int]:
    """The workers' process ids."""
    master = service.process.pid
    return {int(child) for child in Path(f"/proc/{master}/task/{master}/children").read_text().split()}


def serving(service: Service, workers: int) -> bool:
    """Whether so many workers are up; while none is, nobody answers."""
    try:
        return scrape(service).value("staffing_workers") == workers
    except OSError:
        return False


def answered(scraped: Scrape) -> float:
    """How many projects were answered by all workers."""
    return scraped.value("staffing_request_duration_seconds_count", **ANSWERED)


def test_every_worker_tells_the_sum_of_all(serve: Serve) -> None:
    """Requests at once, the rest within a second or so."""
    service = serve(WEB_CONCURRENCY="3")
    eventually(lambda: serving(service, 3), within=60)
    for _ in range(60):
        assert service.recommend(EXAMPLE).status == 200
    for _ in range(10):
        assert answered(scrape(service)) == 60
    eventually(lambda: scrape(service).total("staffing_answers_total") == 60)
    eventually(lambda: scrape(service).total("staffing_cache_lookups_total", tier="process") == 60)
    scraped = scrape(service)
    assert scraped.value("staffing_answers_total", lean="data_scientist") == 60
    assert scraped.value("staffing_request_duration_seconds_bucket", le="+Inf", **ANSWERED) == 60


def test_a_killed_worker_leaves_its_counts_and_takes_its_gauges(serve: Serve) -> None:
    """Nothing is lost, nothing is counted twice, and its place is taken."""
    service = serve(WEB_CONCURRENCY="3")
    eventually(lambda: serving(service, 3), within=60)
    for _ in range(30):
        service.recommend(EXAMPLE)
    eventually(lambda: scrape(service).total("staffing_answers_total") == 30)
    before = children(service)
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: killed not in children(service) and serving(service, 3), within=60)
    for _ in range(30):
        service.recommend(EXAMPLE)
    assert answered(scrape(service)) == 60
    eventually(lambda: scrape(service).total("staffing_answers_total") == 60)
    eventually(lambda: scrape(service).value("staffing_workers") == 3)


def test_what_a_worker_counted_last_is_kept_when_it_ends_in_order(serve: Serve) -> None:
    """It publishes at its end, and does not wait for the second to be over."""
    service = serve(WEB_CONCURRENCY="2")
    for _ in range(20):
        service.recommend(EXAMPLE)
    eventually(lambda: serving(service, 2), within=60)  # one that has no handlers yet would not hear of its end
    old = children(service)
    for worker in old:
        os.kill(worker, signal.SIGTERM)
    eventually(lambda: not children(service) & old and serving(service, 2), within=60)
    assert scrape(service).total("staffing_answers_total") == 20


def test_a_lost_redis_shows_in_breakers_and_components(serve: Serve, redis_server: RedisServer) -> None:
    """And its return."""
    service = serve(REDIS_URL=redis_server.url, REDIS_RETRY_AFTER_S="1")
    state = {"tier": "redis", "state": "open"}
    assert scrape(service).value("staffing_cache_breakers", tier="redis", state="closed") == 1
    redis_server.kill()
    for number in range(5):
        service.recommend({**EXAMPLE, "team": {"size": number + 1}})
    lost = scrape(service)
    assert lost.value("staffing_cache_breakers", **state) == 1
    assert lost.value("staffing_component_state", component="cache") == 1
    assert lost.value("staffing_cache_lookups_total", tier="redis", outcome="unavailable") == 5
    redis_server.start()
    eventually(lambda: scrape(service).value("staffing_component_state", component="cache") == 0)
    assert scrape(service).value("staffing_cache_breakers", **state) == 0


@pytest.mark.parametrize("worker_class", ["gthread", "sync"])
def test_other_kinds_of_workers_publish_too(serve: Serve, worker_class: str) -> None:
    """A thread does it where there are no greenlets."""
    service = serve(WEB_CONCURRENCY="2", WORKER_CLASS=worker_class)
    for _ in range(20):
        service.recommend(EXAMPLE)
    eventually(lambda: scrape(service).total("staffing_answers_total") == 20)


def test_the_folder_is_gone_with_the_service(serve: Serve) -> None:
    """Nothing is left on a disk, or in memory that looks like one."""
    service = serve()
    (environment,) = {Path(f"/proc/{pid}/maps").read_text() for pid in children(service)}
    (folder,) = {Path(line.split()[-1]).parent for line in environment.splitlines() if line.endswith(".db")}
    assert folder.is_dir()
    service.stop()
    assert not folder.exists()
