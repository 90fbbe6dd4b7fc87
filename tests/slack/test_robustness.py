"""What Slack and the network do to the app: forged, stale and repeated requests, storms, slowness, refusals."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.servers import RedisServer, eventually
from tests.slack import requests
from tests.slack.conftest import Workspace, elements, words
from tests.slack.test_conversations import FRAUD

Start = Callable[..., Workspace]
ACKNOWLEDGED = 3.0  # seconds that Slack waits


@pytest.mark.parametrize(
    ("note", "headers"),
    [
        ("another secret", requests.signed("text=x", secret="another")),  # noqa: S106
        ("a stale timestamp", requests.signed("text=x", at=int(time.time()) - 301)),
        ("a timestamp to come", requests.signed("text=x", at=int(time.time()) + 3_600)),
        ("another body", requests.signed("text=y")),
        ("no signature", {"Content-Type": "application/x-www-form-urlencoded"}),
        ("no number", requests.signed("text=x") | {"X-Slack-Request-Timestamp": "soon"}),
    ],
)
def test_what_slack_did_not_sign_is_refused(here: Workspace, note: str, headers: dict[str, str]) -> None:
    """A forged, altered or old request does nothing, and is answered as the service answers every error."""
    reply = here.service.request("POST", "/slack/events", b"text=x", headers)
    assert reply.status == 401, note
    assert reply.headers["content-type"] == "application/problem+json"
    assert not here.slack.calls


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"payload=%7B", "application/x-www-form-urlencoded", 400),
        (b"payload=[1]", "application/x-www-form-urlencoded", 400),
        (b"\xff", "application/x-www-form-urlencoded", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"x", "text/plain", 415),
        (b"x" * 2_000_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_junk_is_a_problem_and_never_a_failure(here: Workspace, body: bytes, content_type: str, status: int) -> None:
    """Whatever is sent without a signature, the service answers it with a problem of the client's."""
    reply = here.service.request("POST", "/slack/events", body, {"Content-Type": content_type})
    assert reply.status in (status, 401)
    assert reply.json()["status"] == reply.status


def test_an_address_is_verified_as_slack_asks(here: Workspace) -> None:
    """The challenge that Slack sends when the request URL is set comes back."""
    body = '{"type": "url_verification", "challenge": "abc"}'
    reply = here.send(body, kind="json")
    assert (reply.status, reply.json()) == (200, {"challenge": "abc"})


def test_a_replayed_request_is_answered_once(here: Workspace) -> None:
    """The very bytes and signature again, within the minutes for which they are good, do nothing more."""
    body = requests.command(FRAUD, here.slack.response_url())
    headers = requests.signed(body)
    for _ in range(5):
        assert here.service.request("POST", "/slack/events", body.encode(), headers).status == 200
    here.next("response_url")
    here.ask("help me staff a bank's batch model, modeling phase", user="U2")
    assert here.slack.counts()["response_url"] == 2


@pytest.mark.parametrize("shared", [True, False])
def test_a_storm_of_retries_is_answered_once(workspace: Start, redis_server: RedisServer, shared: bool) -> None:
    """Slack's repetitions of one event are done once, over two processes with Redis, or in one without."""
    environment = {"REDIS_URL": redis_server.url, "WEB_CONCURRENCY": "2"} if shared else {}
    here = workspace(**environment)

    def retry(number: int) -> int:
        again = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}
        return here.send(requests.home_opened("Ev7"), kind="json", **again).status

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(retry, range(40))) == {200}
    here.send(requests.home_opened("Ev8"), kind="json")
    eventually(lambda: here.slack.counts()["views.publish"] >= 2)
    assert here.slack.counts()["views.publish"] == 2


@pytest.mark.parametrize("worker", ["gevent", "gthread"])
def test_a_hundred_commands_at_once_are_each_answered_once(workspace: Start, worker: str) -> None:
    """Nothing lost, nothing doubled, and each acknowledged in time, though Slack itself is slow to take answers."""
    here = workspace(WORKER_CLASS=worker, WORKER_THREADS="8")
    here.slack.delay = 0.5
    waits = []

    def ask(number: int) -> int:
        body = requests.command(f"{FRAUD}, project {number}", here.slack.response_url(str(number)))
        started = time.monotonic()
        status = here.send(body).status
        waits.append(time.monotonic() - started)
        return status

    with ThreadPoolExecutor(100) as pool:
        assert set(pool.map(ask, range(100))) == {200}
    assert max(waits) < ACKNOWLEDGED
    eventually(lambda: here.slack.counts()["response_url"] >= 100, within=30)
    assert {call.address for call in here.slack.of("response_url")} == {f"/response/{n}" for n in range(100)}
    assert here.slack.counts() == {"response_url": 100}


def test_a_slow_answer_does_not_hold_up_the_acknowledgement(workspace: Start) -> None:
    """With every hand busy for seconds, the next command is still acknowledged at once."""
    here = workspace()
    here.slack.delay = 4
    for number in range(40):
        here.send(requests.command(FRAUD, here.slack.response_url(str(number))))
    started = time.monotonic()
    assert here.send(requests.command(FRAUD, here.slack.response_url("last"))).status == 200
    assert time.monotonic() - started < ACKNOWLEDGED
    here.slack.delay = 0


def test_what_was_acknowledged_is_answered_before_the_service_ends(workspace: Start) -> None:
    """An orderly end waits for the answers under way."""
    here = workspace()
    here.slack.delay = 1
    for number in range(5):
        here.send(requests.command(FRAUD, here.slack.response_url(str(number))))
    here.service.stop()
    assert here.slack.counts()["response_url"] == 5


def test_redis_gone_is_not_noticed_in_the_conversation(workspace: Start, nobody_listens: str) -> None:
    """Without the Redis that is set, commands and buttons work, and each is still done once."""
    here = workspace(REDIS_URL=nobody_listens)
    message = here.ask(FRAUD).body
    button = next(element for name, element in elements(message).items() if name.startswith("answer:"))
    body = requests.press(button, here.slack.response_url("2"))
    for _ in range(3):
        here.send(body)
    here.next("response_url", 1)
    here.send(requests.home_opened("Ev1"), kind="json")
    assert "Nothing is remembered" in words(here.next("views.publish").body["view"])
    assert here.slack.counts()["response_url"] == 2


def test_what_the_app_does_not_listen_to_is_a_problem(here: Workspace) -> None:
    """A signed request of another kind is answered 404, as every unknown thing is."""
    reply = here.send('{"type": "event_callback", "event_id": "E", "event": {"type": "reaction_added"}}', kind="json")
    assert (reply.status, reply.headers["content-type"]) == (404, "application/problem+json")
