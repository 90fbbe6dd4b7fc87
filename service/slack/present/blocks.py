"""Block Kit's parts, each held to its limit, with user's text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

Json = dict[str, Any]
Blocks = list[Json]

LONGEST_MESSAGE = 12_500  # characters of JSON; Slack refuses messages from about 13,000
_CUT_ENTITY = re.compile(r"&[a-z]{0,3}…$")


def escaped(text: str) -> str:
    """Text in which nothing is markup, a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clipped(text: str, limit: int) -> str:
    """Text of at most `limit` characters, cut with an ellipsis, never within an entity."""
    return text if len(text) <= limit else _CUT_ENTITY.sub("…", f"{text[: limit - 1]}…")


def plain(text: str, limit: int) -> Json:
    """Text in which nothing is formatted."""
    return {"type": "plain_text", "text": clipped(text, limit) or " ", "emoji": False}


def header(text: str) -> Json:
    """A heading."""
    return {"type": "header", "text": plain(text, 150)}


def section(text: str) -> Json:
    """A paragraph of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": clipped(text, 3_000)}}


def context(lines: Iterable[str]) -> Blocks:
    """Small print, unformatted, a line an element; no block for no lines."""
    elements = [plain(line, 1_000) for line in lines]
    return [{"type": "context", "elements": elements[at : at + 10]} for at in range(0, len(elements), 10)]


def actions(elements: Sequence[Json], block_id: str | None = None) -> Blocks:
    """A row of controls; no block for none."""
    block = {"type": "actions", "elements": list(elements[:25])}
    return [block | ({"block_id": block_id} if block_id else {})] if elements else []


def button(text: str, action: str, value: str = "", *, url: str | None = None, primary: bool = False) -> Json:
    """A button; its value comes back when it is pressed."""
    made: Json = {"type": "button", "text": plain(text, 75), "action_id": action[:255]}
    made |= {"value": value} if value else {}
    made |= {"url": url} if url else {}
    return made | ({"style": "primary"} if primary else {})


def option(text: str, value: str) -> Json:
    """One line of a menu."""
    return {"text": plain(text, 75), "value": value}


def menu(placeholder: str, action: str, options: Sequence[Json]) -> Json:
    """A menu of which one line can be chosen."""
    made = {"type": "static_select", "action_id": action, "placeholder": plain(placeholder, 150)}
    return made | {"options": list(options[:100])}


def fitted(parts: Sequence[tuple[int, Blocks]]) -> Blocks:
    """The parts in their order, less the least important until the whole fits into a message.

    Each comes with its rank; 0 never goes. What went is said in a line at the end.
    """
    kept = list(parts)
    while _size(kept) > LONGEST_MESSAGE and any(rank for rank, _ in kept):
        least = max(range(len(kept)), key=lambda at: kept[at][0])
        del kept[least]
    blocks = [block for _, part in kept for block in part]
    if len(kept) < len(parts):
        blocks += context(["Some of the answer is left out, as it is too long for one message; All reasons has it."])
    return blocks


def _size(parts: Iterable[tuple[int, Blocks]]) -> int:
    return len(orjson.dumps([block for _, part in parts for block in part]).decode()) + 200
