"""What happens when somebody types, presses or submits. Bolt has acknowledged; each of these runs on its own thread."""

from __future__ import annotations

from time import time
from typing import Any

from service.slack import form
from service.slack.conversation import Conversation, read
from service.slack.delivery import Delivery
from service.slack.form import Origin
from service.slack.place import Place, place_of
from service.slack.present import words
from service.slack.present.form import form_view
from service.slack.present.home import home_view
from service.slack.present.message import (
    answer_message,
    asking_message,
    faulty_message,
    notice,
    shared_message,
)
from service.slack.present.reasons import reasons_view
from service.slack.state import LostError, Pairs, States
from service.slack.store import Store
from service.slack.turn import Reading, Turn

Json = dict[str, Any]

_LOST = "This message's project was kept for a week and is gone. Please ask again with the command."


class Listeners:
    """Answers one kind of request each; `body` is what Slack sent."""

    def __init__(self, conversation: Conversation, store: Store, delivery: Delivery) -> None:
        self._conversation, self._store, self._delivery = conversation, store, delivery
        self._states = States(store)

    def command(self, body: Json) -> None:
        """Free text after the command; nothing after it opens the form."""
        place = place_of(body)
        if text := body.get("text", "").strip():
            self._reply(place, self._conversation.turn(read(text)))
        else:
            self._open_form(place, {})

    def shortcut(self, body: Json) -> None:
        """The text of a message that somebody chose to staff."""
        place, text = place_of(body), str(body["message"].get("text") or "")
        if text.strip():
            self._reply(place, self._conversation.turn(read(text)))
        else:
            self._delivery.answer(place, notice("This message has no text to read a project from."))

    def answered(self, body: Json) -> None:
        """A question's button or menu: the same message, with the answer taken in."""
        action = body["actions"][0]
        _, name, *value = action["action_id"].split(":", 2)
        carried = action["value"] if value else _carried_by_block(action)
        chosen = value[0] if value else action["selected_option"]["value"]
        pairs = self._unpacked(place_of(body), carried)
        if pairs is not None:
            turn = self._conversation.turn(Reading(pairs | {name: chosen}))
            self._reply(place_of(body), turn, replace_original=True)

    def adjust(self, body: Json) -> None:
        """The form, filled with what the message rests on."""
        place, action = place_of(body), body["actions"][0]
        pairs = self._unpacked(place, action.get("value", ""))
        if pairs is not None:
            self._open_form(place, pairs)

    def reasons(self, body: Json) -> None:
        """Every reason, in a window."""
        place = place_of(body)
        turn = self._turn_of(place, body)
        if turn and turn.answer:
            self._delivery.open(place, reasons_view(turn.answer))

    def share(self, body: Json) -> None:
        """The answer for the whole channel, once however often the button is pressed."""
        place = place_of(body)
        turn = self._turn_of(place, body)
        if not turn or not turn.answer:
            return
        shown = body.get("container", {}).get("message_ts")
        claim = f"share:{place.team}:{place.channel}:{shown}:{turn.answer['id']}"
        if not self._store.claim(claim):
            self._delivery.answer(place, notice("This answer is shared already."))
        elif not self._delivery.share(place, shared_message(turn, place.user)):
            self._store.release(claim)

    def submitted(self, body: Json) -> None:
        """A form; what is wrong with one was said when it was acknowledged."""
        origin = form.origin_of(body["view"])
        place = place_of(body).answered_at(origin.response_url, origin.channel)
        turn = self.turn_of_form(body["view"])
        if not turn.faults:  # those are shown in the form, which stays open
            self._reply(place, turn, replace_original=bool(origin.response_url))

    def home(self, body: Json) -> None:
        """The home tab."""
        place = place_of(body)
        view = home_view(self._store.recent(_person(place)), self._conversation.rulebook)
        self._delivery.publish(place, view)

    def turn_of_form(self, view: Json) -> Turn:
        """The answer to a form, or what is wrong with it."""
        try:
            beside = self._states.unpack(form.origin_of(view).carried)
        except LostError:
            beside = {}
        return self._conversation.turn(form.submitted(view, beside))

    def _reply(self, place: Place, turn: Turn, *, replace_original: bool = False) -> None:
        carried = self._states.pack(turn.reading.pairs)
        if turn.answer:
            message = answer_message(turn, carried)
        elif turn.missing:
            message = asking_message(turn, carried)
        else:
            message = faulty_message(turn, carried)
        self._delivery.answer(place, message | {"replace_original": replace_original})
        if turn.answer:
            entry = {"name": turn.answer["name"] or words.UNNAMED, "said": words.headline(turn.answer)}
            self._store.remember(_person(place), entry | {"state": carried.button, "at": int(time())})

    def _open_form(self, place: Place, pairs: Pairs) -> None:
        carried = self._states.pack(form.unshown(pairs)).button
        origin = Origin(carried, place.response_url, place.channel)
        self._delivery.open(place, form_view(pairs, origin.packed()))

    def _turn_of(self, place: Place, body: Json) -> Turn | None:
        pairs = self._unpacked(place, body["actions"][0].get("value", ""))
        return None if pairs is None else self._conversation.turn(Reading(pairs))

    def _unpacked(self, place: Place, carried: str) -> dict[str, str] | None:
        try:
            return self._states.unpack(carried)
        except LostError:
            self._delivery.answer(place, notice(_LOST))
            return None


def _carried_by_block(action: Json) -> str:
    return str(action["block_id"])


def _person(place: Place) -> str:
    return f"{place.enterprise or '-'}:{place.team or '-'}:{place.user}"
