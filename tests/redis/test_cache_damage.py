"""Whatever is done to the values in a real Redis, none but the right one comes out."""

from collections.abc import Callable, Iterator

import pytest
from redis import Redis

from service.cache import Corrupt, ProcessTier, RedisTier, TieredCache, connect
from service.cache.seal import SEAL_BYTES
from tests.servers import RedisServer

VALUE = b'{"ratio":{"text":"3:5"}}'


@pytest.fixture
def redis(shared_redis: RedisServer) -> Iterator[Redis]:
    with shared_redis.client() as client:
        client.flushall()
        yield client


@pytest.fixture
def tier(shared_redis: RedisServer) -> Iterator[RedisTier]:
    with connect(shared_redis.url, timeout=5) as client:
        yield RedisTier(client, ttl=300, prefix="test:")


def flip(redis: Redis) -> None:
    redis.setrange("test:key", SEAL_BYTES + 3, b"X")


def flip_the_seal(redis: Redis) -> None:
    redis.setrange("test:key", 0, b"\0\0")


def cut(redis: Redis) -> None:
    redis.set("test:key", redis.getrange("test:key", 0, -2))


def empty(redis: Redis) -> None:
    redis.set("test:key", b"")


def lengthen(redis: Redis) -> None:
    redis.append("test:key", b" ")


def swap(redis: Redis) -> None:
    redis.copy("test:other", "test:key", replace=True)


def forge(redis: Redis) -> None:
    redis.set("test:key", VALUE)


def another_type(redis: Redis) -> None:
    redis.delete("test:key")
    redis.rpush("test:key", VALUE)


DAMAGES = [flip, flip_the_seal, cut, empty, lengthen, swap, forge, another_type]


@pytest.fixture(params=DAMAGES, ids=lambda damage: damage.__name__)
def damage(request: pytest.FixtureRequest, redis: Redis, tier: RedisTier) -> Callable[[], None]:
    tier.put("key", VALUE)
    tier.put("other", b"another value")
    return lambda: request.param(redis)


def test_a_damaged_value_does_not_come_out(tier: RedisTier, damage: Callable[[], None]) -> None:
    """Changed, cut, lengthened, swapped, forged or of another type."""
    assert tier.get("key") == VALUE
    damage()

    with pytest.raises(Corrupt):
        tier.get("key")


def test_damage_is_repaired_by_the_next_request(tier: RedisTier, damage: Callable[[], None]) -> None:
    """The request is answered rightly, says why it was computed, and leaves a sound value; Redis is well."""
    damage()
    cache = TieredCache([ProcessTier(1_000_000, 300), tier])

    fetched = cache.fetch("key", lambda: VALUE)

    assert fetched.value == tier.get("key") == VALUE
    assert fetched.cache_status == "redis; fwd=miss; detail=corrupt; stored, process; fwd=miss; stored"
    assert cache.health()["redis"] | {"hits": 0} == {
        "state": "ok",
        "breaker": "closed",
        "failures": 0,
        "hits": 0,
        "misses": 1,
        "corrupt": 1,
    }


def test_values_are_filed_under_the_prefix_and_expire(redis: Redis, tier: RedisTier) -> None:
    """A shared Redis stays tidy: nothing of ours is without a prefix or without an end, within a tenth."""
    for number in range(50):
        tier.put(str(number), VALUE)

    lives = [redis.pttl(key) for key in redis.scan_iter("test:*")]

    assert redis.dbsize() == len(lives) == 50
    assert all(0.89 * 300_000 <= life <= 1.1 * 300_000 for life in lives)
    assert max(lives) - min(lives) > 10_000
