"""A project as the controls of a message carry it, so that a conversation survives a restart of the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from service.slack.store import Store

Pairs = Mapping[str, str]

BUTTON = 2_000  # characters that a button's value may have
BLOCK = 255  # and the id of a block, which alone comes back with a choice from a menu
ROOMY = 600  # up to this length a dozen buttons fit into a message; longer ones are kept in Redis
_KEPT = "@"
_MARK = ";"  # an empty pair, so that even a block without a project has an id that is ours
# Slack escapes & < > in some of what it sends back; the rest would end a pair or be read as a space.
_ESCAPED = {ord(character): f"%{ord(character):02X}" for character in "%&<>=;+@\"' \t\r\n"}


class LostError(ValueError):
    """A project that was kept for a while and is kept no longer."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One project's spelling for a button's value, and for a block's id where it is short enough for one."""

    button: str
    block: str | None


class States:
    """Packs projects, which are pairs of dotted name and text, and unpacks them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def pack(self, pairs: Pairs) -> Carried:
        """Spell a project out while it is short, else by the name that it is kept under."""
        spelled = spell(pairs)
        name = None if len(spelled) < BLOCK else self._store.keep(spelled)
        short = spelled if name is None else f"{_KEPT}{name}"
        button = spelled if len(spelled) <= ROOMY else short
        if len(button) > BUTTON:  # nowhere to keep it: what is only echoed goes
            button = spell({name: text for name, text in pairs.items() if name not in ("name", "reference")})
        block = short if name else f"{_MARK}{short}"
        return Carried(button, block if len(block) <= BLOCK else None)

    def unpack(self, carried: str) -> dict[str, str]:
        """The project's pairs; raises LostError where it was kept and is no more."""
        if carried.startswith(_KEPT):
            kept = self._store.kept(carried.removeprefix(_KEPT))
            if kept is None:
                raise LostError
            carried = kept
        return dict(parse_qsl(carried, keep_blank_values=True, separator=";"))


def spell(pairs: Pairs) -> str:
    """Spell pairs as text, `industry=finance;team.size=8`."""
    return ";".join(f"{name}={text.translate(_ESCAPED)}" for name, text in pairs.items())
