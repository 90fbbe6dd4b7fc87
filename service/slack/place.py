"""Where a request from Slack comes from, however that kind of request spells it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A person in a workspace, and the ways to answer there: a channel, a URL that lasts 30 minutes, a trigger, 3 s."""

    team: str | None
    enterprise: str | None
    user: str
    channel: str | None = None
    response_url: str | None = None
    trigger: str | None = None

    def answered_at(self, response_url: str | None, channel: str | None) -> Place:
        """The same person, answered where a form was opened."""
        return replace(self, response_url=response_url, channel=channel)


def place_of(body: Json) -> Place:
    """The place of a command, an interaction or an event."""
    event = body.get("event") or {}
    channel = _id(body.get("channel")) or body.get("channel_id") or (body.get("container") or {}).get("channel_id")
    return Place(
        team=_id(body.get("team")) or body.get("team_id"),
        enterprise=_id(body.get("enterprise")) or body.get("enterprise_id"),
        user=_id(body.get("user")) or body.get("user_id") or event.get("user") or "",
        channel=channel,
        response_url=body.get("response_url"),
        trigger=body.get("trigger_id"),
    )


def request_key(body: Json) -> str | None:
    """What Slack's repetitions of one request have in common: the event's id, else the trigger's."""
    return body.get("event_id") or body.get("trigger_id")


def _id(value: object) -> str | None:
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None
