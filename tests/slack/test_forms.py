"""The form: opened empty or filled, refused in the API's words, and answered where it was opened."""

from __future__ import annotations

from typing import Any

from tests.servers import RedisServer
from tests.slack import requests
from tests.slack.conftest import Workspace, elements, words
from tests.slack.test_conversations import FRAUD, Start

Json = dict[str, Any]


def test_no_words_open_the_form(here: Workspace) -> None:
    """The bare command opens an empty form, and its submission is answered where the command was typed."""
    here.send(requests.command("", here.slack.response_url("9")))
    view = here.next("views.open").body["view"]
    filled = {"industry": "retail", "phase": "modeling", "deployment.pattern": "batch", "team.size": "4"}
    reply = here.send(requests.submit(view, filled))
    assert (reply.status, reply.body) == (200, b"")
    answer = here.next("response_url")
    assert answer.address == "/response/9"
    assert "4 people" in words(answer.body)


def test_adjust_opens_the_form_filled_and_replaces_the_message(here: Workspace) -> None:
    """What the answer rests on stands in the form; what the form does not show is kept; emptied fields are."""
    message = here.ask(f"{FRAUD}, 12 months").body
    here.send(requests.press(elements(message)["adjust"], here.slack.response_url("2")))
    view = here.next("views.open").body["view"]
    inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert inputs["industry"]["initial_option"]["value"] == "finance"
    assert inputs["deployment.peak_rps"]["initial_value"] == "900"
    here.send(requests.submit(view, {"deployment.peak_rps": "", "goal": "insights"}))
    answer = here.next("response_url", 1)
    assert (answer.address, answer.body["replace_original"]) == ("/response/2", True)
    text = words(answer.body)
    assert "goal: insights" in text
    assert "peak rps: 900" not in text
    assert "weeks to run: " in text


def test_a_wrong_form_stays_open_with_the_apis_own_words(here: Workspace) -> None:
    """Every fault is shown at its input, in the words in which the API refuses the same project."""
    here.send(requests.command("", here.slack.response_url()))
    view = here.next("views.open").body["view"]
    reply = here.send(requests.submit(view, {"phase": "modeling", "deployment.availability_pct": "101"})).json()
    project = {"phase": "modeling", "deployment": {"availability_pct": 101}}
    refused = here.service.recommend(project).json()["errors"]
    assert reply["response_action"] == "errors"
    assert reply["errors"] == {fault["field"]: fault["message"] for fault in refused}
    assert reply["errors"].keys() == {"industry", "deployment.pattern", "deployment.availability_pct"}
    assert not here.slack.of("response_url")


def test_words_in_the_form_fill_what_its_fields_leave_open(here: Workspace) -> None:
    """Fields win over words."""
    here.send(requests.command("", here.slack.response_url()))
    view = here.next("views.open").body["view"]
    here.send(requests.submit(view, {"description": FRAUD, "industry": "retail"}))
    text = words(here.next("response_url").body)
    assert "industry: retail;" in text
    assert "phase: modeling (“" in text


def test_a_long_project_is_kept_in_redis_for_a_while(workspace: Start, redis_server: RedisServer) -> None:
    """What is too long for a dozen buttons is kept with a time limit; when it is gone, that is said."""
    here = workspace(REDIS_URL=redis_server.url)
    here.send(requests.command("", here.slack.response_url()))
    view = here.next("views.open").body["view"]
    here.send(requests.submit(view, filled_throughout(view)))
    message = here.next("response_url").body
    adjust = elements(message)["adjust"]
    assert adjust["value"].startswith("@")
    with redis_server.client() as redis:
        key = f"slack:state:{adjust['value'][1:]}"
        assert 0 < redis.ttl(key) <= 7 * 86_400
        here.send(requests.press(adjust, here.slack.response_url("2")))
        again = here.next("views.open", 1).body["view"]
        inputs = {block["block_id"]: block["element"] for block in again["blocks"] if block["type"] == "input"}
        assert len(inputs["languages"]["initial_options"]) == len(inputs["languages"]["options"])
        redis.delete(key)
    here.send(requests.press(adjust, here.slack.response_url("3")))
    assert "kept for a week and is gone" in words(here.next("response_url", 1).body)


def filled_throughout(view: Json) -> Json:
    """Every field answered: the last option of each menu, all languages, eights for numbers."""
    filled: Json = {}
    for block in view["blocks"]:
        match block.get("element", {}).get("type"):
            case "static_select":
                filled[block["block_id"]] = block["element"]["options"][-1]["value"]
            case "multi_static_select":
                filled[block["block_id"]] = [option["value"] for option in block["element"]["options"]]
            case "number_input":
                filled[block["block_id"]] = "8"
    return filled
