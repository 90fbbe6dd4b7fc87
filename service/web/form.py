"""The form: every field of the contract as a control, with what was said, what was read, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from marshmallow import ValidationError

from rules.vocabulary import FIELD_BY_NAME
from schemas.contract import WIRE
from schemas.faults import Fault
from schemas.fields import Choice, Day, Flag, Many, Number
from service.web import words

Json = Mapping[str, Any]
Pairs = Sequence[tuple[str, str]]

ESSENTIALS = ("industry", "phase", "deployment.pattern", "goal", "team.size")
GROUPS = {
    "The team": ("team.existing.", "team.increment"),
    "How it runs": ("deployment.", "mlops_level"),
    "Model and data": ("model.", "data."),
    "Rules and people": ("governance.", "audience", "languages"),
    "Money and time": ("budget.", "schedule."),
    "Name": ("name", "reference"),
}


@dataclass(frozen=True, slots=True)
class Control:
    """One field: `kind` is choice, many, number, date or text; `read` is what the sentence says, in `words`."""

    name: str
    label: str
    question: str
    kind: str
    said: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    read: str = ""
    words: str = ""
    errors: tuple[str, ...] = ()
    required: bool = False
    needed: bool = False

    @property
    def id(self) -> str:
        """The control's id in the page."""
        return self.name.replace(".", "-")

    @property
    def value(self) -> str:
        """What was said, as text."""
        return ", ".join(self.said)

    @property
    def unsaid(self) -> str:
        """What stands where nothing is picked."""
        if self.read:
            return f"{_capital(self.read)}, as read"
        return "Choose" if self.required else "Open"


@dataclass(frozen=True, slots=True)
class Group:
    """Controls under one heading, and how many of them hold something."""

    title: str
    controls: tuple[Control, ...]

    @property
    def said(self) -> int:
        """How many are answered, by hand or by the sentence."""
        return sum(bool(control.said or control.read) for control in self.controls)

    @property
    def wrong(self) -> bool:
        """Whether any is wrong."""
        return any(control.errors for control in self.controls)


@dataclass(frozen=True, slots=True)
class Form:
    """The sentence, the essentials, the rest in groups, and faults that are no control's."""

    sentence: Control
    essentials: tuple[Control, ...]
    groups: tuple[Group, ...]
    astray: tuple[Fault, ...] = ()

    @property
    def controls(self) -> tuple[Control, ...]:
        """Every control, in the page's order."""
        return (self.sentence, *self.essentials, *(control for group in self.groups for control in group.controls))

    @property
    def is_wrong(self) -> bool:
        """Whether anything said can't be read."""
        return bool(self.wrong or self.astray)

    @property
    def more(self) -> tuple[int, int]:
        """How many questions beyond the essentials are answered, and how many there are."""
        return sum(group.said for group in self.groups), sum(len(group.controls) for group in self.groups)

    @property
    def missing(self) -> list[Control]:
        """What must still be said before there is an answer."""
        return [control for control in self.controls if control.needed]

    @property
    def wrong(self) -> list[Control]:
        """What is said and can't be read."""
        return [control for control in self.controls if control.errors]


def form(pairs: Pairs, faults: Iterable[Fault] = (), inferred: Iterable[Json] = ()) -> Form:
    """The form that holds the pairs of a query."""
    said: dict[str, list[str]] = {}
    for name, text in pairs:
        if text.strip():
            said.setdefault(name, []).append(text)
    found = list(faults)
    reading = _reading(inferred)
    controls = {name: _control(name, said, found, reading.get(name, ("", ""))) for name in WIRE}
    grouped = tuple(
        Group(
            title,
            tuple(control for name, control in controls.items() if name.startswith(heads) and name not in ESSENTIALS),
        )
        for title, heads in GROUPS.items()
    )
    astray = tuple(fault for fault in found if fault.field not in WIRE)
    return Form(controls["description"], tuple(controls[name] for name in ESSENTIALS), grouped, astray)


def _control(name: str, everything: Mapping[str, list[str]], faults: list[Fault], reading: tuple[str, str]) -> Control:
    said, asked = everything.get(name, []), bool(everything)
    wire, question = WIRE[name], FIELD_BY_NAME.get(name)
    mine = [fault for fault in faults if fault.field == name]
    needed = asked and not said and any(fault.code == "required" for fault in mine)
    return Control(
        name,
        words.label(name),
        question.question if question else str(wire.metadata.get("description", "")),
        _kind(wire),
        _canonical(wire, said),
        tuple(_options(name, wire)),
        words.UNITS.get(name, ""),
        *(("", "") if said else reading),
        tuple(dict.fromkeys(fault.message for fault in mine)) if said else (),
        bool(question and question.required),
        needed,
    )


def _kind(wire: object) -> str:
    match wire:
        case Choice() | Flag():
            return "choice"
        case Many():
            return "many"
        case Day():
            return "date"
        case Number():
            return "number"
        case _:
            return "text"


def _options(name: str, wire: object) -> Iterable[tuple[str, str]]:
    match wire:
        case Flag():
            yield from (("true", "Yes"), ("false", "No"))
        case Choice():
            for one in wire.values:
                yield str(one), _capital(words.value(name, one if name != "team.increment" else str(one)))
        case Many():
            for one in cast(Choice, wire.inner).values:
                yield str(one), words.value(name, one)


def _canonical(wire: object, said: list[str]) -> tuple[str, ...]:
    """The values as the options spell them: an alias in a link picks the option that it stands for."""
    if isinstance(wire, Many):
        said = [part.strip() for text in said for part in text.split(",")]
    choice = wire.inner if isinstance(wire, Many) else wire
    if isinstance(choice, Choice | Flag):
        return tuple(_spelt(choice, text) for text in said)
    return tuple(said)


def _spelt(choice: Choice | Flag, text: str) -> str:
    try:
        found = choice.read(choice.from_text(text))
    except ValidationError:
        return text
    return str(found).lower() if isinstance(found, bool) else str(found)


def _reading(inferred: Iterable[Json]) -> dict[str, tuple[str, str]]:
    """By field, what the sentence says of it, and in which words."""
    found: dict[str, list[Json]] = {}
    for item in inferred:
        found.setdefault(item["field"], []).append(item)
    return {
        name: (
            ", ".join(words.value(name, item["value"]) for item in items),
            ", ".join(f"“{item['words']}”" for item in items),
        )
        for name, items in found.items()
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
