"""What a Redis URL says: which servers of which kind, and how they are spoken to."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from environs import Env, EnvError
from redis.connection import parse_url

FORMS = (
    "redis://host:port/db",
    "rediss://host:port/db",
    "unix:///path",
    "redis+sentinel://host:port,host:port/name/db",
    "redis+cluster://host:port,host:port",
)
SCHEMES = ("redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster")
OPTIONS = frozenset(
    {
        *("db", "username", "password", "client_name", "health_check_interval", "max_connections"),
        *("socket_timeout", "socket_connect_timeout", "socket_keepalive"),
        *("ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_password", "ssl_cert_reqs", "ssl_check_hostname"),
    }
)
_QUOTING = "(in a password : / ? # @ are written %3A %2F %3F %23 %40)"
SENTINEL_OPTIONS = frozenset({"sentinel_username", "sentinel_password"})


@dataclass(frozen=True, slots=True)
class RedisUrl:
    """A URL taken apart.

    `kind` is `standalone`, `unix`, `sentinel` or `cluster`; `options` and `sentinel_options` are redis-py's names
    for what a connection to a server or to a sentinel is made with; `service` is what the sentinels call the master.
    """

    kind: str
    tls: bool
    hosts: tuple[tuple[str, int], ...]
    options: dict[str, Any] = field(repr=False)
    sentinel_options: dict[str, Any] = field(default_factory=dict, repr=False)
    service: str = ""


def redis_url_setting(env: Env, name: str) -> str | None:
    """Read a setting that holds a URL, or None; raises environs.EnvError naming the setting if the URL is wrong."""
    if url := env.str(name, None) or None:
        try:
            read_redis_url(url)
        except ValueError as fault:
            raise EnvError(f'Environment variable "{name}" invalid: {fault}') from None
    return url


def read_redis_url(url: str) -> RedisUrl:
    """Take a URL apart. Raises ValueError saying what is wrong, in words that hold no part of a password."""
    scheme, _, _ = url.partition("://")
    if scheme not in SCHEMES:
        raise ValueError(f"its form is none of {', '.join(FORMS)} (rediss+… for TLS)")
    parts = _split(url)
    transport, _, kind = scheme.partition("+")
    user, at, places = parts.netloc.rpartition("@")
    if transport == "unix":
        return RedisUrl("unix", False, (), _unix_options(f"{user}{at}", places, parts))
    hosts = tuple(_host(place, 26379 if kind == "sentinel" else 6379) for place in places.split(","))
    if len(hosts) > 1 and not kind:
        raise ValueError("several hosts need redis+sentinel:// or redis+cluster://")
    service, database = _path(parts.path, kind)
    options = _options(transport, f"{user}{at}", database, parts.query, kind)
    sentinel = _sentinel_options(options)
    return RedisUrl(kind or "standalone", transport == "rediss", hosts, options, sentinel, service)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("its host is not well formed") from None
    if parts.fragment or url.endswith("#"):
        raise ValueError("it holds a #, which is written %23 in a password")
    return parts


def _host(place: str, default_port: int) -> tuple[str, int]:
    """`host`, `host:port` or `[IPv6]:port`. A password that is not quoted ends up here, so nothing is repeated."""
    name, bracket, after = place.rpartition("]")
    host, colon, port = after.partition(":")
    host = f"{name}{bracket}{host}".strip("[]")
    if not host:
        raise ValueError(f"a host is missing {_QUOTING}")
    if not colon:
        return unquote(host), default_port
    if not (port.isdecimal() and 0 < int(port) < 65_536):
        raise ValueError(f"a port is not from 1 to 65535 {_QUOTING}")
    return unquote(host), int(port)


def _path(path: str, kind: str) -> tuple[str, str]:
    """The sentinels' name for the master, and the number of the database."""
    segments = [unquote(segment) for segment in path.strip("/").split("/")] if path.strip("/") else []
    service = segments.pop(0) if kind == "sentinel" and segments else ""
    if kind == "sentinel" and not service:
        raise ValueError("the name that the sentinels give the master is missing: …:26379/mymaster")
    database = segments.pop(0) if segments else "0"
    if segments or not database.isdecimal():
        raise ValueError("its path ends in something other than the number of a database")
    if kind == "cluster" and database != "0":
        raise ValueError("a cluster has database 0 alone")
    return service, database


def _unix_options(user: str, place: str, parts: SplitResult) -> dict[str, Any]:
    if place or parts.path in ("", "/"):
        raise ValueError("a socket is named as unix:///path/to/it")
    _check_names(parts.query, tls=False, sentinel=False)
    options = dict(parse_url(f"unix://{user}{parts.path}?{parts.query}"))  # type: ignore[no-untyped-call]
    del options["connection_class"]
    return options


def _options(transport: str, user: str, database: str, query: str, kind: str) -> dict[str, Any]:
    _check_names(query, tls=transport == "rediss", sentinel=kind == "sentinel")
    options = dict(parse_url(f"{transport}://{user}host/{database}?{query}"))  # type: ignore[no-untyped-call]
    for said_elsewhere in ("host", "connection_class", *(["db"] if kind == "cluster" else [])):
        options.pop(said_elsewhere, None)
    _check_tls(options)
    return options


def _check_names(query: str, *, tls: bool, sentinel: bool) -> None:
    if "@" in query:  # what follows the ? of a password that is not quoted: so no name or value of it is repeated
        raise ValueError(f"an @ follows its ? {_QUOTING}")
    for name in parse_qs(query, keep_blank_values=True):
        if name.startswith("ssl_") and not tls:
            raise ValueError(f"{name} needs TLS: rediss://")
        if name not in OPTIONS | (SENTINEL_OPTIONS if sentinel else set()):
            raise ValueError(f"'{name}' is not an option of it")


def _check_tls(options: dict[str, Any]) -> None:
    if options.get("ssl_cert_reqs", "required") not in ("required", "optional", "none"):
        raise ValueError("ssl_cert_reqs is required, optional or none")
    if authorities := options.get("ssl_ca_certs"):
        try:
            ssl.create_default_context(cafile=authorities)
        except OSError as fault:
            raise ValueError(f"ssl_ca_certs: {authorities} holds no certificates that can be read ({fault})") from None


def _sentinel_options(options: dict[str, Any]) -> dict[str, Any]:
    """Take what is the sentinels' out of the options: their own user and password, and the same TLS."""
    own = {name.removeprefix("sentinel_"): options.pop(name) for name in SENTINEL_OPTIONS if name in options}
    return own | {name: value for name, value in options.items() if name.startswith(("ssl_", "socket_"))}
