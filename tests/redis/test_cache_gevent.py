"""Under gevent's patched standard library the cache behaves as it does under threads."""

import subprocess
import sys
from pathlib import Path

from tests.servers import RedisServer

SCRIPT = """
from gevent import monkey
monkey.patch_all()
import sys, time
import gevent
from service.cache import ProcessTier, RedisTier, TieredCache, connect

tier = RedisTier(connect(sys.argv[1], timeout=float(sys.argv[2])), ttl=300, fail_max=3, reset_after=3600)
cache = TieredCache([ProcessTier(1_000_000, 300), tier])
computed = []

def compute():
    computed.append(1)
    time.sleep(0.05)
    return b"value"

start = time.monotonic()
crowd = [gevent.spawn(cache.fetch, "key", compute) for _ in range(50)]
crowd += [gevent.spawn(cache.fetch, str(n), lambda: b"value") for n in range(20)]
gevent.joinall(crowd, raise_error=True)
assert {each.value.value for each in crowd} == {b"value"}
print(len(computed), tier.health()["state"], round(time.monotonic() - start, 1))
"""


def run(server: RedisServer, timeout: float) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT, server.url, str(timeout)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-3:]


def test_greenlets_compute_a_key_once(redis_server: RedisServer) -> None:
    """Followers wait as greenlets, without stopping the loop."""
    computed, state, _ = run(redis_server, timeout=5)

    assert (computed, state) == ("1", "ok")


def test_greenlets_wait_for_a_frozen_redis_side_by_side(redis_server: RedisServer) -> None:
    """One timeout passes for all of them together."""
    redis_server.freeze()

    computed, state, seconds = run(redis_server, timeout=0.3)

    assert (computed, state) == ("1", "unavailable")
    assert float(seconds) < 1.5
