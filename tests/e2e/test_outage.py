"""Two processes, one Redis, and what callers notice of its troubles: nothing but a header."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from schemas.openapi import EXAMPLE
from tests.recheck import recheck
from tests.servers import RedisServer, eventually
from tests.workers import Reply, Service

Serve = Callable[..., Service]
BYPASSED = "redis; fwd=bypass; detail=unavailable, process; fwd=miss; stored"


def project(number: int) -> dict[str, Any]:
    """A project of its own."""
    return {**EXAMPLE, "team": {"size": number}}


def answered(reply: Reply) -> str:
    """See that the answer is whole and right, and return what the cache did for it."""
    assert reply.status == 200
    recheck(reply.json())
    return reply.headers["cache-status"]


def readiness(service: Service) -> Any:
    """What the probe is told, always with status 200."""
    reply = service.request("GET", "/health/ready")
    assert reply.status == 200
    return reply.json()


def test_what_one_process_computed_the_other_gets_from_redis(serve: Serve, redis_server: RedisServer) -> None:
    """The same bytes but for the labels, and the same id."""
    first, second = (serve(REDIS_URL=redis_server.url) for _ in range(2))
    computed, found = first.recommend(EXAMPLE), second.recommend({**EXAMPLE, "name": "Theirs", "reference": None})
    assert answered(computed) == "redis; fwd=miss; stored, process; fwd=miss; stored"
    assert answered(found) == "redis; hit, process; fwd=miss; stored"
    assert answered(second.recommend(EXAMPLE)) == "process; hit"
    assert found.json() == {**computed.json(), "name": "Theirs", "reference": None}
    assert found.headers["etag"] == computed.headers["etag"]


@pytest.mark.parametrize(
    ("harm", "heal"),
    [(RedisServer.kill, RedisServer.start), (RedisServer.freeze, RedisServer.thaw)],
    ids=["killed", "frozen"],
)
def test_an_outage_is_answered_through_and_said_once(
    serve: Serve,
    redis_server: RedisServer,
    harm: Callable[[RedisServer], None],
    heal: Callable[[RedisServer], None],
) -> None:
    """All is answered, readiness is degraded, one line says so, failures are counted; then Redis is used again."""
    service = serve(REDIS_URL=redis_server.url, REDIS_RETRY_AFTER_S="1")
    answered(service.recommend(project(1)))
    assert readiness(service)["status"] == "ok"

    harm(redis_server)
    assert {answered(service.recommend(project(number))) for number in range(2, 12)} == {BYPASSED}
    ready = readiness(service)
    assert (ready["status"], ready["cache"]["redis"]["state"]) == ("degraded", "unavailable")
    assert ready["reasons"] == {"cache": "redis can't be reached; answers are computed instead."}
    assert ready["cache"]["redis"]["failures"] >= 3
    assert len(service.events("cache_tier_unavailable")) == 1

    heal(redis_server)
    eventually(lambda: readiness(service)["status"] == "ok")
    assert answered(service.recommend(project(12))) == "redis; fwd=miss; stored, process; fwd=miss; stored"
    assert len(service.events("cache_tier_unavailable")) == len(service.events("cache_tier_recovered")) == 1


def test_it_starts_while_redis_is_away(serve: Serve, nobody_listens: str) -> None:
    """Nothing waits for the cache, not even the start."""
    service = serve(REDIS_URL=nobody_listens)
    assert answered(service.recommend(EXAMPLE)) == BYPASSED
    assert readiness(service)["status"] == "degraded"


def test_a_corrupt_value_is_computed_anew_and_counted(serve: Serve, redis_server: RedisServer) -> None:
    """A bit that flipped in Redis reaches nobody, and is mended for the next."""
    first, second, third = (serve(REDIS_URL=redis_server.url) for _ in range(3))
    right = first.recommend(EXAMPLE)
    with redis_server.client() as client:
        (key,) = client.keys("*")
        value = bytearray(client.get(key))
        value[len(value) // 2] ^= 1
        client.set(key, bytes(value))

    mended = second.recommend(EXAMPLE)
    assert mended.headers["cache-status"] == "redis; fwd=miss; detail=corrupt; stored, process; fwd=miss; stored"
    assert mended.body == right.body
    assert readiness(second)["cache"]["redis"]["corrupt"] == 1
    assert third.recommend(EXAMPLE).headers["cache-status"] == "redis; hit, process; fwd=miss; stored"
