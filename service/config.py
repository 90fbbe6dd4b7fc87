"""Settings, read from the environment once, at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from environs import Env
from marshmallow.validate import OneOf, Range

from service.cache.redis_url import redis_url_setting
from service.guard.settings import GuardSettings, read_guard
from service.reload.in_force import FOLDER, InForce
from service.slack.settings import SlackSettings, read_slack

LOG_LEVELS = ("debug", "info", "warning", "error")
DECISION_LOGS = ("off", "answer", "input")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a deployment can set; README's table says what each does."""

    rulebook: Path
    redis_url: str | None = field(default=None, repr=False)
    redis_timeout_ms: int = 50
    redis_retry_after_s: int = 5
    cache_ttl_s: int = 86_400
    cache_process_mb: int = 64
    max_body_kb: int = 1_024
    batch_spool_mb: int = 256
    log_level: str = "info"
    decision_log: str = "off"
    public_url: str | None = None
    slack: SlackSettings | None = None
    guard: GuardSettings = field(default_factory=GuardSettings)
    folder: Path | None = None  # nobody sets it by hand: where the processes of one server share what they know

    @property
    def in_force(self) -> Path:
        """The file to read the rulebook from: what the server accepted, or without a server its own."""
        return InForce(self.folder).rulebook if self.folder else self.rulebook


def bundled_rulebook() -> Path:
    """Where the article's rulebook is installed."""
    return Path(str(files("rules") / "article.yaml"))


def read_settings() -> Settings:
    """Read settings from the environment; raises environs.EnvError naming what is wrong."""
    env = Env()
    redis_url, public_url = redis_url_setting(env, "REDIS_URL"), env.str("PUBLIC_URL", None) or None
    return Settings(
        rulebook=env.path("RULEBOOK", bundled_rulebook()),
        redis_url=redis_url,
        redis_timeout_ms=env.int("REDIS_TIMEOUT_MS", 50, validate=Range(1, 10_000)),
        redis_retry_after_s=env.int("REDIS_RETRY_AFTER_S", 5, validate=Range(1, 3_600)),
        cache_ttl_s=env.int("CACHE_TTL_S", 86_400, validate=Range(1)),
        cache_process_mb=env.int("CACHE_PROCESS_MB", 64, validate=Range(1)),
        max_body_kb=env.int("MAX_BODY_KB", 1_024, validate=Range(1, 65_536)),
        batch_spool_mb=env.int("BATCH_SPOOL_MB", 256, validate=Range(0)),
        log_level=env.str("LOG_LEVEL", "info", validate=OneOf(LOG_LEVELS)),
        decision_log=env.str("DECISION_LOG", "off", validate=OneOf(DECISION_LOGS)),
        public_url=public_url,
        slack=read_slack(env, redis_url, public_url),
        guard=read_guard(env),
        folder=env.path(FOLDER, None),
    )
