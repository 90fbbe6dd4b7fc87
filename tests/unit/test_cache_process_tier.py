"""The process tier stays within its bytes and spreads its expiries."""

from hypothesis import given
from hypothesis import strategies as st

from service.cache import ProcessTier
from service.cache.tier import jittered


def test_the_least_recently_used_value_makes_room() -> None:
    """What was read stays; what was not, goes."""
    tier = ProcessTier(max_bytes=3_500, ttl=300)
    for key in ("old", "read", "young"):
        tier.put(key, bytes(1_000))
    tier.get("old")
    tier.put("new", bytes(1_000))

    assert [key for key in ("old", "read", "young", "new") if tier.get(key)] == ["old", "young", "new"]


def test_empty_values_are_bounded_too() -> None:
    """A value costs its object's memory, so that no flood of small ones is free."""
    tier = ProcessTier(max_bytes=10_000, ttl=300)
    for number in range(1_000):
        tier.put(str(number), b"")

    assert sum(tier.get(str(number)) is not None for number in range(1_000)) < 400


def test_a_value_larger_than_the_tier_is_not_kept() -> None:
    """It is no error, and the value it was to replace goes: it is out of date."""
    tier = ProcessTier(max_bytes=1_000, ttl=300)
    tier.put("key", b"small")
    tier.put("key", bytes(2_000))

    assert tier.get("key") is None


@given(st.floats(0.001, 1e9), st.floats(0, 1, exclude_max=True))
def test_a_time_to_live_moves_by_a_tenth_at_most(ttl: float, chance: float) -> None:
    """Jitter stays within 90 % and 110 %."""
    assert 0.9 * ttl * 0.999999 <= jittered(ttl, lambda: chance) <= 1.1 * ttl * 1.000001


def test_values_stored_together_do_not_expire_together() -> None:
    """Between nine and eleven tenths of the time to live they go one after another."""
    now = [0.0]
    tier = ProcessTier(10_000_000, ttl=100, clock=lambda: now[0])
    for number in range(500):
        tier.put(str(number), b"value")

    def living(at: float) -> int:
        now[0] = at
        return sum(tier.get(str(number)) is not None for number in range(500))

    assert living(at=89.9) == 500
    assert 150 < living(at=100) < 350
    assert living(at=110.1) == 0
