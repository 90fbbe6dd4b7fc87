"""The reasons of an answer: the few that weigh most in a message, and all of them in a window of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.slack.present import words
from service.slack.present.blocks import Blocks, clipped, context, escaped, section

Json = dict[str, Any]
MOST = 5
_MOST_BLOCKS = 100


def top_reasons(answer: Json) -> list[Json]:
    """The counted factors of most points, at most five; equals in the answer's order."""
    counted = [factor for factor in answer["score"]["factors"] if factor["counted"]]
    return sorted(counted, key=lambda factor: -abs(factor["points"]))[:MOST]


def why(answer: Json) -> Blocks:
    """The top reasons and the sum that they are of."""
    factors = answer["score"]["factors"]
    chosen, counted = top_reasons(answer), sum(factor["counted"] for factor in factors)
    head = "*Why*" if counted <= MOST else f"*Why* (the {MOST} that weigh most, of {counted})"
    lines = [f"• {_factor(factor)}" for factor in chosen] or ["• No rule moves it either way."]
    return [section("\n".join([head, *lines, _sum(answer)]))]


def reasons_view(answer: Json) -> Json:
    """A window with every factor, counted or beaten, and all that the answer asks to be considered."""
    blocks = [section(f"{escaped(words.headline(answer))}\n{_sum(answer)}")]
    blocks += [section(f"{_factor(factor)}\n{escaped(factor['because'])}") for factor in answer["score"]["factors"]]
    blocks += [section(line) for line in _beside(answer)]
    if len(blocks) > _MOST_BLOCKS - 1:
        left = len(blocks) - (_MOST_BLOCKS - 2)
        blocks = [*blocks[: _MOST_BLOCKS - 2], section(f"{left} more are in the answer's JSON.")]
    blocks += context([answer["rulebook"]["note"]])
    return {
        "type": "modal",
        "callback_id": "reasons",
        "title": {"type": "plain_text", "text": "All reasons", "emoji": False},
        "close": {"type": "plain_text", "text": "Close", "emoji": False},
        "blocks": blocks,
    }


def _factor(factor: Json) -> str:
    claims = ", ".join(claim["id"] for claim in factor["claims"])
    beaten = "" if factor["counted"] else " (beaten in its theme, not in the sum)"
    line = (
        f"*{words.points(factor['points'])} {words.SHORT[factor['role']]}*{beaten} {escaped(factor['title'])} "
        f"({escaped(words.matched(factor['matched']))})" + (f" [{claims}]" if claims else "")
    )
    return clipped(line, 1_000)


def _sum(answer: Json) -> str:
    score = answer["score"]
    held = f", held to {words.points(score['net'])}" if score["capped"] else ""
    return (
        f"Sum: {score['data_scientist']} DS less {score['ml_engineer']} MLE is {words.points(score['raw'])}{held}; "
        f"{score['points_to_double']} points double the ratio."
    )


def _beside(answer: Json) -> Iterator[str]:
    """Yield requirements, considerations and warnings."""
    for item in answer["requirements"]:
        least = " and ".join(f"{fte:g} {words.SHORT[role]}" for role, fte in item["minimum"].items())
        yield f"*Required:* at least {least}. {escaped(item['because'])}"
    for item in answer["considerations"]:
        owner = words.SHORT.get(item["owner"], "both roles")
        yield f"*Consider* ({owner}): {escaped(item['note'])}"
    for item in answer["warnings"]:
        yield f"*Beware:* {escaped(item['message'])}"
