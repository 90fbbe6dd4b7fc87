"""The rulebook as a page: every rule, whether a project fires it or nearly does, and what the proof says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.engine import Case, Engine
from rules.model import Rule, Rulebook
from rules.project import Project
from rules.what_if import wire
from schemas.rulebook_body import condition_body
from service.web import words
from service.web.answer import Claim

Json = Mapping[str, Any]

NO_THEME = "Beside the sum"
STATES = {"fires": "Holds for this project", "near": "One answer away", "far": "Does not hold"}
EFFECTS = {
    "data_scientist": "Points for data scientists",
    "ml_engineer": "Points for ML engineers",
    "requires": "Sets a minimum",
    "advice": "Advice and profiles",
    "warns": "Warns of a contradiction",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule as the page shows it; `state` is empty where no project was given."""

    rule: Rule
    theme: str
    condition: str
    effects: tuple[str, ...]
    kinds: tuple[str, ...]
    claims: tuple[Claim, ...]
    proof: tuple[tuple[bool, str], ...]
    state: str = ""
    ways: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What a search looks through."""
        cited = " ".join(f"{claim.id} {claim.says}" for claim in self.claims)
        said = f"{self.rule.id} {self.rule.title} {self.rule.because} {self.condition} {' '.join(self.effects)} {cited}"
        return said.lower()


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader wants to see; empty is everything."""

    find: str = ""
    theme: str = ""
    effect: str = ""
    state: str = ""

    def show(self, entry: Entry) -> bool:
        """Whether the entry is wanted."""
        return (
            all(word in entry.text for word in self.find.lower().split())
            and self.theme in ("", entry.rule.theme or "none")
            and self.effect in ("", *entry.kinds)
            and self.state in ("", entry.state or "far")
        )


def entries(engine: Engine, project: Project | None, certificate: Json | None = None) -> list[Entry]:
    """Every rule in the file's order."""
    near = nearness(engine, project) if project else {}
    proved = _verdicts(certificate)
    return [_entry(rule, engine.rulebook, near.get(rule.id), proved.get(rule.id, ())) for rule in engine.rulebook.rules]


def nearness(engine: Engine, project: Project) -> dict[str, tuple[str, ...]]:
    """By rule, the single answers that would fire it; none (an empty tuple) where it holds already.

    A rule that two answers or more keep from holding is absent.
    """
    case, scorecard = Case(engine, project), engine.scorecard
    matched = case.matched
    found: dict[str, list[str]] = {}
    for place, axis in enumerate(scorecard.axes):
        before = wire(project.answers.get(axis.field.name))
        for change in case.changes.answers(place):
            said = words.changed(axis.field.name, before, engine.options.targets[place][change.cell])
            for rule, bits in scorecard.rule_bits.items():
                if change.matched & bits and not matched & bits:
                    found.setdefault(rule, []).append(said)
    holding = {rule: () for rule, bits in scorecard.rule_bits.items() if matched & bits}
    return {rule: tuple(ways) for rule, ways in found.items()} | holding


def _entry(rule: Rule, book: Rulebook, ways: Sequence[str] | None, proof: Sequence[tuple[bool, str]]) -> Entry:
    claims = (book.claims[name] for name in rule.claims)
    return Entry(
        rule,
        book.themes[rule.theme].title if rule.theme else NO_THEME,
        _condition(condition_body(rule.when)) or "Always",
        tuple(_effects(rule, book)),
        tuple(_kinds(rule)),
        tuple(Claim(claim.id, f"{claim.section}, paragraph {claim.paragraph}", claim.says) for claim in claims),
        tuple(proof),
        "" if ways is None else "near" if ways else "fires",
        tuple(ways or ()),
    )


def _effects(rule: Rule, book: Rulebook) -> Iterator[str]:
    strengths = book.scale.strengths
    for sign, moved in ((1, rule.raises), (-1, rule.lowers)):
        for role, word in moved.items():
            yield f"{words.points(sign * strengths[word])} {words.PLURALS[role]} ({word})"
    for role, least in rule.requires.items():
        yield f"At least {words.head(role, least)}"
    for entry in rule.profiles:
        yield f"Profile of {words.PLURALS[entry.role]}: {entry.text}"
    for item in rule.considers:
        yield f"To consider ({words.OWNERS[item.owner]}): {item.text}"
    if rule.warns:
        yield f"Warns: {rule.warns}"


def _kinds(rule: Rule) -> Iterator[str]:
    yield from dict.fromkeys((*rule.raises, *rule.lowers))
    if rule.requires:
        yield "requires"
    if rule.profiles or rule.considers:
        yield "advice"
    if rule.warns:
        yield "warns"


def _condition(body: Json) -> str:
    """A condition in a sentence."""
    return " and ".join(_test(name, wanted) for name, wanted in body.items())


def _test(name: str, wanted: Any) -> str:
    if name == "any":
        return f"({' or '.join(_condition(part) for part in wanted)})"
    if name == "all":
        return " and ".join(_condition(part) for part in wanted)
    if name == "not":
        return f"not ({_condition(wanted)})"
    if isinstance(wanted, Mapping):
        return f"{words.label(name)}: {words.band(name, {'band': {'min': None, 'max': None} | dict(wanted)})}"
    return f"{words.label(name)}: {' or '.join(words.value(name, one) for one in wanted)}"


def _verdicts(certificate: Json | None) -> dict[str, list[tuple[bool, str]]]:
    found: dict[str, list[tuple[bool, str]]] = {}
    for verdict in _said(certificate):
        found.setdefault(verdict["subject"], []).append((verdict["holds"], verdict["says"]))
    return found


def _said(certificate: Json | None) -> Iterable[Json]:
    return certificate["verdicts"] if certificate else ()
