"""What a submitted form says, and which of its inputs is to show what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from schemas.faults import Fault
from service.slack.conversation import read
from service.slack.present.form import IN_WORDS, SHOWN, UNSAID, VALUE
from service.slack.state import Pairs
from service.slack.turn import Reading

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was opened, and what of the project it does not show."""

    carried: str = ""
    response_url: str | None = None
    channel: str | None = None

    def packed(self) -> str:
        """As a modal's private metadata."""
        return orjson.dumps([self.carried, self.response_url, self.channel]).decode()


def origin_of(view: Json) -> Origin:
    """Where the form of a submitted view was opened."""
    return Origin(*orjson.loads(view["private_metadata"]))


def unshown(pairs: Pairs) -> dict[str, str]:
    """What of a project the form has no input for."""
    return {name: text for name, text in pairs.items() if name not in SHOWN}


def submitted(view: Json, beside: Pairs) -> Reading:
    """The reading of a submitted view: its inputs, what it did not show, and what its words add."""
    inputs = view["state"]["values"]
    given = dict(beside) | {name: text for name in SHOWN if (text := _said(inputs.get(name, {}).get(VALUE, {})))}
    return read(str(inputs.get(IN_WORDS, {}).get(VALUE, {}).get("value") or ""), given)


def errors(faults: tuple[Fault, ...]) -> dict[str, str]:
    """The faults by input, as Slack shows them; those of no input stand under the words."""
    shown: dict[str, list[str]] = {}
    for fault in faults:
        place = next((name for name in SHOWN if fault.field == name or fault.field.startswith(f"{name}.")), IN_WORDS)
        shown.setdefault(place, []).append(fault.message)
    return {place: " ".join(messages) for place, messages in shown.items()}


def _said(element: Json) -> str:
    if "selected_options" in element:
        return ",".join(one["value"] for one in element["selected_options"])
    chosen = (element.get("selected_option") or {}).get("value")
    text = str(chosen or element.get("value") or "").strip()
    return "" if text == UNSAID else text
