"""The home tab: what the app does, the person's recent answers, and the rulebook that decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.slack.present.blocks import Blocks, Json, actions, button, context, escaped, header, section


def home_view(recent: Sequence[dict[str, Any]] | None, rulebook: str) -> Json:
    """The tab; `recent` is None where nothing is remembered."""
    blocks = [
        header("How many data scientists and ML engineers?"),
        section(
            "Describe an AI project, and get how many data scientists (DS) and ML engineers (MLE) it needs, why, and "
            "what would change that. Type `/staffing` and a sentence, or choose *Staff this project* in the menu of a "
            "message. Only you see an answer until you share it."
        ),
        *actions([button("Describe a project", "describe")]),
        header("Your recent answers"),
        *_recent(recent),
        *context([f"Rulebook {rulebook}."]),
    ]
    return {"type": "home", "blocks": blocks}


def _recent(recent: Sequence[dict[str, Any]] | None) -> Blocks:
    if recent is None:
        return [section("Nothing is remembered: this installation has no Redis, or cannot reach it now.")]
    if not recent:
        return [section("None yet. They are kept for 30 days, the newest five.")]
    return [_entry(entry) for entry in recent]


def _entry(entry: dict[str, Any]) -> Json:
    when = f"<!date^{entry['at']}^{{date_short_pretty}}, {{time}}|earlier>"
    text = f"*{escaped(entry['name'])}*\n{escaped(entry['said'])}\n{when}"
    return section(text) | {"accessory": button("Adjust", "adjust", entry["state"])}
