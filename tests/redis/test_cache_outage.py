"""A real Redis is frozen, killed and brought back; every request is answered, at a bounded price."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Thread

import pytest
from structlog.testing import capture_logs

from service.cache import Fetched, ProcessTier, RedisTier, TieredCache, Unavailable, connect
from tests.servers import RedisServer, eventually

TIMEOUT = 0.25
FAIL_MAX = 3
BYPASSED = "redis; fwd=bypass; detail=unavailable"


@pytest.fixture
def make_tier() -> Iterator[Callable[..., RedisTier]]:
    """Make a tier on a URL, with an outage's numbers: never tried again unless told otherwise."""
    with ExitStack() as stack:

        def make(url: str, reset_after: float = 3600, **options: int) -> RedisTier:
            client = stack.enter_context(connect(url, timeout=TIMEOUT, connect_timeout=TIMEOUT, **options))
            return RedisTier(client, ttl=300, fail_max=FAIL_MAX, reset_after=reset_after)

        yield make


def fetch_all(cache: TieredCache, keys: str) -> list[Fetched]:
    """Fetch each key, and see that its value is the right one."""
    fetched = [cache.fetch(key, lambda key=key: key.encode()) for key in keys]
    assert [each.value for each in fetched] == [key.encode() for key in keys]
    return fetched


def test_two_processes_share_what_one_computed(redis_server: RedisServer, make_tier: Callable[..., RedisTier]) -> None:
    """The second finds it in Redis, and then in its own memory."""
    first = TieredCache([ProcessTier(1_000_000, 300), make_tier(redis_server.url)])
    second = TieredCache([ProcessTier(1_000_000, 300), make_tier(redis_server.url)])

    statuses = [fetch_all(cache, "k")[0].cache_status for cache in (first, second, second)]

    assert statuses == [
        "redis; fwd=miss; stored, process; fwd=miss; stored",
        "redis; hit, process; fwd=miss; stored",
        "process; hit",
    ]


@pytest.mark.parametrize("harm", [RedisServer.freeze, RedisServer.kill, RedisServer.stop], ids=lambda f: f.__name__)
def test_an_outage_costs_a_few_timeouts_and_then_nothing(
    redis_server: RedisServer, make_tier: Callable[..., RedisTier], harm: Callable[[RedisServer], None]
) -> None:
    """A frozen Redis is waited for as often as the breaker says; a dead one not even that."""
    tier = make_tier(redis_server.url)
    cache = TieredCache([tier])
    fetch_all(cache, "a")
    harm(redis_server)

    start = time.monotonic()
    fetched = fetch_all(cache, "abcdefghij" * 10)
    elapsed = time.monotonic() - start

    assert {each.cache_status for each in fetched} == {BYPASSED}
    assert elapsed < (FAIL_MAX + 2) * TIMEOUT
    assert tier.health() == {"state": "unavailable", "breaker": "open", "failures": FAIL_MAX}


def test_a_crowd_at_a_frozen_redis_waits_at_most_once_each(
    redis_server: RedisServer, make_tier: Callable[..., RedisTier]
) -> None:
    """Timeouts run side by side: the breaker does not queue them up."""
    tier = make_tier(redis_server.url)
    cache = TieredCache([tier])
    fetch_all(cache, "a")
    redis_server.freeze()

    start = time.monotonic()
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda key: fetch_all(cache, key), "abcdefghijklmnop"))
    elapsed = time.monotonic() - start

    assert elapsed < 4 * TIMEOUT
    assert tier.health()["breaker"] == "open"


@pytest.mark.parametrize(
    ("harm", "heal"),
    [(RedisServer.freeze, RedisServer.thaw), (RedisServer.kill, RedisServer.start)],
    ids=["frozen", "killed"],
)
def test_redis_is_used_again_when_it_is_back(
    redis_server: RedisServer,
    make_tier: Callable[..., RedisTier],
    harm: Callable[[RedisServer], None],
    heal: Callable[[RedisServer], None],
) -> None:
    """Requests alone find it out; one line says that it went, one that it is back."""
    cache = TieredCache([make_tier(redis_server.url, reset_after=0.05)])
    fetch_all(cache, "abc")
    with capture_logs() as lines:
        harm(redis_server)
        eventually(lambda: fetch_all(cache, "abc") and cache.health()["redis"]["breaker"] == "open")
        for _ in range(20):
            fetch_all(cache, "abc")
        heal(redis_server)
        eventually(lambda: fetch_all(cache, "z")[0].cache_status == "redis; hit")
        fetch_all(cache, "abc" * 10)

    assert [line["event"] for line in lines] == ["cache_tier_unavailable", "cache_tier_recovered"]


