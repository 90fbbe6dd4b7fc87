"""What people type, press and submit in Slack: whatever it is, what is shown then breaks none of Slack's limits."""

from __future__ import annotations

from functools import cache
from typing import Any

from schemas.contract import WIRE
from service.app import build_recommender
from service.config import Settings, bundled_rulebook
from service.slack.conversation import Conversation
from service.slack.delivery import Delivery
from service.slack.form import Origin
from service.slack.listeners import Listeners
from service.slack.place import Place
from service.slack.state import BUTTON, States, spell
from service.slack.store import Store
from tests.slack.block_kit import message_faults, view_faults

Json = dict[str, Any]
TYPED = 8_000  # characters that a person can send


class Inspected(Delivery):
    """Delivers nothing; what breaks a limit of Slack's is a defect."""

    def __init__(self) -> None:
        super().__init__(lambda _place: None, "")

    def answer(self, place: Place, message: Json) -> None:
        """Inspect a message."""
        assert not message_faults({name: message[name] for name in ("text", "blocks") if name in message})

    def share(self, place: Place, message: Json) -> bool:
        """Inspect a message for everybody."""
        self.answer(place, message)
        return True

    def open(self, place: Place, view: Json) -> None:
        """Inspect a window."""
        assert not view_faults(view)

    def publish(self, place: Place, view: Json) -> None:
        """Inspect a home tab."""
        self.open(place, view)


@cache
def listeners() -> Listeners:
    """The listeners, without Redis."""
    recommender = build_recommender(Settings(rulebook=bundled_rulebook()))
    return Listeners(Conversation(recommender, "https://staffing.example"), Store(None), Inspected())


def run(data: bytes) -> None:
    """The first byte says what happened, the first line what a control carried, the rest what was said."""
    kind, words = (data[0] if data else 0) % 5, data[1:].decode(errors="replace")[:TYPED]
    if kind == 0:
        listeners().command({"text": words, "user_id": "U1"})
        return
    carried, _, said = words.partition("\n")
    pairs = States(Store(None)).unpack(carried.removeprefix("@")[:BUTTON])
    assert States(Store(None)).unpack(spell(pairs)) == pairs or not pairs.keys() <= WIRE.keys()
    if kind == 1:
        listeners().answered(_pressed(f"answer:deployment.pattern:{said[:200]}", carried))
    elif kind == 2:
        for listener in (listeners().adjust, listeners().reasons, listeners().share):
            listener(_pressed("adjust", carried))
    elif kind == 3:
        listeners().submitted(_submitted(carried, said))
    else:
        listeners().shortcut({"user": {"id": "U1"}, "message": {"text": words}})


def _pressed(action: str, value: str) -> Json:
    return {"user": {"id": "U1"}, "actions": [{"action_id": action, "value": value[:BUTTON]}]}


def _submitted(carried: str, said: str) -> Json:
    name, _, value = said.partition("\n")
    inputs = {"description": name, "name": name, "team.size": value, "industry": value, "languages": value}
    values = {field: {"value": {"value": text[:3_000] or None}} for field, text in inputs.items()}
    return {"user": {"id": "U1"}, "view": {"private_metadata": Origin(carried).packed(), "state": {"values": values}}}
