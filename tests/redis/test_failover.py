"""Servers behind sentinels and in clusters are killed and frozen; answers go on, and what is left is found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from schemas.openapi import EXAMPLE
from service.cache import RedisTier, TieredCache, connect
from tests.lab import KINDS, Lab, lab
from tests.recheck import recheck
from tests.servers import RedisServer, eventually
from tests.workers import Service

TIMEOUT = 0.25
FAILOVER = 20.0  # seconds: noticing, electing and trying again, on a machine that is busy
STORED = "redis; fwd=miss; stored, process; fwd=miss; stored"
HARMS = pytest.mark.parametrize("harm", [RedisServer.kill, RedisServer.freeze], ids=["killed", "frozen"])

Harm = Callable[[RedisServer], None]


@pytest.fixture
def start() -> Iterator[Callable[[str], tuple[Lab, TieredCache]]]:
    """Start a lab of a kind, with a cache in it alone."""
    with ExitStack() as stack:

        def begin(kind: str) -> tuple[Lab, TieredCache]:
            started = stack.enter_context(lab(kind))
            client = stack.enter_context(connect(started.url, timeout=TIMEOUT, connect_timeout=TIMEOUT))
            return started, TieredCache([RedisTier(client, ttl=300, reset_after=0.1)])

        yield begin


Start = Callable[[str], tuple[Lab, TieredCache]]


def fetch(cache: TieredCache, key: str) -> str:
    """Fetch the key, see that its value is the right one, and return what Redis did."""
    fetched = cache.fetch(key, key.encode)
    assert fetched.value == key.encode()
    return fetched.cache_status


@HARMS
@pytest.mark.redis
def test_the_new_master_is_used_when_the_old_one_is_gone(start: Start, harm: Harm) -> None:
    """Every fetch is answered meanwhile; no restart and no setting is needed."""
    servers, cache = start("sentinel")
    assert fetch(cache, "before") == "redis; fwd=miss; stored"
    harm(servers.servers[0])

    eventually(lambda: fetch(cache, "after") == "redis; hit", within=FAILOVER)

    with servers.servers[1].client() as replica:
        assert replica.exists("staffing:after")


@pytest.mark.redis
def test_the_last_sentinel_is_enough(start: Start) -> None:
    """Whichever of those in the URL still answers is asked."""
    servers, cache = start("sentinel")
    for sentinel in servers.sentinels[:2]:
        sentinel.kill()

    assert fetch(cache, "key") == "redis; fwd=miss; stored"
    assert fetch(cache, "key") == "redis; hit"


@HARMS
@pytest.mark.redis
def test_a_lost_node_loses_its_keys_and_nothing_else(start: Start, harm: Harm) -> None:
    """The others' keys are found until the cluster notices; then it says that it is down, and later that it is up."""
    servers, cache = start("cluster")
    keys = [str(number) for number in range(12)]
    assert {fetch(cache, key) for key in keys} == {"redis; fwd=miss; stored"}
    harm(servers.servers[0])

    eventually(lambda: "redis; fwd=bypass; detail=unavailable" in {fetch(cache, key) for key in keys})
    servers.servers[0].restart()

    eventually(lambda: {fetch(cache, key) for key in keys} == {"redis; hit"}, within=FAILOVER)


@pytest.mark.redis
def test_a_crowd_at_a_frozen_cluster_does_not_queue(start: Start) -> None:
    """Each waits for its own time-outs, not for those of all who came before."""
    servers, cache = start("cluster")
    fetch(cache, "key")
    for server in servers.servers:
        server.freeze()

    begin = time.monotonic()
    with ThreadPoolExecutor(24) as threads:
        list(threads.map(lambda number: fetch(cache, str(number)), range(24)))

    assert time.monotonic() - begin < 12 * TIMEOUT  # one command's, and one look-up at each of three nodes; twice


@pytest.mark.parametrize("kind", ["sentinel", "cluster"])
@pytest.mark.redis
def test_what_was_away_at_the_start_is_used_once_it_is_there(start: Start, kind: str) -> None:
    """Nothing has to be up first."""
    servers, cache = start(kind)
    everything = servers.servers + servers.sentinels
    for server in everything:
        server.kill()
    assert fetch(cache, "key") == "redis; fwd=bypass; detail=unavailable"
    for server in everything:
        server.start()

    eventually(lambda: fetch(cache, "key") == "redis; hit", within=FAILOVER)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.redis
def test_the_service_answers_from_each_kind(
    serve: Callable[..., Service], redis_of: Callable[[str], Lab], kind: str
) -> None:
    """Under its own server, where Redis is reached from greenlets."""
    service = serve(REDIS_URL=redis_of(kind).url, REDIS_TIMEOUT_MS="5000")
    reply = service.recommend(EXAMPLE)

    assert reply.headers["cache-status"] == STORED
    assert service.request("GET", "/health/ready").json()["status"] == "ok"


@pytest.mark.redis
def test_a_redis_of_another_authority_degrades_the_service(
    serve: Callable[..., Service], redis_of: Callable[[str], Lab]
) -> None:
    """It answers as without Redis, and readiness says why it is slower."""
    servers = redis_of("tls")
    assert servers.certificates
    url = servers.url.replace(str(servers.certificates.authority), str(servers.certificates.stranger))
    service = serve(REDIS_URL=url, REDIS_TIMEOUT_MS="5000")

    assert service.recommend(EXAMPLE).headers["cache-status"].startswith("redis; fwd=bypass; detail=unavailable")
    ready = service.request("GET", "/health/ready")
    assert (ready.status, ready.json()["status"]) == (200, "degraded")


@pytest.mark.redis
def test_the_service_answers_through_a_failover(serve: Callable[..., Service]) -> None:
    """Each answer is right while the master is lost, and the service comes to use the new one by itself."""
    with lab("sentinel") as servers:
        service = serve(REDIS_URL=servers.url, REDIS_RETRY_AFTER_S="1")
        numbers = iter(range(1, 100_000))

        def status() -> str:
            reply = service.recommend({**EXAMPLE, "team": {"size": next(numbers)}})
            assert reply.status == 200
            recheck(reply.json())
            return reply.headers["cache-status"]

        assert status() == STORED
        servers.servers[0].kill()
        assert status() != STORED
        eventually(lambda: status() == STORED, within=FAILOVER)
