"""What Slack refuses: the answer comes all the same, and people are told in plain words, the log in one line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.servers import eventually
from tests.slack import requests
from tests.slack.conftest import Workspace, elements, words
from tests.slack.test_conversations import FRAUD

Start = Callable[..., Workspace]


def test_an_expired_response_url_gives_way_to_a_message(workspace: Start) -> None:
    """After 30 minutes the answer comes into the channel for the asker alone; it is logged once."""
    here = workspace()
    for _ in range(2):
        here.send(requests.command(FRAUD, here.slack.response_url("expired")))
    eventually(lambda: here.slack.counts()["chat.postEphemeral"] == 2)
    posted = here.slack.of("chat.postEphemeral")[0].body
    assert (posted["channel"], posted["user"]) == ("C1", "U1")
    assert "*Why*" in words(posted)
    refused = here.service.events("slack_refused")
    assert [(line["method"], line["code"]) for line in refused] == [("response_url", "http_404")]


def test_where_the_app_is_no_member_it_writes_to_the_person(here: Workspace) -> None:
    """The last way is the app's own conversation with the asker."""
    here.slack.fail("chat.postEphemeral", "not_in_channel")
    here.send(requests.command(FRAUD, here.slack.response_url("expired")))
    assert here.next("chat.postMessage").body["channel"] == "U1"


@pytest.mark.parametrize(
    ("error", "more", "said"),
    [
        ("missing_scope", {"needed": "chat:write", "provided": "commands"}, "lacks the permission chat:write"),
        ("token_revoked", {}, "does not accept the app's token"),
        ("account_inactive", {}, "does not accept the app's token"),
        ("expired_trigger_id", {}, "waits three seconds"),
        ("something_new", {}, "did not take it (something_new)"),
    ],
)
def test_a_refused_window_is_explained(workspace: Start, error: str, more: dict[str, str], said: str) -> None:
    """The person gets a plain word with a way out, by a road that needs no token; the log gets one line."""
    here = workspace()
    here.slack.fail("views.open", error, **more)
    here.slack.fail("views.open", error, **more)
    for number in range(2):
        here.send(requests.command("", here.slack.response_url()))
        assert said in words(here.next("response_url", number).body)
    assert len(here.service.events("slack_refused")) == 1


def test_a_rate_limit_is_waited_for(workspace: Start) -> None:
    """What Slack put off with 429 is sent again when Retry-After has passed, once."""
    here = workspace()
    here.slack.fail("response_url", status=429, retry_after=1)
    assert here.ask(FRAUD)
    here.next("response_url", 1)
    arrived = here.slack.of("response_url")
    assert len(arrived) == 2
    assert arrived[0].body == arrived[1].body
    assert not here.service.events("slack_refused")


def test_a_rate_limit_too_long_for_a_window_is_said(here: Workspace) -> None:
    """A window can't wait longer than its trigger lives, so the person is told when to try again."""
    here.slack.fail("views.open", "ratelimited", status=429, retry_after=20)
    here.send(requests.command("", here.slack.response_url()))
    assert "again in 20 seconds" in words(here.next("response_url").body)


def test_a_share_that_failed_can_be_tried_again(here: Workspace) -> None:
    """A share that Slack refused is explained and does not count as shared."""
    share = elements(here.ask(FRAUD).body)["share"]
    here.slack.fail("chat.postMessage", "missing_scope", needed="chat:write")
    here.send(requests.press(share, here.slack.response_url("expired")))
    assert "lacks the permission chat:write" in words(here.next("chat.postEphemeral").body)
    here.send(requests.press(share, here.slack.response_url("2")))
    eventually(
        lambda: any(call.body.get("response_type") == "in_channel" for call in here.slack.of("response_url")[2:])
    )
