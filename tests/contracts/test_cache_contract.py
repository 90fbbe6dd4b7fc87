"""What every cache tier keeps to: the same tests, run against each."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

import pytest

from service.cache import ProcessTier, RedisTier, Tier, connect
from tests.lab import KINDS
from tests.servers import eventually

TTL = 0.2


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Subject:
    """A tier, the same tier with short-lived entries, and how to let those grow old."""

    tier: Tier
    brief: Tier
    grow_old: Callable[[], None]


@pytest.fixture(params=["process", *(pytest.param(kind, marks=pytest.mark.redis) for kind in KINDS)])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "process":
        clock = Clock()
        yield Subject(
            ProcessTier(10_000_000, 300, clock),
            ProcessTier(10_000_000, TTL, clock),
            grow_old=lambda: clock.advance(1.2 * TTL),
        )
        return
    lab = request.getfixturevalue("redis_of")(request.param)
    with connect(lab.url, timeout=5, connect_timeout=5) as client:
        prefix = f"{uuid4()}:"
        yield Subject(
            RedisTier(client, ttl=300, prefix=prefix),
            RedisTier(client, ttl=TTL, prefix=prefix),
            grow_old=lambda: eventually(lambda: not list(client.scan_iter(f"{prefix}*"))),
        )


@pytest.fixture
def tier(subject: Subject) -> Tier:
    return subject.tier


VALUES = {
    "text": b'{"ratio":"3:5"}',
    "empty": b"",
    "every byte": bytes(range(256)),
    "line ends and nulls": b"\r\n$-1\r\n\x00\x00",
    "not UTF-8": b"\xff\xfe\xed\xa0\x80",
    "large": b"0123456789abcdef" * 250_000,
}


def test_a_key_never_stored_has_no_value(tier: Tier) -> None:
    """A miss is None, not an error."""
    assert tier.get("nothing") is None


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_what_was_stored_comes_back_byte_for_byte(tier: Tier, value: bytes) -> None:
    """Values are opaque bytes; an empty one is a hit, not a miss."""
    tier.put("key", value)

    assert tier.get("key") == value


@pytest.mark.parametrize("key", ["plain", "with:colons:and spaces", "two\r\nlines", "Übergröße", ""])
def test_any_text_is_a_key(tier: Tier, key: str) -> None:
    """Keys need no escaping."""
    tier.put(key, b"value")

    assert tier.get(key) == b"value"


def test_keys_are_kept_apart(tier: Tier) -> None:
    """Each key has its own value, also where one begins with another."""
    for key in ("a", "ab", "A"):
        tier.put(key, key.encode())

    assert [tier.get(key) for key in ("a", "ab", "A")] == [b"a", b"ab", b"A"]


def test_the_last_value_stored_is_the_one_that_stays(tier: Tier) -> None:
    """Storing again replaces, whatever the sizes."""
    for value in (b"first", b"a longer second", b""):
        tier.put("key", value)

        assert tier.get("key") == value


def test_a_value_is_gone_when_its_time_is_up(subject: Subject) -> None:
    """A tier answers with a value until its time to live, give or take a tenth, and not after."""
    subject.brief.put("key", b"value")
    subject.grow_old()

    assert subject.brief.get("key") is None


def test_a_value_stored_anew_lives_anew(subject: Subject) -> None:
    """What had expired may be stored again."""
    subject.brief.put("key", b"old")
    subject.grow_old()
    subject.tier.put("key", b"new")

    assert subject.tier.get("key") == b"new"


def test_threads_may_share_a_tier(tier: Tier) -> None:
    """Readers see nothing or a whole value that was stored under their key, and no error."""

    def work(thread: int) -> set[bytes | None]:
        seen = set()
        for turn in range(100):
            key = f"key-{turn % 5}"
            tier.put(key, f"{key} by {thread}".encode() * 200)
            seen.add(tier.get(key))
        return seen

    with ThreadPoolExecutor(8) as threads:
        seen = set().union(*threads.map(work, range(8)))

    assert seen <= {None, *(f"key-{n} by {t}".encode() * 200 for n in range(5) for t in range(8))}


def test_a_tier_that_can_be_reached_says_so(tier: Tier) -> None:
    """Health is asked of the tier itself."""
    assert tier.health()["state"] == "ok"


def test_a_tier_has_a_name_for_the_header(tier: Tier) -> None:
    """The name is a token that `Cache-Status` can carry as it is."""
    assert tier.name.isidentifier()
