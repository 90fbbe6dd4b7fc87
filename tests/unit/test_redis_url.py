"""A Redis URL is read whole at the start, and what is wrong with it is said without its secrets."""

from __future__ import annotations

import pytest
from environs import Env, EnvError

from service.cache.redis_url import RedisUrl, read_redis_url, redis_url_setting

SECRET = "hunter2"  # noqa: S105


def test_a_host_alone_is_enough() -> None:
    """Port and database have Redis's own defaults."""
    assert read_redis_url("redis://cache") == RedisUrl("standalone", False, (("cache", 6379),), {"db": 0})


def test_sentinels_are_named_with_their_master_and_a_password_of_their_own() -> None:
    """What the master is asked with is told apart from what the sentinels are."""
    url = read_redis_url("redis+sentinel://ann:a%2Fb@s1,s2:26380/main/3?sentinel_username=bob&sentinel_password=c")

    assert (url.kind, url.service, url.hosts) == ("sentinel", "main", (("s1", 26379), ("s2", 26380)))
    assert url.options == {"username": "ann", "password": "a/b", "db": 3}
    assert url.sentinel_options == {"username": "bob", "password": "c"}


def test_a_cluster_is_named_by_some_of_its_nodes() -> None:
    """IPv6 addresses are written in brackets; there is no database to choose."""
    url = read_redis_url("rediss+cluster://:secret@[::1]:7000,n2?ssl_cert_reqs=none")

    assert (url.kind, url.tls, url.hosts) == ("cluster", True, (("::1", 7000), ("n2", 6379)))
    assert url.options == {"password": "secret", "ssl_cert_reqs": "none"}


def test_tls_to_the_master_is_tls_to_the_sentinels() -> None:
    """The same authority certifies both."""
    assert read_redis_url("rediss+sentinel://s1/main?ssl_cert_reqs=none").sentinel_options == {"ssl_cert_reqs": "none"}


def test_secrets_are_not_in_its_repr() -> None:
    """It may be logged."""
    url = read_redis_url(f"redis+sentinel://:{SECRET}@s1/main?sentinel_password={SECRET}")

    assert SECRET not in repr(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"http://:{SECRET}@host", "redis+cluster://"),
        (f"{SECRET}", "its form is none of"),
        (f"redis://:{SECRET}@", "a host is missing"),
        (f"redis://:{SECRET}@h1,h2", "several hosts need"),
        (f"redis://:{SECRET}@host:port", "a port is not from 1 to 65535"),
        (f"redis://:{SECRET}@host:0", "a port is not from 1 to 65535"),
        (f"redis://:{SECRET}/x@host", "/ ? # @ are written %3A %2F"),
        (f"redis://ann:{SECRET}?x@host", "/ ? # @ are written %3A %2F"),
        (f"redis://ann:12?{SECRET}@host", "/ ? # @ are written %3A %2F"),
        (f"rediss://ann:12?ssl_ca_certs={SECRET}@host", "/ ? # @ are written %3A %2F"),
        (f"redis://:{SECRET}#x@host", "#, which is written %23"),
        (f"redis://:{SECRET}@[::1", "its host is not well formed"),
        (f"redis://:{SECRET}@host/zero", "number of a database"),
        (f"redis://:{SECRET}@host/0/1", "number of a database"),
        (f"redis://:{SECRET}@host?db={SECRET}", "Invalid value for 'db'"),
        (f"redis://:{SECRET}@host?colour={SECRET}", "'colour' is not an option"),
        (f"redis://:{SECRET}@host?sentinel_password={SECRET}", "'sentinel_password' is not an option"),
        (f"redis://:{SECRET}@host?ssl_ca_certs=ca.pem", "ssl_ca_certs needs TLS"),
        (f"rediss://:{SECRET}@host?ssl_ca_certs=/no/such.pem", "/no/such.pem holds no certificates"),
        (f"rediss://:{SECRET}@host?ssl_cert_reqs=maybe", "required, optional or none"),
        (f"redis+sentinel://:{SECRET}@s1,s2", "name that the sentinels give the master"),
        (f"redis+cluster://:{SECRET}@h1/1", "database 0 alone"),
        (f"redis+cluster://:{SECRET}@h1,,h2", "a host is missing"),
        (f"unix://:{SECRET}@", "unix:///path"),
        (f"unix://{SECRET}/path", "unix:///path"),
    ],
)
def test_a_wrong_url_is_refused_with_the_fault_and_without_its_secrets(url: str, said: str) -> None:
    """The setting is named; no part of a password gets into a log, quoted or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDIS_URL", url)
        with pytest.raises(EnvError) as refused:
            redis_url_setting(Env(), "REDIS_URL")

    assert '"REDIS_URL" invalid' in str(refused.value)
    assert said in str(refused.value)
    assert SECRET not in str(refused.value)


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose files pass unset variables on as empty ones."""
    monkeypatch.setenv("REDIS_URL", "")

    assert redis_url_setting(Env(), "REDIS_URL") is None
