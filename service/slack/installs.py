"""Installing by OAuth: the installations and the states of installs under way, in Redis."""

from __future__ import annotations

import logging
from secrets import token_urlsafe
from typing import Any

import orjson
from slack_bolt.error import BoltError
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth import InstallationStore, OAuthStateStore
from slack_sdk.oauth.installation_store import Bot, Installation

from service.cache import Unavailable
from service.slack.settings import SlackSettings
from service.slack.store import Store

SCOPES = ("commands", "chat:write")
STATE_LIVES = 600  # seconds that an install may take


def oauth_settings(settings: SlackSettings, store: Store, logger: logging.Logger) -> OAuthSettings:
    """Return Bolt's settings for `/slack/install` and `/slack/oauth_redirect`."""
    redirect = f"{settings.public_url.rstrip('/')}/slack/oauth_redirect" if settings.public_url else None
    return OAuthSettings(
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        scopes=SCOPES,
        user_scopes=(),
        redirect_uri=redirect,
        installation_store=Installations(store, logger),
        installation_store_bot_only=True,
        state_store=States(store, logger),
        state_expiration_seconds=STATE_LIVES,
        logger=logger,
    )


class Installations(InstallationStore):
    """One bot a workspace, or a whole organisation; no user tokens. Saving without Redis raises BoltError."""

    def __init__(self, store: Store, logger: logging.Logger) -> None:
        self._store, self._logger = store, logger

    @property
    def logger(self) -> logging.Logger:
        """Bolt's logger."""
        return self._logger

    def save(self, installation: Installation) -> None:
        """Keep the bot of an installation."""
        self.save_bot(installation.to_bot())

    def save_bot(self, bot: Bot) -> None:
        """Keep a bot until its workspace uninstalls it."""
        key, value = _key(bot.enterprise_id, bot.team_id, bot.is_enterprise_install), orjson.dumps(bot.__dict__)
        try:
            self._store.must(lambda redis: redis.set(key, value))
        except Unavailable as error:
            raise BoltError("The installation could not be stored; please try again.") from error

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return a workspace's bot, else its organisation's; raises Unavailable without Redis."""
        own, whole = _key(enterprise_id, team_id, bool(is_enterprise_install)), _key(enterprise_id, None, True)
        # Two commands: one for both keys is refused by a cluster that keeps them apart.
        stored: Any = self._store.must(lambda redis: redis.get(own) or redis.get(whole))
        return Bot(**orjson.loads(stored)) if stored else None

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a workspace's bot."""
        self._store.must(lambda redis: redis.delete(_key(enterprise_id, team_id, team_id is None)))

    def delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Nothing of a person's installation is kept."""


class States(OAuthStateStore):
    """The states of installs under way: each is good for one return, within ten minutes."""

    def __init__(self, store: Store, logger: logging.Logger) -> None:
        self._store, self._logger = store, logger

    @property
    def logger(self) -> logging.Logger:
        """Bolt's logger."""
        return self._logger

    def issue(self, *_args: Any, **_kwargs: Any) -> str:
        """Return a new state; raises Unavailable without Redis."""
        state = token_urlsafe(24)
        self._store.must(lambda redis: redis.set(f"slack:oauth:{state}", b"1", ex=STATE_LIVES))
        return state

    def consume(self, state: str) -> bool:
        """Whether the state was issued and is used for the first time; raises Unavailable without Redis."""
        return bool(self._store.must(lambda redis: redis.delete(f"slack:oauth:{state}")))


def _key(enterprise: str | None, team: str | None, whole: bool) -> str:
    return f"slack:bot:{enterprise or '-'}:{'-' if whole else team or '-'}"
