"""The lexicon: which phrases say which value of which field, and which words turn a statement around.

`rules/lexicon.yaml` holds it, and its head says how to extend it. All wordings of all
phrases stand in one automaton, which finds them in one pass over a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import ahocorasick  # type: ignore[import-not-found]
import yaml

from rules.vocabulary import FIELD_BY_NAME, Answer, Choice, Flag, Many, Number
from schemas.text.wordings import forms_of, heads_of, wordings_of

VALUE, NOUN, NOTHING = "value", "noun", "nothing"
_CONFIDENCES = {"says": 3, "implies": 2, "hints": 1}
_TextLoader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # makes nothing but text, so that "no" stays a word


@dataclass(frozen=True, slots=True)
class Sense:
    """One reading of a phrase.

    `kind` is VALUE (it says `value` of field `name`; without confidence it only looks like
    it), NOUN (it may follow a number, as what `name` counts or measures), NOTHING (it hides
    phrases within it), or that of a cue, whose `name` is how far it reaches (see `scope`).
    """

    kind: str
    name: str
    value: Answer = ""
    confidence: int = 0


class Frame(NamedTuple):
    """A phrase in two parts: `heads` gives, for the first word of a head, the words that may follow it."""

    firsts: frozenset[str]
    heads: Mapping[str, list[list[str]]]
    sense: Sense


class Entry(NamedTuple):
    """What a run of `length` words means by itself, and the frames that it is the tail of."""

    length: int
    senses: tuple[Sense, ...]
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The phrases as an automaton that finds their entries, and what else the lexicon holds."""

    automaton: Any
    prefer: Mapping[str, tuple[Answer, ...]]
    known: frozenset[str]
    repairable: Mapping[str, tuple[str, ...]]
    contexts: Mapping[str, frozenset[str]]


def build(source: Mapping[str, Any]) -> Lexicon:
    """Return the lexicon that a YAML document describes; raise ValueError for a field or a value that is none."""
    entries: dict[str, Entry] = {}
    classes = {f"<{name}>": "|".join(words) for name, words in source["classes"].items()}
    for phrase, sense in _senses(source):
        head, _, tail = phrase.rpartition("...")
        heads = heads_of(wordings_of(head, classes)) if head else {}
        frames, senses = ((Frame(frozenset(heads), heads, sense),), ()) if head else ((), (sense,))
        for form in forms_of(wordings_of(tail, classes), plural=_has_plural(phrase, sense)):
            known = entries.get(form) or Entry(form.count(" ") + 1, (), ())
            entries[form] = Entry(known.length, known.senses + senses, known.frames + frames)
    return Lexicon(
        automaton=_automaton(entries),
        prefer={name: tuple(_checked(name, value) for value in order) for name, order in source["prefer"].items()},
        known=frozenset(word for form in entries for word in form.split()) | frozenset(source["spelled_right"]),
        repairable=_by_ends(source["repaired"]),
        contexts={name: frozenset(words) for name, words in source["contexts"].items()},
    )


@cache
def the_lexicon() -> Lexicon:
    """Return the lexicon that comes with the rules, built once."""
    text = files("rules").joinpath("lexicon.yaml").read_text(encoding="utf-8")
    return build(yaml.load(text, _TextLoader))  # noqa: S506 (no object but text can come of it)


def _senses(source: Mapping[str, Any]) -> Iterator[tuple[str, Sense]]:
    """Yield each phrase with what it says."""
    for name, values in source["fields"].items():
        yield from ((phrase, Sense(VALUE, name)) for phrase in values.get(NOTHING, ()))
        for value in values:
            for level, phrases in values[value].items() if value != NOTHING else ():
                sense = Sense(VALUE, name, _checked(name, value), _CONFIDENCES[level])
                yield from ((phrase, sense) for phrase in phrases)
    for name, phrases in source["nouns"].items():
        yield from ((phrase, Sense(NOUN, name)) for phrase in phrases)
    for kind, reaches in source["cues"].items():
        for reach, phrases in reaches.items():
            yield from ((phrase, Sense(kind, reach)) for phrase in phrases)
    yield from ((phrase, Sense(NOTHING, "")) for phrase in source["nothing"])


def _has_plural(phrase: str, sense: Sense) -> bool:
    """Return whether the plural of a phrase is meant too: phrases with alternatives list what they mean."""
    written_out = "(" in phrase or "<" in phrase
    return sense.kind == NOUN or (sense.kind == VALUE and (sense.name == "industry" or not written_out))


def _automaton(entries: Mapping[str, Entry]) -> Any:
    automaton = ahocorasick.Automaton()
    for form, entry in entries.items():
        automaton.add_word(f" {form} ", entry)
    automaton.make_automaton()
    return automaton


def _checked(name: str, text: str) -> Answer:
    """Return the value of a field that a text spells."""
    match FIELD_BY_NAME.get(name):
        case Choice() | Many() as choice:
            values: dict[str, Answer] = {str(value): value for value in choice.values}
        case Flag():
            values = {"true": True, "false": False}
        case Number():
            values = {text: float(text)}
        case _:
            values = {}
    if text not in values:
        raise ValueError(f"the lexicon gives {name} the value {text!r}, which the vocabulary does not have")
    return values[text]


def _by_ends(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return words by their first and last letters, which a slip leaves alone."""
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(word[0] + word[-1], []).append(word)
    return {ends: tuple(alike) for ends, alike in found.items()}
