"""A URL chooses how Redis is reached; nothing connects early, waits long or outlives a fork."""

import os

import pytest
from redis import SSLConnection, UnixDomainSocketConnection

from service.cache import RedisTier, connect
from tests.servers import RedisServer


def test_a_socket_serves_as_well_as_a_port(shared_redis: RedisServer) -> None:
    """What is stored through the one is found through the other."""
    with connect(shared_redis.unix_url, timeout=5) as near, connect(shared_redis.url, timeout=5) as far:
        RedisTier(near, ttl=300).put("key", b"value")

        assert RedisTier(far, ttl=300).get("key") == b"value"


def test_a_database_is_chosen_by_number(shared_redis: RedisServer) -> None:
    """Two services may share a server."""
    with connect(shared_redis.url, timeout=5) as zero, connect(shared_redis.url[:-1] + "1", timeout=5) as one:
        RedisTier(zero, ttl=300).put("in zero", b"value")

        assert RedisTier(one, ttl=300).get("in zero") is None


@pytest.mark.parametrize(
    ("url", "kind"), [("rediss://host", SSLConnection), ("unix:///redis.sock", UnixDomainSocketConnection)]
)
def test_the_scheme_chooses_the_transport(url: str, kind: type) -> None:
    """TLS and sockets need no other setting, and making the client connects nowhere."""
    with connect(url) as client:
        assert client.connection_pool.connection_class is kind


def test_an_unknown_scheme_is_refused_with_the_known_ones() -> None:
    """At the start, not at the first request."""
    with pytest.raises(ValueError, match=r"redis://, rediss://, unix://"):
        connect("http://host")


def test_timeouts_in_the_url_win_but_bytes_stay_bytes(shared_redis: RedisServer) -> None:
    """Options that would change what comes back are not for a URL to set."""
    with connect(f"{shared_redis.url}?socket_timeout=7&decode_responses=yes&protocol=3") as client:
        tier = RedisTier(client, ttl=300)
        tier.put("bytes", b"\xff")

        assert tier.get("bytes") == b"\xff"
        assert client.connection_pool.connection_kwargs["socket_timeout"] == 7
        assert client.connection_pool.connection_kwargs["protocol"] == 2


def test_a_forked_worker_opens_a_connection_of_its_own(shared_redis: RedisServer) -> None:
    """Parent and child never read each other's replies."""
    with connect(shared_redis.url, timeout=5) as client:
        parent = client.client_id()
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(write, str(client.client_id()).encode())
            os._exit(0)
        os.waitpid(child, 0)
        os.close(write)
        with os.fdopen(read) as told:
            assert int(told.read()) != parent
        assert client.client_id() == parent
