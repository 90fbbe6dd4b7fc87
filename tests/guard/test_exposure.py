"""Settings of the guard: what is refused at the start, and that nobody is let in by oversight."""

from __future__ import annotations

import pytest
from environs import EnvError

from service.config import Settings, read_settings
from service.guard.settings import GuardSettings, is_local, refuse_exposure

PUBLIC = ["0.0.0.0", "::", "[::]", "10.0.0.1", "example.org", "2130706433", "127.0.0.1.evil"]  # noqa: S104
NAMES = ("HOST", "API_KEYS_FILE", "OPEN_TO_ALL", "RATE_LIMIT", "RATE_LIMIT_BATCH", "CORS_ORIGINS", "TRUSTED_PROXIES")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> type[GuardSettings]:
    """Read settings from these environment variables and no others of the guard."""

    def reading(**environment: str) -> GuardSettings:
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return read_settings().guard

    return reading  # type: ignore[return-value]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost", "", None])
def test_this_machines_own_addresses_need_no_word(host: str | None) -> None:
    """Nobody else can come in by them."""
    assert is_local(host)
    refuse_exposure(GuardSettings(), [host or ""])


@pytest.mark.parametrize("host", PUBLIC)
def test_any_other_address_needs_keys_or_a_word(read: type[GuardSettings], host: str) -> None:
    """The refusal names both ways out; with either it starts."""
    with pytest.raises(EnvError, match=r"API_KEYS_FILE.*OPEN_TO_ALL=yes"):
        refuse_exposure(read(HOST=host), ["127.0.0.1", host])
    for said in ({"OPEN_TO_ALL": "yes"}, {"OPEN_TO_ALL": "no"}, {"API_KEYS_FILE": "keys.json"}):
        refuse_exposure(read(HOST=host, **said), [host])


def test_the_words_say_who_is_answered(read: type[GuardSettings]) -> None:
    """Only `yes`, or keys, let others in."""
    assert read().local_only
    assert read(OPEN_TO_ALL="no").local_only
    assert not read(OPEN_TO_ALL="yes").local_only
    assert not read(API_KEYS_FILE="keys.json").local_only


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPEN_TO_ALL", "true"),
        ("OPEN_TO_ALL", "YES"),
        ("RATE_LIMIT", "many"),
        ("RATE_LIMIT", "600"),
        ("RATE_LIMIT_BATCH", "-1/minute"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://app.example/path"),
        ("CORS_ORIGINS", "https://a.example,app.example"),
        ("CORS_ORIGINS", "https://.*"),
        ("CORS_ORIGINS", "null"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "all"),
        ("BODY_TIMEOUT_S", "0"),
    ],
)
def test_a_wrong_value_is_refused_by_name(read: type[GuardSettings], name: str, value: str) -> None:
    """Never read as something near it."""
    with pytest.raises(EnvError, match=name):
        read(**{name: value})


def test_lists_are_read(read: type[GuardSettings]) -> None:
    """Origins by commas, rates by semicolons."""
    settings = read(CORS_ORIGINS="https://a.example, http://localhost:3000", RATE_LIMIT="20/second; 600/minute")
    assert settings.cors_origins == ("https://a.example", "http://localhost:3000")
    assert [(rate.amount, rate.get_expiry()) for rate in settings.rate_limit] == [(20, 1), (600, 60)]


def test_settings_print_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is logged of them."""
    secrets = {
        "REDIS_URL": "redis://me:s3cret@localhost:1/0",
        "SLACK_SIGNING_SECRET": "s3cret-1",
        "SLACK_BOT_TOKEN": "xoxb-s3cret",
        "SLACK_REDIS_URL": "rediss://:s3cret@localhost:1/0",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    settings: Settings = read_settings()
    assert settings.redis_url == secrets["REDIS_URL"]
    assert "s3cret" not in f"{settings!r} {settings}"
