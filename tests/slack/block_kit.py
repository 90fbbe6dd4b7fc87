"""What Slack takes: the limits of Block Kit, and every way in which a payload breaks them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Faults = Iterator[str]

WHOLE_MESSAGE = 13_000  # characters, from about where messages are refused though each block is legal
_KINDS = {
    "message": {"header", "section", "context", "actions", "divider"},
    "modal": {"header", "section", "context", "actions", "divider", "input"},
    "home": {"header", "section", "context", "actions", "divider", "input"},
}


def message_faults(message: Json) -> list[str]:
    """Every fault of a message."""
    return [
        *_text(message.get("text"), "message.text", 4_000),
        *_blocks(message.get("blocks", []), "message", 50),
        *([] if len(json.dumps(message, ensure_ascii=False)) <= WHOLE_MESSAGE else ["msg_too_long"]),
    ]


def view_faults(view: Json) -> list[str]:
    """Every fault of a modal or a home tab."""
    return list(_view(view))


def _view(view: Json) -> Faults:
    kind = view.get("type", "none")
    if kind not in ("modal", "home"):
        yield f"a view of type {kind}"
        return
    yield from _blocks(view.get("blocks", []), kind, 100)
    yield from _longest(view, {"private_metadata": 3_000, "callback_id": 255}, kind)
    if kind == "modal":
        for name in ("title", "submit", "close"):
            if name in view or name == "title":
                yield from _plain(view.get(name), f"modal.{name}", 24)
        if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
            yield "a modal with inputs has a submit"


def _blocks(blocks: list[Json], surface: str, most: int) -> Faults:
    if not 1 <= len(blocks) <= most:
        yield f"{surface} has {len(blocks)} blocks, of at most {most}"
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    yield from (f"the block id {name} stands {times} times" for name, times in ids.items() if times > 1)
    for at, block in enumerate(blocks):
        where = f"{surface}.blocks[{at}]"
        if block.get("type") not in _KINDS[surface]:
            yield f"{where} is of type {block.get('type')}"
            continue
        yield from _longest(block, {"block_id": 255}, where)
        yield from _BLOCK[block["type"]](block, f"{where}.{block['type']}")


def _header(block: Json, where: str) -> Faults:
    yield from _plain(block.get("text"), where, 150)


def _section(block: Json, where: str) -> Faults:
    yield from _object(block.get("text"), where, 3_000)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{where}.accessory")


def _context(block: Json, where: str) -> Faults:
    if not 1 <= len(block["elements"]) <= 10:
        yield f"{where} has {len(block['elements'])} elements"
    for at, element in enumerate(block["elements"]):
        yield from _object(element, f"{where}[{at}]", 2_000)


def _actions(block: Json, where: str) -> Faults:
    elements = block["elements"]
    if not 1 <= len(elements) <= 25:
        yield f"{where} has {len(elements)} elements"
    if len({element["action_id"] for element in elements}) < len(elements):
        yield f"{where} uses an action id twice"
    for at, element in enumerate(elements):
        yield from _element(element, f"{where}[{at}]")


def _input(block: Json, where: str) -> Faults:
    yield from _plain(block.get("label"), f"{where}.label", 2_000)
    if "hint" in block:
        yield from _plain(block["hint"], f"{where}.hint", 2_000)
    yield from _element(block["element"], f"{where}.element")


def _divider(_block: Json, _where: str) -> Faults:
    yield from ()


_BLOCK: dict[str, Callable[[Json, str], Faults]] = {
    "header": _header, "section": _section, "context": _context,
    "actions": _actions, "input": _input, "divider": _divider,
}  # fmt: skip


def _element(element: Json, where: str) -> Faults:
    kind = element.get("type")
    limits = {"action_id": 255, "value": 2_000, "url": 3_000, "initial_value": 3_000}
    yield from _longest(element, limits, where)
    if not element.get("action_id"):
        yield f"{where} has no action id"
    if kind == "button":
        yield from _plain(element.get("text"), f"{where}.text", 75)
    elif kind in ("static_select", "multi_static_select"):
        yield from _menu(element, where)
    elif kind == "plain_text_input":
        if not 1 <= element.get("max_length", 3_000) <= 3_000:
            yield f"{where}.max_length is {element['max_length']}"
    elif kind == "number_input":
        if "is_decimal_allowed" not in element:
            yield f"{where} does not say whether decimals are allowed"
    else:
        yield f"{where} is of type {kind}"


def _menu(element: Json, where: str) -> Faults:
    options = element.get("options", [])
    if not 1 <= len(options) <= 100:
        yield f"{where} has {len(options)} options"
    for at, option in enumerate(options):
        yield from _plain(option.get("text"), f"{where}.options[{at}]", 75)
        yield from _text(option.get("value"), f"{where}.options[{at}].value", 150)
    if len({option["value"] for option in options}) < len(options):
        yield f"{where} has a value twice"
    chosen = element.get("initial_options", []) + [element[name] for name in ("initial_option",) if name in element]
    yield from (f"{where} starts with {one}, which is no option" for one in chosen if one not in options)
    if "initial_options" in element and not element["initial_options"]:
        yield f"{where} starts with an empty list"
    if "placeholder" in element:
        yield from _plain(element["placeholder"], f"{where}.placeholder", 150)


def _plain(text: Json | None, where: str, longest: int) -> Faults:
    if text is None or text.get("type") != "plain_text":
        yield f"{where} is not plain text"
    else:
        yield from _text(text.get("text"), where, longest)


def _object(text: Json | None, where: str, longest: int) -> Faults:
    if text is None or text.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{where} is no text"
    else:
        yield from _text(text.get("text"), where, longest)


def _text(text: object, where: str, longest: int) -> Faults:
    if not isinstance(text, str) or not 1 <= len(text) <= longest:
        yield f"{where} is {'no text' if not isinstance(text, str) else f'{len(text)} of {longest} characters'}"


def _longest(values: Json, limits: dict[str, int], where: str) -> Faults:
    for name, longest in limits.items():
        if name in values and len(values[name]) > longest:
            yield f"{where}.{name} has {len(values[name])} of {longest} characters"
