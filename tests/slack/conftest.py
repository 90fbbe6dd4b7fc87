"""The Slack app under gunicorn with a Slack of its own, which takes no payload that breaks a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.servers import eventually
from tests.slack import requests
from tests.slack.web_api import Call, Slack, running_slack
from tests.workers import Reply, Service

Json = dict[str, Any]
TOKEN = {"SLACK_SIGNING_SECRET": requests.SECRET, "SLACK_BOT_TOKEN": "xoxb-1"}


@dataclass
class Workspace:
    """A running service and the Slack that it talks to."""

    service: Service
    slack: Slack

    def send(self, body: str, kind: str = "form", **headers: str) -> Reply:
        """Send a signed request."""
        return self.service.request("POST", "/slack/events", body.encode(), requests.signed(body, kind=kind) | headers)

    def ask(self, text: str, url: str = "1", **more: str) -> Call:
        """Type the command and return what is shown."""
        before = len(self.slack.of("response_url"))
        reply = self.send(requests.command(text, self.slack.response_url(url), **more))
        assert (reply.status, reply.body) == (200, b"")
        return self.next("response_url", before)

    def next(self, method: str, after: int = 0) -> Call:
        """Wait for the call of a method that follows so many others."""
        return self.next_of((method,), after)

    def next_of(self, methods: Sequence[str], after: int) -> Call:
        """Wait for the call of one of some methods that follows so many others of them."""
        eventually(lambda: len(self.slack.of(*methods)) > after)
        return self.slack.of(*methods)[after]


@pytest.fixture(scope="module")
def shared(serve_module: Callable[..., Service]) -> Iterator[Workspace]:
    """A workspace for the tests of a module that set nothing of their own."""
    with running_slack() as slack:
        yield Workspace(serve_module(SLACK_API_URL=slack.api_url, **TOKEN), slack)


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A mock of Slack's Web API; the test fails if any payload broke a limit."""
    with running_slack() as slack:
        yield slack
    assert slack.faults == []


@pytest.fixture
def here(shared: Workspace) -> Iterator[Workspace]:
    """The shared workspace, its Slack as if new."""
    shared.slack.forget()
    yield shared
    assert shared.slack.faults == []


@pytest.fixture
def workspace(serve: Callable[..., Service], slack: Slack) -> Callable[..., Workspace]:
    """Start a service of one's own against a mock of one's own, with settings from keyword arguments."""

    def start(**environment: str) -> Workspace:
        return Workspace(serve(**({"SLACK_API_URL": slack.api_url} | TOKEN | environment)), slack)

    return start


def elements(message: Json) -> dict[str, Json]:
    """The controls of a message by action id."""
    rows = (block["elements"] for block in message["blocks"] if block["type"] == "actions")
    return {element["action_id"]: element for row in rows for element in row}


def words(payload: Json) -> str:
    """All that a message or a view says."""
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            found.extend([part["text"]] if isinstance(part.get("text"), str) else [])
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(payload)
    return "\n".join(found)
