"""Rate limits: by key or by address, over all replicas in Redis, and at a bounded price when it is gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from limits import parse
from structlog.testing import capture_logs

from schemas.problem import ProblemSchema
from service.cache import connect
from service.guard.keys import make_key
from service.guard.limits import Counter, RateLimits, neighbourhood
from tests.guard.conftest import ASKED, Make
from tests.servers import RedisServer, eventually

TIMEOUT = 0.25
THREE = {"rate_limit": (parse("3/minute"),)}
CSV = {"data": "industry,phase,deployment.pattern\nfinance,modeling,batch\n", "content_type": "text/csv"}


def test_who_comes_too_often_is_told_when_to_come_back(guarded: Make) -> None:
    """429 with `Retry-After`, and with every answer what is left."""
    client = guarded(**THREE).test_client()
    replies = [client.get(ASKED) for _ in range(5)]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 429, 429]
    assert [reply.headers["RateLimit"].split(";t=")[0] for reply in replies] == [
        f'"all";r={left}' for left in (2, 1, 0, 0, 0)
    ]
    assert {reply.headers["RateLimit-Policy"] for reply in replies} == {'"all";q=3;w=60'}
    refused = replies[-1]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    problem = refused.get_json(force=True)
    assert refused.content_type == "application/problem+json"
    assert ProblemSchema().validate(problem) == {}
    assert problem["detail"].startswith("That is more than 3 requests in 60 s.")


def test_each_key_and_each_address_has_its_own(guarded: Make, keys_file: Path) -> None:
    """A key is counted wherever it comes from; who has none is counted by address, refused or not."""
    one, two = (make_key(keys_file, name, ["recommend"], None)[1] for name in ("one", "two"))
    client = guarded(keys_file=keys_file, **THREE).test_client()

    def ask(address: str, key: str = "") -> int:
        return client.get(ASKED, headers={"X-API-Key": key}, environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask(f"10.0.0.{number}", one) for number in range(5)] == [200, 200, 200, 429, 429]
    assert [ask("10.0.0.1", two) for _ in range(4)] == [200, 200, 200, 429]
    assert [ask("10.0.0.1") for _ in range(4)] == [401, 401, 401, 429]
    assert ask("10.0.0.2") == 401


def test_what_costs_more_may_have_a_rate_of_its_own(guarded: Make) -> None:
    """Beside the one for all; either may stand alone."""
    client = guarded(rate_limit_batch=(parse("1/minute"),), **THREE).test_client()
    first = client.post("/recommend/batch", **CSV)
    assert (first.status_code, first.headers["RateLimit-Policy"]) == (200, '"all";q=3;w=60, "batch";q=1;w=60')
    assert client.post("/recommend/batch", **CSV).status_code == 429
    assert client.post("/portfolio", json={}).status_code == 429
    assert client.get("/nothing").status_code == 429
    alone = guarded(rate_limit_batch=(parse("1/minute"),)).test_client()
    assert [alone.post("/portfolio", json={}).status_code for _ in range(2)] == [422, 429]
    assert [alone.get(ASKED).status_code for _ in range(4)] == [200] * 4


def test_probes_preflights_and_the_contract_are_not_counted(guarded: Make) -> None:
    """A limit never makes the service look ill."""
    client = guarded(**THREE).test_client()
    for _ in range(5):
        assert client.get("/health/ready").status_code == 200
        assert client.options("/recommend").status_code == 200
        assert client.get("/openapi.json").status_code == 200
    assert client.get(ASKED).status_code == 200


def test_nothing_is_said_where_no_rate_is_set(guarded: Make) -> None:
    """No header, no count."""
    reply = guarded().test_client().get(ASKED)
    assert not {name for name, _ in reply.headers if name.startswith("RateLimit")}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.2", False),
        ("", None, True),
        ("odd", "odder", False),
    ],
)
def test_a_neighbourhood_is_one_customers(one: str | None, other: str | None, same: bool) -> None:
    """The whole /64 of an IPv6 address; an IPv4 one alone."""
    assert (neighbourhood(one) == neighbourhood(other)) is same


def counter(url: str, reset_after: float = 3_600) -> Counter:
    """A counter as a replica has it."""
    return Counter(connect(url, timeout=TIMEOUT, connect_timeout=TIMEOUT), reset_after)


def test_replicas_count_together(shared_redis: RedisServer) -> None:
    """To the last one, however many come at once; the window ends by itself."""
    replicas = [counter(shared_redis.url) for _ in range(3)]
    with ThreadPoolExecutor(6) as threads:
        hits = list(threads.map(lambda number: replicas[number % 3].hit("together", 60), range(60)))
    assert sorted(count for count, _ in hits) == list(range(1, 61))
    assert all(59 < left <= 60 for _, left in hits)
    with shared_redis.client() as client:
        assert 0 < client.pttl("staffing:limit:together") <= 60_000
        client.persist("staffing:limit:together")
        assert replicas[0].hit("together", 60)[1] == 60
        assert 0 < client.pttl("staffing:limit:together") <= 60_000


@pytest.mark.parametrize(
    ("harm", "heal"),
    [(RedisServer.freeze, RedisServer.thaw), (RedisServer.kill, RedisServer.start)],
    ids=["frozen", "killed"],
)
def test_without_redis_each_process_counts_for_itself(
    redis_server: RedisServer, harm: Callable[[RedisServer], None], heal: Callable[[RedisServer], None]
) -> None:
    """The limit goes on, a frozen Redis costs three timeouts and then nothing, and it is used again when it is back."""
    limits = RateLimits({"all": [parse("3/minute")]}, counter(redis_server.url, reset_after=0.5))
    assert limits.spend("me", ["all"])[0].spent == 1
    with capture_logs() as lines:
        harm(redis_server)
        start = time.monotonic()
        spent = [limits.spend("me", ["all"])[0].spent for _ in range(100)]
        assert time.monotonic() - start < 5 * TIMEOUT
        assert spent == list(range(1, 101))
        heal(redis_server)
        eventually(lambda: limits.spend("me", ["all"])[0].spent < 100)
    assert [(line["event"], line["tier"]) for line in lines] == [
        ("cache_tier_unavailable", "limits"),
        ("cache_tier_recovered", "limits"),
    ]
