"""What the guard is configured by, and that nobody is let in by oversight."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from environs import Env, EnvError
from limits import RateLimitItem, parse_many
from marshmallow.validate import Range

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")
_LOCAL = (None, "", "127.0.0.1", "::1", "localhost")  # as callers and settings mostly have it


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Who is let in, how often, and from where.

    `open_to_all` is None where nothing was said: then only loopback is served without keys, and only there.
    """

    host: str = "127.0.0.1"
    keys_file: Path | None = None
    open_to_all: bool | None = None
    rate_limit: tuple[RateLimitItem, ...] = ()
    rate_limit_batch: tuple[RateLimitItem, ...] = ()
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: int = 0
    body_timeout_s: float = 30

    @property
    def local_only(self) -> bool:
        """Whether, for want of keys and of a word, only callers on this machine are answered."""
        return self.keys_file is None and not self.open_to_all


def read_guard(env: Env) -> GuardSettings:
    """Read the guard's settings; raises environs.EnvError naming what is wrong."""
    keys_file = env.str("API_KEYS_FILE", None)
    return GuardSettings(
        host=env.str("HOST", "127.0.0.1"),
        keys_file=Path(keys_file) if keys_file else None,
        open_to_all=_word(env.str("OPEN_TO_ALL", "")),
        rate_limit=_rate("RATE_LIMIT", env.str("RATE_LIMIT", "")),
        rate_limit_batch=_rate("RATE_LIMIT_BATCH", env.str("RATE_LIMIT_BATCH", "")),
        cors_origins=_origins(env.list("CORS_ORIGINS", [])),
        trusted_proxies=env.int("TRUSTED_PROXIES", 0, validate=Range(0, 10)),
        body_timeout_s=env.float("BODY_TIMEOUT_S", 30, validate=Range(0.1, 3_600)),
    )


def refuse_exposure(settings: GuardSettings, hosts: Iterable[str]) -> None:
    """Raise EnvError where anybody could reach the service, no keys are set, and nobody said that it is meant."""
    if settings.keys_file is None and settings.open_to_all is None:
        for host in hosts:
            if not is_local(host):
                raise EnvError(
                    f"{host} can be reached from other machines, and no keys are set. Set API_KEYS_FILE (make a key "
                    "with `staffing keys make`), or OPEN_TO_ALL=yes if everybody who can reach it may use it"
                )


def is_local(host: str | None) -> bool:
    """Whether an address can only be this machine's own; that of a socket in the file system is empty."""
    if host in _LOCAL:
        return True
    try:
        address = ip_address((host or "").strip("[]"))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _word(said: str) -> bool | None:
    if said not in ("", "yes", "no"):
        raise EnvError('OPEN_TO_ALL is "yes", "no" or not set')
    return said == "yes" if said else None


def _rate(name: str, said: str) -> tuple[RateLimitItem, ...]:
    try:
        return tuple(parse_many(said)) if said else ()
    except ValueError:
        raise EnvError(f'{name} is not a rate such as "600/minute" or "20/second; 600/minute"') from None


def _origins(said: list[str]) -> tuple[str, ...]:
    origins = tuple(origin.strip() for origin in said if origin.strip())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise EnvError(f"CORS_ORIGINS: {origin!r} is not an origin such as https://app.example, by commas")
    return origins
