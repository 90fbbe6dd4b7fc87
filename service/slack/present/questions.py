"""A question and the controls to answer it in place."""

from __future__ import annotations

from typing import Any

from rules.vocabulary import FIELD_BY_NAME, Choice, Flag, Many
from service.slack.present import words
from service.slack.present.blocks import Blocks, actions, button, escaped, menu, option, section
from service.slack.state import Carried

Json = dict[str, Any]
Options = list[tuple[str, str]]

MOST_BUTTONS = 6  # more answers than these go into a menu
ANSWER = "answer"  # action ids are answer:<field>:<value>, or answer:<field> for a menu


def next_question(answer: Json, carried: Carried) -> Blocks:
    """The question that could move the answer most, with what it could make of the ratio."""
    if not (question := answer["next_question"]):
        return []
    low, high = question["could_move"]
    options = [
        (words.possible(question["field"], one), wire(one["to"]))
        for one in question["answers"]
        if one["to"] is not None
    ]
    text = f"*Next question:* {escaped(question['question'])}\nThe answer moves the ratio to between {low} and {high}."
    return [section(text), *controls(question["field"], options, carried)]


def open_question(name: str, carried: Carried) -> Blocks:
    """A required question."""
    return [section(f"*{escaped(FIELD_BY_NAME[name].question)}*"), *controls(name, choices(name), carried)]


def controls(name: str, options: Options, carried: Carried) -> Blocks:
    """Buttons for a few answers; a menu for many, where the project is short enough to come back with a choice."""
    if len(options) <= MOST_BUTTONS:
        return actions([button(text, f"{ANSWER}:{name}:{value}", carried.button) for text, value in options])
    if carried.block is None:
        return []
    lines = [option(text, value) for text, value in options]
    return actions([menu("Choose an answer", f"{ANSWER}:{name}", lines)], carried.block)


def choices(name: str) -> Options:
    """The answers that a field's values are, in the contract's order."""
    match FIELD_BY_NAME.get(name):
        case Choice() | Many() as field:
            return [(words.value_said(value), str(value)) for value in field.values]
        case Flag():
            return [("yes", "true"), ("no", "false")]
    return []


def wire(value: object) -> str:
    """A value as a permalink spells it."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)
