"""What is wrong or odd with a rulebook that loads: each finding names its rule and line, and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from rules.model import All, Any, Condition, Not, Rule, Rulebook
from rules.proof.baseline import theme_card
from rules.proof.census import weigh
from rules.proof.part import Part
from rules.scorecard import PHASE_AXIS, Effect, Group, Scorecard
from rules.space import Axis, Clause
from rules.vocabulary import PHASES, ROLE_TITLES, Choice, Many

Clauses = tuple[Clause, ...]
Counting = set[tuple[str, str]]  # rule and role


@dataclass(frozen=True, slots=True)
class Finding:
    """`severity` is error or warning, `subject` a rule, field, claim or theme; `line` is 0 for the whole file."""

    severity: str
    code: str
    subject: str
    message: str
    line: int = 0

    def body(self) -> dict[str, object]:
        """The finding as JSON-ready values."""
        return {
            "severity": self.severity,
            "code": self.code,
            "subject": self.subject,
            "line": self.line,
            "message": self.message,
        }


def lint(book: Rulebook) -> list[Finding]:
    """Every finding: errors and warnings on rules in the file's order, then what the whole file leaves out."""
    card = Scorecard(book)
    clauses = {rule.id: card.space.clauses(rule.when) for rule in book.rules}
    on_rules = [
        *_never_holding(card, clauses),
        *_never_counting(card, clauses),
        *_alike(book.rules, clauses),
    ]
    return [*sorted(on_rules, key=lambda finding: finding.line), *_gaps(card), *_unused(book)]


def _never_holding(card: Scorecard, clauses: Mapping[str, Clauses]) -> Iterator[Finding]:
    for rule in card.rulebook.rules:
        if not clauses[rule.id]:
            message = f"{rule.id} can never hold: no project meets all of its condition at once; loosen or drop a part"
            yield Finding("error", "never_holds", rule.id, message, rule.line)
        elif any(not card.space.clauses(part) for part in _alternatives(rule.when)):
            message = f"{rule.id} has an alternative under any that no project can meet; loosen it or leave it out"
            yield Finding("warning", "dead_alternative", rule.id, message, rule.line)


def _alternatives(condition: Condition) -> Iterator[Condition]:
    match condition:
        case Any(parts):
            yield from parts
        case All(parts):
            for part in parts:
                yield from _alternatives(part)
        case Not(part):
            yield from _alternatives(part)


def _never_counting(card: Scorecard, clauses: Mapping[str, Clauses]) -> Iterator[Finding]:
    counting = {pair for theme in card.rulebook.themes for pair in _counting(card, theme)}
    for group in card.groups:
        for effect in group.effects:
            rule = effect.rule
            if clauses[rule.id] and (rule.id, effect.role) not in counting:
                says = f"{rule.id} never counts for the {ROLE_TITLES[effect.role]}: {_why(effect, group, clauses)}"
                yield Finding("error", "never_counts", rule.id, says, rule.line)


def _counting(card: Scorecard, theme: str) -> Counting:
    """The rules of a theme that count for a role in some cell."""
    themed = theme_card(card.rulebook, theme, card.space)
    part = Part(weigh(card.space), [themed])
    room = tuple(tuple(at for at in range(len(axis.cells)) if at or not axis.field.required) for axis in card.axes)
    settled = (*room[:PHASE_AXIS], None, *room[PHASE_AXIS + 1 :])
    found: Counting = set()
    for phase in range(len(PHASES)):
        for mask in part.fold(part.everything & part.masks[PHASE_AXIS][phase + 1], settled):
            found |= {(item.effect.rule.id, item.effect.role) for item in themed.factors(mask, phase) if item.counted}
    return found


def _why(effect: Effect, group: Group, clauses: Mapping[str, Clauses]) -> str:
    before = [other.rule for other in group.effects[: group.effects.index(effect)]]
    mine = clauses[effect.rule.id]
    beating = [rule for rule in before if _within(mine, clauses[rule.id])][:1] or before
    if not beating:
        return f"it has no points in the phases in which it can hold; {group.theme} counts one point less there"
    named = " or ".join(f"{rule.id} (line {rule.line})" for rule in beating)
    return f"wherever it holds, {named} counts in its place; narrow that one, or drop this one"


def _within(ours: Clauses, theirs: Clauses) -> bool:
    """Whether each of our alternatives lies in one of theirs."""
    return all(any(all(name in a and a[name] <= cells for name, cells in b.items()) for b in theirs) for a in ours)


def _alike(rules: tuple[Rule, ...], clauses: Mapping[str, Clauses]) -> Iterator[Finding]:
    """Pairs of rules that hold for the same projects and do the same, or the opposite."""
    for first, second in combinations(rules, 2):
        ours, theirs = clauses[first.id], clauses[second.id]
        if not ours or not (_within(ours, theirs) and _within(theirs, ours)):
            continue
        named = f"{first.id} (line {first.line})"
        if _does(first) == _does(second):
            message = f"{second.id} holds and does the same as {named}; keep one of the two"
            yield Finding("error", "duplicate", second.id, message, second.line)
        for role in sorted(first.raises.keys() & second.lowers.keys() | first.lowers.keys() & second.raises.keys()):
            message = f"{second.id} takes back what {named} gives the {ROLE_TITLES[role]} for the same projects"
            yield Finding("error", "contradiction", second.id, message, second.line)


def _does(rule: Rule) -> tuple[object, ...]:
    acts = rule.theme, dict(rule.raises), dict(rule.lowers), dict(rule.requires)
    return *acts, rule.profiles, rule.considers, rule.warns


def _gaps(card: Scorecard) -> Iterator[Finding]:
    """Fields and values that no rule tells from an answer left out, but for those that mean just that."""
    for place, axis in enumerate(card.axes):
        name = axis.field.name
        reading = card.bits_reading(name)
        if not reading:
            yield Finding("warning", "unread_field", name, f"no rule reads {name}; write one, or say why none does")
            continue
        unread = [value for value, cell in _values(axis) if not card.masks[place][cell] & reading]
        if unread:
            values = ", ".join(str(value) for value in unread)
            message = f"no rule reads these values of {name}, as if it were unanswered: {values}"
            yield Finding("warning", "unread_value", name, message)


def _values(axis: Axis) -> Iterator[tuple[object, int]]:
    if isinstance(axis.field, Choice):
        for value in axis.field.values:
            if value not in axis.field.undecided:
                yield value, axis.locate(value)
    elif isinstance(axis.field, Many):
        for value in axis.field.values:
            yield value, axis.locate((value,))


def _unused(book: Rulebook) -> Iterator[Finding]:
    cited = {claim for rule in book.rules for claim in rule.claims}
    for claim in book.claims.values():
        if claim.id not in cited:
            message = f"no rule cites claim {claim.id} ({claim.says}); write one that carries it, or drop the claim"
            yield Finding("warning", "uncited_claim", claim.id, message)
    for theme in book.themes:
        if not any(rule.theme == theme for rule in book.rules):
            yield Finding("warning", "empty_theme", theme, f"no rule is in the theme {theme}; write one, or drop it")
