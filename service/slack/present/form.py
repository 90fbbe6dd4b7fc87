"""The form: the contract's main fields as a modal, filled with what is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.vocabulary import FIELD_BY_NAME, FIELDS, Many, Number
from schemas.contract import WIRE
from service.slack.present.blocks import Json, context, option, plain
from service.slack.present.questions import choices

IN_WORDS = "description"
TEAM = ("team.size", "team.existing.data_scientist", "team.existing.ml_engineer")
SHOWN = tuple(field.name for field in FIELDS if field.required) + tuple(
    field.name for field in FIELDS if not field.required
) + TEAM  # fmt: skip
VALUE = "value"  # the action id of every input
UNSAID = "-"  # the option that takes an answer back: Slack's menus can't be emptied


def form_view(pairs: Mapping[str, str], metadata: str) -> Json:
    """The modal; what it does not show rides in `metadata`, which comes back as it is."""
    return {
        "type": "modal",
        "callback_id": "project",
        "private_metadata": metadata,
        "title": {"type": "plain_text", "text": "Staff a project", "emoji": False},
        "submit": {"type": "plain_text", "text": "Recommend", "emoji": False},
        "close": {"type": "plain_text", "text": "Cancel", "emoji": False},
        "blocks": [
            *context(
                ["Industry, phase and delivery are needed, here or in your words. Whatever else you say sharpens it."]
            ),
            _in_words(),
            *(_input(name, pairs.get(name)) for name in SHOWN),
        ],
    }


def _in_words() -> Json:
    element = {"type": "plain_text_input", "action_id": VALUE, "multiline": True, "max_length": 3_000}
    return _block(
        IN_WORDS, "The project in your words", element, hint="The fields below win over what these words say."
    )


def _input(name: str, said: str | None) -> Json:
    field = FIELD_BY_NAME.get(name)
    about = str(WIRE[name].metadata["description"])
    if field is None or isinstance(field, Number):
        return _block(name, about, _number(said), hint=f"In {field.unit}" if isinstance(field, Number) else "In FTE")
    if isinstance(field, Many):
        return _block(name, about, _several(name, said))
    label = f"{about} (needed)" if field.required else about
    return _block(name, label, _one(name, said, keeps=field.required))


def _block(name: str, label: str, element: Json, hint: str | None = None) -> Json:
    made: Json = {"type": "input", "block_id": name, "optional": True, "label": plain(label, 2_000), "element": element}
    return made | ({"hint": plain(hint, 2_000)} if hint else {})


def _number(said: str | None) -> Json:
    # No bounds of its own: Slack would refuse a number in its words, and we have better ones.
    element: dict[str, Any] = {"type": "number_input", "is_decimal_allowed": True, "action_id": VALUE}
    return element | ({"initial_value": said} if said else {})


def _one(name: str, said: str | None, *, keeps: bool) -> Json:
    options = [option(text, value) for text, value in choices(name)]
    chosen = [one for one in options if one["value"] == said]
    element = {"type": "static_select", "action_id": VALUE, "options": options}
    if not keeps:
        element["options"] = [option("Not said", UNSAID), *options]
    return element | ({"initial_option": chosen[0]} if chosen else {})


def _several(name: str, said: str | None) -> Json:
    options = [option(text, value) for text, value in choices(name)]
    chosen = [one for one in options if one["value"] in (said or "").split(",")]
    element = {"type": "multi_static_select", "action_id": VALUE, "options": options}
    return element | ({"initial_options": chosen} if chosen else {})
