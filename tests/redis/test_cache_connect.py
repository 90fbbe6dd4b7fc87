"""A URL chooses how Redis is reached; nothing connects early, waits long or outlives a fork."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest

from service.cache import RedisTier, Unavailable, connect
from service.cache.sockets import look_up
from tests.lab import KINDS, Lab
from tests.servers import RedisServer, eventually

Labs = Callable[[str], Lab]


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


@pytest.mark.parametrize("option", ["decode_responses=yes", "protocol=3"])
def test_options_that_would_change_what_comes_back_are_not_for_a_url_to_set(option: str) -> None:
    """Bytes stay bytes."""
    with pytest.raises(ValueError, match="is not an option"):
        connect(f"redis://host/0?{option}")


def test_timeouts_in_the_url_win() -> None:
    """A far Redis may be given more time than the setting grants."""
    with connect("redis://host?socket_timeout=7", timeout=0.05) as client:
        assert client.connection_pool.connection_kwargs["socket_timeout"] == 7


@pytest.mark.parametrize("at_once", [True, False])
def test_a_connection_that_holds_an_answer_too_many_is_not_used_again(at_once: bool) -> None:
    """It would answer the next command, about another key; whether it was read with the first or waits unread."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Thread(target=_say_too_much, args=(listening, at_once))
        server.start()
        with connect(f"redis://127.0.0.1:{listening.getsockname()[1]}", timeout=5) as client:
            assert client.get("one") == b"1"
            (connection,) = client.connection_pool._available_connections
            eventually(connection.can_read)
            assert client.get("two") == b"1"
        server.join()


def _say_too_much(listening: socket.socket, at_once: bool) -> None:
    """Tell the first command of each of two connections 1, and 2 that nobody asked for."""
    for _ in range(2):
        connection, _ = listening.accept()
        with connection:
            while b"GET" not in (said := connection.recv(65_536)):
                connection.sendall(b"+OK\r\n" * said.count(b"*"))
            for part in [b"$1\r\n1\r\n$1\r\n2\r\n"] if at_once else [b"$1\r\n1\r\n", b"$1\r\n2\r\n"]:
                connection.sendall(part)
            connection.recv(1)  # until it is given up


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


@pytest.mark.parametrize("kind", ["sentinel", "cluster"])
def test_a_forked_worker_finds_what_its_parent_stored(redis_of: Labs, kind: str) -> None:
    """Whatever the kind, a child opens connections of its own and both go on."""
    with connect(redis_of(kind).url, timeout=5, connect_timeout=5) as client:
        tier = RedisTier(client, ttl=300)
        tier.put("before the fork", b"value")
        child = os.fork()
        if child == 0:
            os._exit(0 if tier.get("before the fork") == b"value" else 1)

        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert tier.get("before the fork") == b"value"


@pytest.mark.parametrize("kind", KINDS)
def test_a_script_on_one_key_runs_in_each_kind(redis_of: Labs, kind: str) -> None:
    """Rate limits count with one; preparing it connects nowhere."""
    with connect(redis_of(kind).url, timeout=5, connect_timeout=5) as client:
        count = client.register_script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
        client.delete("counted")

        assert [count(keys=["counted"], args=[2]) for _ in range(2)] == [2, 4]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("tls")])
def test_a_server_that_another_authority_certified_is_an_outage(redis_of: Labs, kind: str) -> None:
    """Nothing is asked of it, and nobody is told more than that Redis is away."""
    lab = redis_of(kind)
    assert lab.certificates is not None
    url = lab.url.replace(str(lab.certificates.authority), str(lab.certificates.stranger))
    with connect(url, timeout=5, connect_timeout=5) as client:
        tier = RedisTier(client, ttl=300)

        assert tier.health()["state"] == "unavailable"
        with pytest.raises(Unavailable, match=r"CERTIFICATE_VERIFY_FAILED|No master|network"):
            tier.get("key")


@pytest.mark.parametrize("kind", ["tls", "sentinel", "cluster"])
def test_a_wrong_password_is_an_outage(redis_of: Labs, kind: str) -> None:
    """It may be mended in Redis while the service runs, so it stops nothing."""
    url = redis_of(kind).url.replace("://:", "://:not-", 1)
    with connect(url, timeout=5, connect_timeout=5) as client:
        assert RedisTier(client, ttl=300).health()["state"] == "unavailable"


def test_a_name_is_looked_up_like_any_other(redis_of: Labs) -> None:
    """`localhost` may be two addresses of which one answers."""
    url = redis_of("standalone").url
    assert "@localhost:" in url
    with connect(url, timeout=5, connect_timeout=5) as client:
        assert client.ping()


def test_an_unknown_name_is_an_outage() -> None:
    """The resolver's refusal is Redis being away."""
    with connect("redis://no-such-host.invalid", connect_timeout=5) as client:
        assert RedisTier(client, ttl=300).health()["state"] == "unavailable"


@pytest.fixture
def slow_resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A resolver that does not answer while the test runs, and the names that it was asked for."""
    asked: list[str] = []
    over = Event()

    def hang(host: str, *_rest: object, **_options: object) -> list[object]:
        asked.append(host)
        over.wait()
        raise OSError("too late")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield asked
    over.set()


@pytest.mark.parametrize("scheme", ["redis", "rediss", "redis+cluster"])
def test_a_resolver_that_hangs_costs_no_more_than_connecting_may(slow_resolver: list[str], scheme: str) -> None:
    """The look-up counts as part of connecting, for which the time is limited."""
    with connect(f"{scheme}://hangs-for-{scheme}", connect_timeout=0.05) as client:
        client.register_script("return 1")
        start = time.monotonic()
        health = RedisTier(client, ttl=300).health()

        assert time.monotonic() - start < 1
        assert health["state"] == "unavailable"
        assert slow_resolver == [f"hangs-for-{scheme}"]


def test_a_resolver_that_hangs_is_asked_once_a_name(slow_resolver: list[str]) -> None:
    """However many wait for it, one thread does."""
    for _ in range(5):
        with pytest.raises(TimeoutError, match=r"was not looked up within 0\.01 s"):
            look_up("hangs-for-all", 0.01)

    assert slow_resolver == ["hangs-for-all"]


def test_a_look_up_that_comes_late_serves_the_next_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call is in vain; those who ask while it is under way share its answer."""
    answer, asked = Event(), []

    def late(host: str, *_rest: object, **_options: object) -> list[tuple[object, ...]]:
        asked.append(host)
        answer.wait()
        return [(2, 1, 6, "", ("192.0.2.1", 0)), (2, 1, 6, "", ("192.0.2.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", late)
    with pytest.raises(TimeoutError):
        look_up("late", 0.01)
    answer.set()
    eventually(lambda: look_up("late", 5) == ["192.0.2.1"])
