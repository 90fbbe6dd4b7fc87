"""From what somebody said in Slack to the recommendation, or to what is still to be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import orjson

from schemas.faults import InputError
from schemas.flat import flatten, nest
from schemas.project import Request, load_project
from schemas.text import interpret
from schemas.text.interpretation import LONGEST
from service.recommender import Recommender
from service.slack.turn import Reading, Turn

LONGEST_NAME = 80  # characters of the first words, which stand for the project's name
LONGEST_LINK = 3_000  # characters that a button's URL may have
_MARKED = re.compile(r"<(?:[^|<>]*\|)?([^<>]*)>")  # <https://example.org|a link>, <@U123>
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


class Conversation:
    """Answers projects under one rulebook; links lead to `public_url` where there is one."""

    def __init__(self, recommender: Recommender, public_url: str | None) -> None:
        self._recommender, self._public_url = recommender, public_url

    @property
    def rulebook(self) -> str:
        """The name and version of what decides."""
        rulebook = self._recommender.engine.rulebook
        return f"{rulebook.name} {rulebook.version}"

    def turn(self, reading: Reading) -> Turn:
        """Answer a reading, or say what is in the way."""
        try:
            request = load_project(nest(reading.pairs.items()))
        except InputError as error:
            return Turn(reading, faults=error.faults)
        answer = orjson.loads(self._recommender.answer(self._recommender.ticket(request)).body)
        settled = Reading(dict(flatten(request)), reading.words, reading.set_aside)
        return Turn(settled, answer, self._link(request))

    def _link(self, request: Request) -> str | None:
        if self._public_url is None:
            return None
        link = f"{self._public_url.rstrip('/')}/?{urlencode(flatten(request))}"
        return link if len(link) <= LONGEST_LINK else None


def read(text: str, given: Mapping[str, str] | None = None) -> Reading:
    """Read free text; what is `given` wins over it, and its first words are the name of a project that has none."""
    text, given = unmarked(text)[:LONGEST], dict(given or {})
    found = interpret(text)
    read_pairs = {name: _text(value) for name, value in found.values().items()}
    words: dict[str, str] = {}
    for one in found.fields:
        if one.field not in given:
            words[one.field] = f"{words[one.field]}, {one.words}" if one.field in words else one.words
    aside = tuple(f"“{one.words}” ({one.why.replace('_', ' ')})" for one in found.set_aside)
    name = {"name": named(text)} if text.strip() else {}
    return Reading(name | read_pairs | given, words, aside)


def named(text: str) -> str:
    """The first words of a text, on one line."""
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1].rstrip()}…"


def unmarked(text: str) -> str:
    """Slack's markup of a message as a person sees it: links by their words, entities as characters."""
    text = _MARKED.sub(r"\1", text)
    return re.sub("|".join(_ENTITIES), lambda match: _ENTITIES[match[0]], text)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return ",".join(value) if isinstance(value, list) else str(value)
