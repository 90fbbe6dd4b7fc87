"""What people do in Slack, against the service under gunicorn: commands, buttons, menus, forms, the shortcut, home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers import RedisServer, eventually
from tests.slack import requests
from tests.slack.conftest import Workspace, elements, words

Start = Callable[..., Workspace]
FRAUD = "real-time card fraud detection for a bank, in the modeling phase, p99 < 50 ms, 900 rps, team of 8"
CHURN = "customer churn model, batch scoring"  # says neither industry nor phase


def answers_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a message that answer its question."""
    return [element for name, element in elements(message).items() if name.startswith("answer:")]


def test_a_sentence_is_answered_for_the_asker_alone(workspace: Start) -> None:
    """The command is acknowledged with nothing, and the answer with its reasons follows, ephemeral."""
    message = workspace(PUBLIC_URL="https://staffing.example.org").ask(FRAUD).body
    assert message["response_type"] == "ephemeral"
    text = words(message)
    for part in ("The work", "data scientist", "Range:", "people", "*Why*", "[A", "“bank”", "Not answered", "Rulebook"):
        assert part in text
    assert {"share", "adjust", "reasons", "open"} <= elements(message).keys()
    assert elements(message)["open"]["url"].startswith("https://staffing.example.org/?")
    assert answers_of(message)


def test_the_link_leads_to_the_same_answer(workspace: Start) -> None:
    """The page of a message, and its permalink, give the ratio that the message says."""
    here = workspace(PUBLIC_URL="https://staffing.example.org")
    message = here.ask(FRAUD).body
    link = elements(message)["open"]["url"].removeprefix("https://staffing.example.org")
    page = here.service.request("GET", link)
    answer = here.service.request("GET", f"/recommend{link[1:]}").json()
    assert (page.status, page.headers["content-type"].partition(";")[0]) == (200, "text/html")
    assert answer["ratio"]["text"] in page.body.decode()
    ours, theirs = answer["ratio"]["text"].split(":")
    assert f"{ours} data scientist" in message["text"]
    assert f"{theirs} ML engineer" in message["text"]


def test_without_a_public_address_there_is_no_link(here: Workspace) -> None:
    """A link that would lead nowhere is left out."""
    assert "open" not in elements(here.ask(FRAUD).body)


def test_answering_the_next_question_updates_the_same_message(here: Workspace) -> None:
    """The button's press replaces the message, which then rests on the answer too and asks on."""
    first = here.ask(FRAUD).body
    button = answers_of(first)[0]
    here.send(requests.press(button, here.slack.response_url("2")))
    second = here.next("response_url", 1)
    assert (second.address, second.body["replace_original"]) == ("/response/2", True)
    field = button["action_id"].split(":")[1]
    assert f"{field.rpartition('.')[2].replace('_', ' ')}: " in words(second.body)
    assert answers_of(second.body)[0]["action_id"].split(":")[1] != field


def test_a_conversation_outlives_the_service(workspace: Start) -> None:
    """A button of a message from before a restart works: the message itself carries the project."""
    here = workspace()
    button = answers_of(here.ask(FRAUD).body)[0]
    here.service.stop()
    again = workspace()
    again.send(requests.press(button, again.slack.response_url("2")))
    assert "p99" in words(again.next("response_url", 1).body)


def test_what_is_missing_is_asked_one_by_one(here: Workspace) -> None:
    """Where words do not say what is needed, a menu and buttons ask for it in place, until there is an answer."""
    asking = here.ask(CHURN).body
    assert "Which industry is the project for?" in words(asking)
    row = next(block for block in asking["blocks"] if block["type"] == "actions")
    here.send(requests.choose(row, "retail", here.slack.response_url("2")))
    second = here.next("response_url", 1).body
    assert "Which phase is the project in?" in words(second)
    here.send(requests.press(elements(second)["answer:phase:modeling"], here.slack.response_url("3")))
    assert "*Why*" in words(here.next("response_url", 2).body)


def test_help_comes_with_the_acknowledgement(here: Workspace) -> None:
    """`help` needs no second message: examples to copy stand in the response, for the asker alone."""
    reply = here.send(requests.command("help", here.slack.response_url()))
    assert reply.status == 200
    assert reply.json()["response_type"] == "ephemeral"
    assert "`/staffing real-time card fraud" in words(reply.json())
    assert not here.slack.calls


def test_all_reasons_open_in_a_window(here: Workspace) -> None:
    """Every factor stands there, also those that are not in the sum."""
    here.send(requests.press(elements(here.ask(FRAUD).body)["reasons"], here.slack.response_url("2")))
    view = here.next("views.open").body["view"]
    assert view["title"]["text"] == "All reasons"
    assert "Sum: " in words(view)


def test_sharing_is_seen_by_all_and_once(here: Workspace) -> None:
    """However often the button is pressed, the channel gets one message, which says who shared it."""
    share = elements(here.ask(FRAUD).body)["share"]
    for number in range(3):
        here.send(requests.press(share, here.slack.response_url(f"s{number}")))
    eventually(lambda: len(here.slack.of("response_url")) == 4)
    posted = [call.body for call in here.slack.of("response_url") if call.body["response_type"] == "in_channel"]
    assert len(posted) == 1
    assert "Shared by <@U1>" in words(posted[0])
    assert posted[0]["replace_original"] is False
    assert sum("shared already" in words(call.body) for call in here.slack.of("response_url")) == 2


def test_a_message_is_staffed_by_its_shortcut(here: Workspace) -> None:
    """The text of the message is read as a person sees it, links and entities undone."""
    text = f"<@U7> asks: {FRAUD.replace('<', '&lt;')}, see <https://example.org|the brief>"
    here.send(requests.shortcut(text, here.slack.response_url()))
    message = here.next("response_url").body
    assert message["response_type"] == "ephemeral"
    assert "latency ms p99: 50" in words(message)
    here.send(requests.shortcut(" ", here.slack.response_url()))
    assert "no text" in words(here.next("response_url", 1).body)


def test_home_shows_recent_answers(workspace: Start, redis_server: RedisServer) -> None:
    """With Redis the home tab lists the asker's answers, newest first, to take up again; and the rulebook."""
    here = workspace(REDIS_URL=redis_server.url)
    here.ask("batch demand forecast for a retailer, modeling phase")
    here.ask(FRAUD)
    with redis_server.client() as redis:
        eventually(lambda: redis.llen("slack:recent:-:T1:U1") == 2)
        assert 0 < redis.ttl("slack:recent:-:T1:U1") <= 30 * 86_400
    here.send(requests.home_opened("Ev1"), kind="json")
    published = here.next("views.publish").body
    text = words(published["view"])
    assert published["user_id"] == "U1"
    assert text.index("real-time card fraud") < text.index("batch demand forecast")
    assert "Rulebook article " in text
    adjust = next(block["accessory"] for block in published["view"]["blocks"] if "accessory" in block)
    here.send(requests.press_at_home(adjust))
    view = here.next("views.open").body["view"]
    here.send(requests.submit(view, {}))
    assert here.next("chat.postMessage").body["channel"] == "U1"


def test_home_says_that_nothing_is_remembered_without_redis(here: Workspace) -> None:
    """No empty list that looks like no answers."""
    here.send(requests.home_opened("Ev1"), kind="json")
    assert "no Redis" in words(here.next("views.publish").body["view"])
