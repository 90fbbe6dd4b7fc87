"""Requests as Slack sends them: each kind's payload, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from itertools import count
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]

SECRET = "a-signing-secret"  # noqa: S105 (of a test)
_NUMBERS = count(1)


def signed(body: str, *, secret: str = SECRET, at: int | None = None, kind: str = "form") -> dict[str, str]:
    """The headers that prove a body to be Slack's."""
    timestamp = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    content_type = "application/x-www-form-urlencoded" if kind == "form" else "application/json"
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
    }


def trigger() -> str:
    """A new trigger id."""
    return f"trigger.{next(_NUMBERS)}"


def command(text: str, response_url: str = "", *, user: str = "U1", trigger_id: str | None = None) -> str:
    """The body of a slash command."""
    return urlencode(
        {
            "command": "/staffing", "text": text, "team_id": "T1", "channel_id": "C1", "user_id": user,
            "response_url": response_url, "trigger_id": trigger_id or trigger(),
        }
    )  # fmt: skip


def interaction(kind: str, **more: Any) -> str:
    """The body of anything pressed, chosen or submitted."""
    payload = {"type": kind, "team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": trigger()} | more
    return urlencode({"payload": json.dumps(payload)})


def press(element: Json, response_url: str | None = None, *, block_id: str = "aBc1", shown: str = "1.1") -> str:
    """The body that follows from pressing a button of an ephemeral message, which Slack does not send along."""
    action = {"type": "button", "block_id": block_id} | {
        name: element[name] for name in ("type", "action_id", "value") if name in element
    }
    container = {"type": "message", "message_ts": shown, "channel_id": "C1", "is_ephemeral": True}
    place = {"channel": {"id": "C1"}, "container": container}
    return interaction("block_actions", actions=[action], response_url=response_url, **place)


def press_at_home(element: Json) -> str:
    """The body that follows from pressing a button of the home tab, which is in no channel."""
    action = {name: element[name] for name in ("type", "action_id", "value") if name in element}
    return interaction("block_actions", actions=[action], container={"type": "view"}, view={"type": "home"})


def choose(block: Json, value: str, response_url: str) -> str:
    """The body that follows from choosing in a menu."""
    element = block["elements"][0]
    chosen = next(option for option in element["options"] if option["value"] == value)
    action = {"type": "static_select", "block_id": block["block_id"], "action_id": element["action_id"]}
    return interaction(
        "block_actions",
        actions=[action | {"selected_option": chosen}],
        response_url=response_url,
        channel={"id": "C1"},
        container={"type": "message", "message_ts": "1.1", "is_ephemeral": True},
    )


def submit(view: Json, filled: dict[str, Any]) -> str:
    """The body of a modal that was filled and submitted; what it started with stands where nothing else is said."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    values = {block["block_id"]: {"value": _state(block["element"], filled.get(block["block_id"]))} for block in inputs}
    submitted = {name: view[name] for name in ("callback_id", "private_metadata", "type")}
    return interaction("view_submission", view=submitted | {"id": "V1", "state": {"values": values}})


def shortcut(text: str, response_url: str) -> str:
    """The body of "Staff this project" on a message."""
    message = {"type": "message", "text": text, "ts": "1.2", "user": "U2"}
    channel = {"id": "C1"}
    return interaction(
        "message_action", callback_id="staff_message", message=message, channel=channel, response_url=response_url
    )


def home_opened(event_id: str, tab: str = "home") -> str:
    """The body of the event that a home tab is opened."""
    event = {"type": "app_home_opened", "user": "U1", "tab": tab, "channel": "D1"}
    return json.dumps({"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": event})


def _state(element: Json, said: Any) -> Json:
    if element["type"] == "multi_static_select":
        chosen = element.get("initial_options", []) if said is None else [{"value": value} for value in said]
        return {"type": element["type"], "selected_options": chosen}
    if element["type"] == "static_select":
        chosen = element.get("initial_option") if said is None else {"value": said}
        return {"type": element["type"], "selected_option": chosen}
    return {"type": element["type"], "value": element.get("initial_value") if said is None else said}
