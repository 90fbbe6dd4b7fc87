"""Rulebooks that differ from one in a single small fault each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from rules.model import ALWAYS, All, Any, Condition, Is, Not, Rule, Rulebook, Within
from rules.vocabulary import ROLES

Value = TypeVar("Value")
SWAPPED = dict(zip(ROLES, reversed(ROLES), strict=True))


@dataclass(frozen=True, slots=True)
class Mutant:
    """One rule with one fault; `rule` is None where it is dropped."""

    of: Rule
    kind: str  # drop, shift, flip or loosen
    says: str
    rule: Rule | None

    def book(self, book: Rulebook) -> Rulebook:
        """The rulebook with the fault."""
        rules = (self.rule if rule is self.of else rule for rule in book.rules)
        return replace(book, rules=tuple(rule for rule in rules if rule is not None))


def mutants(book: Rulebook) -> Iterator[Mutant]:
    """Every mutant, rule by rule."""
    words = list(book.scale.strengths)
    for rule in book.rules:
        yield Mutant(rule, "drop", "dropped", None)
        for kind, changes in (("shift", _shifted(rule, words)), ("flip", _flipped(rule)), ("loosen", _loosened(rule))):
            for says, changed in changes:
                if changed != rule:
                    yield Mutant(rule, kind, says, changed)


def _shifted(rule: Rule, words: list[str]) -> Iterator[tuple[str, Rule]]:
    """Points one step weaker and stronger on the scale, minimums one lower and higher."""
    for says, raises in _neighbours(rule.raises, words):
        yield f"raises {says}", replace(rule, raises=raises)
    for says, lowers in _neighbours(rule.lowers, words):
        yield f"lowers {says}", replace(rule, lowers=lowers)
    for role, minimum in rule.requires.items():
        for other in (minimum - 1, minimum + 1):
            requires = {name: other if name == role else fte for name, fte in rule.requires.items()}
            requires = {name: fte for name, fte in requires.items() if fte > 0}
            yield f"requires {role}: {minimum:g} becomes {other:g}", replace(rule, requires=requires)


def _neighbours(strengths: Mapping[str, str], words: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    for role, word in strengths.items():
        at = words.index(word)
        for other in words[max(at - 1, 0) : at] + words[at + 1 : at + 2]:
            yield f"{role}: {word} becomes {other}", {**strengths, role: other}


def _flipped(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """The roles exchanged in one of the things that the rule does."""
    swapped = [replace(entry, role=SWAPPED[entry.role]) for entry in rule.profiles]
    owned = [replace(item, owner=SWAPPED.get(item.owner, item.owner)) for item in rule.considers]
    yield "points for the other role", replace(rule, raises=_swap(rule.raises), lowers=_swap(rule.lowers))
    yield "minimums for the other role", replace(rule, requires=_swap(rule.requires))
    yield "profiles for the other role", replace(rule, profiles=tuple(swapped))
    yield "considerations for the other role", replace(rule, considers=tuple(owned))


def _loosened(rule: Rule) -> Iterator[tuple[str, Rule]]:
    if rule.when != ALWAYS and not isinstance(rule.when, All):
        yield "holds always", replace(rule, when=ALWAYS)
    for says, condition in _variants(rule.when):
        yield says, replace(rule, when=condition)


def _variants(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """The condition without one of its tests, alternatives, values or bounds."""
    match condition:
        case Is(field, values) if len(values) > 1:
            for value in values:
                yield f"{field} without {value}", Is(field, tuple(other for other in values if other != value))
        case Within(field, minimum, maximum) if minimum is not None and maximum is not None:
            yield f"{field} without its minimum", Within(field, None, maximum)
            yield f"{field} without its maximum", Within(field, minimum, None)
        case Not(part):
            yield from ((says, Not(other)) for says, other in _variants(part))
        case All(parts):
            yield from _parted(parts, All)
        case Any(parts):
            yield from _parted(parts, Any)


def _parted(
    parts: tuple[Condition, ...], group: Callable[[tuple[Condition, ...]], Condition]
) -> Iterator[tuple[str, Condition]]:
    for at, part in enumerate(parts):
        if len(parts) > 1 or group is All:
            yield f"without {_named(part)}", group(parts[:at] + parts[at + 1 :])
        for says, other in _variants(part):
            yield says, group((*parts[:at], other, *parts[at + 1 :]))


def _named(part: Condition) -> str:
    match part:
        case Is(field, values):
            return f"{field} {', '.join(map(str, values))}"
        case Within(field, minimum, maximum):
            return f"{field} {'' if minimum is None else minimum}..{'' if maximum is None else maximum}"
        case All() | Any():
            return "a group"
        case Not(inner):
            return f"not {_named(inner)}"


def _swap(by_role: Mapping[str, Value]) -> dict[str, Value]:
    return {SWAPPED[role]: value for role, value in by_role.items()}
