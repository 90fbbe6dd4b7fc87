"""Installing the app into workspaces by OAuth, against the service under gunicorn and a Redis."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.servers import RedisServer, eventually
from tests.slack import requests
from tests.slack.conftest import Workspace, words
from tests.slack.test_conversations import FRAUD
from tests.workers import Reply

Start = Callable[..., Workspace]
OAUTH = {
    "SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "shh",
    "PUBLIC_URL": "https://staffing.example.org",
}  # fmt: skip


@pytest.fixture
def installing(workspace: Start, redis_server: RedisServer) -> Workspace:
    """A service into which workspaces install the app."""
    return workspace(**OAUTH, SLACK_REDIS_URL=redis_server.url)


def start(here: Workspace) -> tuple[str, str]:
    """Begin an install as a browser does; return the state and the cookie."""
    reply = here.service.request("GET", "/slack/install")
    assert reply.status == 200
    cookie = reply.headers["set-cookie"].partition(";")[0]
    return cookie.partition("=")[2], cookie


def come_back(here: Workspace, state: str, cookie: str, code: str = "good") -> Reply:
    """Come back from Slack's page."""
    path = f"/slack/oauth_redirect?code={code}&state={state}"
    return here.service.request("GET", path, headers={"Cookie": cookie})


def opens_a_form(here: Workspace) -> bool:
    """Whether the bare command finds a token to open a form with."""
    opened, said = len(here.slack.of("views.open")), len(here.slack.of("response_url"))
    here.send(requests.command("", here.slack.response_url()))
    eventually(lambda: len(here.slack.of("views.open")) > opened or len(here.slack.of("response_url")) > said)
    return len(here.slack.of("response_url")) == said


def test_the_install_page_asks_for_the_two_scopes(installing: Workspace) -> None:
    """It leads to Slack with the scopes, our address to come back to, and a state that the browser holds too."""
    reply = installing.service.request("GET", "/slack/install")
    page = reply.body.decode()
    link = page.split('<a href="')[1].split('"')[0].replace("&amp;", "&")
    asked = parse_qs(urlsplit(link).query)
    assert asked["scope"] == ["commands,chat:write"]
    assert asked["redirect_uri"] == ["https://staffing.example.org/slack/oauth_redirect"]
    assert asked["state"][0] in reply.headers["set-cookie"]


def test_an_install_is_kept_and_outlives_the_service(
    installing: Workspace, workspace: Start, redis_server: RedisServer
) -> None:
    """The workspace's token is found by every process from then on, and has no time limit."""
    assert not opens_a_form(installing)
    assert come_back(installing, *start(installing)).status == 200
    assert opens_a_form(installing)
    again = workspace(**OAUTH, SLACK_REDIS_URL=redis_server.url)
    assert opens_a_form(again)
    with redis_server.client() as redis:
        assert redis.ttl("slack:bot:-:T1") == -1


def test_a_state_is_good_for_one_browser_once(installing: Workspace) -> None:
    """A state that was not issued, is another browser's, or was used, installs nothing."""
    state, cookie = start(installing)
    _, other_cookie = start(installing)
    assert come_back(installing, state, other_cookie).status == 400
    assert come_back(installing, "made-up", "slack-app-oauth-state=made-up").status == 401
    assert come_back(installing, state, cookie).status == 200
    assert come_back(installing, state, cookie).status == 401
    assert installing.slack.counts()["oauth.v2.access"] == 1


def test_a_code_that_slack_refuses_installs_nothing(installing: Workspace) -> None:
    """The page says so, and no token is kept."""
    assert come_back(installing, *start(installing), code="bad").status == 401
    assert not opens_a_form(installing)


def test_uninstalling_forgets_the_token(installing: Workspace, redis_server: RedisServer) -> None:
    """Slack's event that the app was removed deletes what was kept."""
    come_back(installing, *start(installing))
    body = '{"type": "event_callback", "team_id": "T1", "event_id": "E1", "event": {"type": "app_uninstalled"}}'
    assert installing.send(body, kind="json").status == 200
    with redis_server.client() as redis:
        assert redis.get("slack:bot:-:T1") is None


def test_without_an_install_commands_are_answered_and_windows_explained(installing: Workspace) -> None:
    """An answer needs no token; what needs one is said in plain words."""
    assert "*Why*" in words(installing.ask(FRAUD).body)
    installing.send(requests.command("", installing.slack.response_url()))
    assert "install it again" in words(installing.next("response_url", 1).body)


def test_installing_while_redis_is_gone_is_refused_plainly(installing: Workspace, redis_server: RedisServer) -> None:
    """No install that would be forgotten: a problem before, a failure page after."""
    state, cookie = start(installing)
    redis_server.kill()
    reply = installing.service.request("GET", "/slack/install")
    assert (reply.status, reply.headers["content-type"]) == (503, "application/problem+json")
    assert come_back(installing, state, cookie).status == 503
