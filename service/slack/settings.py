"""What the Slack app is configured by, and that it is configured whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field

from environs import Env, EnvError

from service.cache.redis_url import redis_url_setting


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """One workspace's `bot_token`, or `client_id` and `client_secret` for installing into many by OAuth."""

    signing_secret: str = field(repr=False)
    bot_token: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    api_url: str = "https://slack.com/api/"
    redis_url: str | None = field(default=None, repr=False)
    public_url: str | None = None

    @property
    def oauth(self) -> bool:
        """Whether workspaces install the app by OAuth."""
        return self.client_id is not None


def read_slack(env: Env, redis_url: str | None, public_url: str | None) -> SlackSettings | None:
    """Read the Slack settings: None where none is set; raises environs.EnvError for half of them."""
    names = ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
    secret, token, client_id, client_secret = (env.str(name, None) or None for name in names)
    if not any((secret, token, client_id, client_secret)):
        return None
    store = redis_url_setting(env, "SLACK_REDIS_URL") or redis_url
    if secret is None:
        raise EnvError("SLACK_SIGNING_SECRET is missing, without which no request can be told to be Slack's")
    if (client_id is None) != (client_secret is None):
        raise EnvError("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together: set both, or neither")
    if client_id is None and token is None:
        raise EnvError("SLACK_BOT_TOKEN is missing: set it, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for OAuth")
    if client_id is not None and store is None:
        raise EnvError("Installing by OAuth needs SLACK_REDIS_URL or REDIS_URL, where installations are kept")
    api_url = env.str("SLACK_API_URL", "https://slack.com/api/").rstrip("/") + "/"
    return SlackSettings(secret, token, client_id, client_secret, api_url, store, public_url)