def test_a_restart_between_two_requests_is_not_noticed(
    redis_server: RedisServer, make_tier: Callable[..., RedisTier]
) -> None:
    """A pooled connection that died while idle is replaced, and counts as no failure."""
    tier = make_tier(redis_server.url)
    cache = TieredCache([tier])
    fetch_all(cache, "a")
    redis_server.restart()

    assert fetch_all(cache, "aa")[1].cache_status == "redis; hit"
    assert tier.health()["failures"] == 0


def test_readiness_alone_finds_redis_back(redis_server: RedisServer, make_tier: Callable[..., RedisTier]) -> None:
    """No request is needed: asking for health probes."""
    cache = TieredCache([make_tier(redis_server.url, reset_after=0.05)])
    redis_server.freeze()
    eventually(lambda: cache.health()["redis"]["breaker"] == "open")
    redis_server.thaw()

    eventually(lambda: cache.health()["redis"]["state"] == "ok")
    assert cache.health()["redis"]["breaker"] == "closed"


def test_health_of_a_frozen_redis_takes_a_timeout_at_most(
    redis_server: RedisServer, make_tier: Callable[..., RedisTier]
) -> None:
    """A readiness probe is answered in time."""
    cache = TieredCache([make_tier(redis_server.url)])
    redis_server.freeze()

    start = time.monotonic()
    health = cache.health()["redis"]

    assert time.monotonic() - start < 3 * TIMEOUT
    assert (health["state"], health["failures"]) == ("unavailable", 1)


def test_nothing_connects_before_the_first_command(nobody_listens: str, make_tier: Callable[..., RedisTier]) -> None:
    """The service starts without Redis."""
    cache = TieredCache([make_tier(nobody_listens)])

    assert fetch_all(cache, "a")[0].cache_status == BYPASSED


def test_a_busy_pool_is_passed_by_at_once(redis_server: RedisServer, make_tier: Callable[..., RedisTier]) -> None:
    """Computing is quicker than queueing for a connection, and Redis is not blamed."""
    tier = make_tier(redis_server.url, max_connections=1)
    tier.get("a")
    redis_server.freeze()

    with ThreadPoolExecutor(1) as threads:
        held = threads.submit(tier.put, "a", b"value")
        eventually(lambda: tier._client.connection_pool._in_use_connections)
        with pytest.raises(Unavailable, match="Too many connections"):
            tier.get("b")
        assert held.exception() is not None

    assert tier.health()["failures"] == 2  # the one that was held, and the question for health itself


@pytest.mark.parametrize("answer", [b"$5\r\nab", b"nonsense\r\n", b"*9\r\n$-7\r\n", b""], ids=repr)
def test_a_server_that_is_no_redis_is_an_outage(answer: bytes, make_tier: Callable[..., RedisTier]) -> None:
    """Halves of replies, nonsense and hang-ups are failures like any other."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(2):
                with listener.accept()[0] as connection:
                    connection.recv(1000)
                    connection.sendall(answer)

        server = Thread(target=serve)
        server.start()
        tier = make_tier(f"redis://127.0.0.1:{listener.getsockname()[1]}")
        for _ in range(2):
            assert fetch_all(TieredCache([tier]), "a")[0].cache_status == BYPASSED
        server.join()


def test_a_redis_that_lets_nobody_connect_costs_a_timeout(make_tier: Callable[..., RedisTier]) -> None:
    """Connecting is as impatient as reading."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as queue:
        for _ in range(4):  # fills the listener's queue, which nobody empties
            waiting = queue.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        tier = make_tier(f"redis://127.0.0.1:{listener.getsockname()[1]}")

        start = time.monotonic()
        health = tier.health()

        assert time.monotonic() - start < 3 * TIMEOUT
        assert health["state"] == "unavailable"


def test_a_redis_that_denies_a_command_is_an_outage(
    redis_server: RedisServer, make_tier: Callable[..., RedisTier]
) -> None:
    """A lost permission is told from a value of another type."""
    tier = make_tier(redis_server.url)
    with redis_server.client() as client:
        client.execute_command("ACL", "SETUSER", "default", "-get")

    assert {each.cache_status for each in fetch_all(TieredCache([tier]), "aaaa")} == {BYPASSED}
    assert tier._circuit.state == "open"


def test_a_full_redis_is_read_but_not_stored_in(redis_server: RedisServer, make_tier: Callable[..., RedisTier]) -> None:
    """Refused writes are counted; what is there is still served."""
    tier = make_tier(redis_server.url)
    cache = TieredCache([tier])
    fetch_all(cache, "a")
    with redis_server.client() as client:
        client.config_set("maxmemory", 1)

    assert [each.cache_status for each in fetch_all(cache, "ab")] == ["redis; hit", "redis; fwd=miss"]
    assert tier.health()["failures"] == 1
