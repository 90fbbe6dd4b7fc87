"""The cache over its tiers: near before far, one computation, and the value whatever the tiers do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cache import Corrupt, Health, Outcome, ProcessTier, TieredCache, Unavailable
from tests.servers import eventually


class FakeTier:
    """A tier in a dictionary that can be told to be out of reach or to hold nonsense."""

    breaker = None

    def __init__(self, name: str) -> None:
        self.name = name
        self.values: dict[str, bytes] = {}
        self.fault: str | None = None

    def get(self, key: str) -> bytes | None:
        if self.fault in ("unavailable", "unreadable"):
            raise Unavailable("as told")
        if self.fault == "corrupt" and key in self.values:
            raise Corrupt(key)
        return self.values.get(key)

    def put(self, key: str, value: bytes) -> None:
        if self.fault in ("unavailable", "unwritable"):
            raise Unavailable("as told")
        self.values[key] = value

    def health(self) -> Health:
        return {"state": "unavailable" if self.fault == "unavailable" else "ok"}


def never() -> bytes:
    raise AssertionError("computed although a tier had it")


@pytest.fixture
def near() -> FakeTier:
    return FakeTier("process")


@pytest.fixture
def far() -> FakeTier:
    return FakeTier("redis")


@pytest.fixture
def cache(near: FakeTier, far: FakeTier) -> TieredCache:
    return TieredCache([near, far])


def test_a_value_that_no_tier_has_is_computed_and_stored_in_all(
    cache: TieredCache, near: FakeTier, far: FakeTier
) -> None:
    """The first request pays."""
    fetched = cache.fetch("key", lambda: b"value")

    assert fetched.value == near.values["key"] == far.values["key"] == b"value"
    assert fetched.cache_status == "redis; fwd=miss; stored, process; fwd=miss; stored"


def test_the_nearest_tier_answers_alone(cache: TieredCache, far: FakeTier) -> None:
    """What the process has is not asked of Redis."""
    cache.fetch("key", lambda: b"value")
    far.fault = "unavailable"

    fetched = cache.fetch("key", never)

    assert (fetched.value, fetched.cache_status) == (b"value", "process; hit")


def test_a_hit_further_out_fills_the_nearer_tier(cache: TieredCache, near: FakeTier, far: FakeTier) -> None:
    """Another process computed it: this one keeps it from now on."""
    far.values["key"] = b"value"

    fetched = cache.fetch("key", never)

    assert fetched.value == near.values["key"] == b"value"
    assert fetched.cache_status == "redis; hit, process; fwd=miss; stored"


def test_a_refresh_computes_and_replaces(cache: TieredCache, near: FakeTier, far: FakeTier) -> None:
    """`no-cache` is honoured, and everybody gains by it."""
    cache.fetch("key", lambda: b"old")

    fetched = cache.fetch("key", lambda: b"new", refresh=True)

    assert fetched.value == near.values["key"] == far.values["key"] == b"new"
    assert fetched.cache_status == "redis; fwd=request; stored, process; fwd=request; stored"


def test_a_tier_out_of_reach_is_passed_by(cache: TieredCache, far: FakeTier) -> None:
    """And not tried a second time to store in it."""
    far.fault = "unreadable"

    fetched = cache.fetch("key", lambda: b"value")

    assert (fetched.value, far.values) == (b"value", {})
    assert fetched.cache_status == "redis; fwd=bypass; detail=unavailable, process; fwd=miss; stored"


@pytest.mark.parametrize(("refresh", "why"), [(False, "miss"), (True, "request")])
def test_a_tier_that_cannot_store_is_no_failure(cache: TieredCache, far: FakeTier, refresh: bool, why: str) -> None:
    """The header does not say that it stored."""
    far.fault = "unwritable"

    fetched = cache.fetch("key", lambda: b"value", refresh=refresh)

    assert fetched.cache_status == f"redis; fwd={why}, process; fwd={why}; stored"


def test_a_value_that_does_not_verify_is_computed_anew(cache: TieredCache, far: FakeTier) -> None:
    """It is a miss, said and counted as what it is, and it is replaced."""
    far.values["key"] = b"nonsense"
    far.fault = "corrupt"

    fetched = cache.fetch("key", lambda: b"value")

    assert fetched.value == far.values["key"] == b"value"
    assert fetched.cache_status == "redis; fwd=miss; detail=corrupt; stored, process; fwd=miss; stored"
    assert cache.health()["redis"]["corrupt"] == 1


def test_an_error_in_the_computation_is_the_callers(cache: TieredCache, near: FakeTier, far: FakeTier) -> None:
    """Nothing is stored, and the next caller computes again."""
    with pytest.raises(ZeroDivisionError):
        cache.fetch("key", lambda: bytes(1 // 0))

    assert near.values == far.values == {}
    assert cache.fetch("key", lambda: b"value").value == b"value"


def test_a_crowd_computes_once() -> None:
    """However late a thread comes: the value is in the tier before its flight is over."""
    cache = TieredCache([ProcessTier(10_000_000, 300)])
    crowd, keys = 16, [str(number) for number in range(50)]
    computed, start = count(), Barrier(crowd)

    def work(_: int) -> list[bytes]:
        start.wait(10)
        return [cache.fetch(key, lambda key=key: b"%d %s" % (next(computed), key.encode())).value for key in keys]

    with ThreadPoolExecutor(crowd) as threads:
        answers = list(threads.map(work, range(crowd)))

    assert next(computed) == len(keys)
    assert all(answer == answers[0] for answer in answers)


def test_a_follower_says_that_it_followed(cache: TieredCache) -> None:
    """The request was collapsed into another."""
    followers: list[str] = []

    with ThreadPoolExecutor(1) as threads:

        def compute() -> bytes:
            follower = threads.submit(cache.fetch, "key", never)
            follower.add_done_callback(lambda done: followers.append(done.result().cache_status))
            eventually(lambda: cache._flights._flights["key"]._condition._waiters)
            return b"value"

        cache.fetch("key", compute)

    assert followers == ["process; fwd=miss; collapsed"]


def test_health_asks_every_tier(cache: TieredCache, far: FakeTier) -> None:
    """By name: its state now, and its look-ups so far."""
    cache.fetch("a", lambda: b"a")
    cache.fetch("a", never)
    far.fault = "unavailable"
    cache.fetch("b", lambda: b"b")
    cache.fetch("b", lambda: b"b", refresh=True)

    assert cache.health() == {
        "process": {"state": "ok", "hits": 1, "misses": 2, "corrupt": 0},
        "redis": {"state": "unavailable", "hits": 0, "misses": 1, "corrupt": 0},
    }


def test_outcomes_are_counted_once_a_request(cache: TieredCache) -> None:
    """Also when a tier is asked twice on the way to a value."""
    for _ in range(3):
        cache.fetch("key", lambda: b"value")

    assert cache.outcomes() == {
        ("process", Outcome.MISS): 1,
        ("redis", Outcome.MISS): 1,
        ("process", Outcome.HIT): 2,
    }


faults = st.sampled_from([None, "unavailable", "unreadable", "unwritable", "corrupt"])
requests = st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), faults, faults, st.booleans()))


@given(requests)
def test_whatever_happens_to_the_tiers_the_value_is_right(
    steps: list[tuple[str, bool, str | None, str | None, bool]],
) -> None:
    """Faults may come and go in any order in either tier, and either may lose everything."""
    near, far = FakeTier("process"), FakeTier("redis")
    cache = TieredCache([near, far])
    compute: dict[str, Callable[[], bytes]] = {key: lambda key=key: key.encode() * 3 for key in "abc"}
    for key, refresh, near.fault, far.fault, lose in steps:
        if lose:
            near.values.clear()
            far.values.clear()
        assert cache.fetch(key, compute[key], refresh=refresh).value == key.encode() * 3
