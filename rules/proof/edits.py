"""From one rulebook to another in single edits, each of which can be made alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from rules.model import Condition, Rule, Rulebook

WORDS = {"title", "because", "claims", "basis", "line"}  # what an answer quotes and nothing hangs on


@dataclass(frozen=True, slots=True)
class Edit:
    """One rule (or a part of the head) added, removed or changed; `parts` are the keys that differ."""

    subject: str
    kind: str  # added, removed or changed
    parts: tuple[str, ...] = ()
    old: Rule | None = None
    new: Rule | None = None

    @property
    def line(self) -> int:
        """Where to look: in the new rulebook, or in the old one for what is gone."""
        return next((rule.line for rule in (self.new, self.old) if rule), 0)

    @property
    def only_words(self) -> bool:
        return self.kind == "changed" and WORDS.issuperset(self.parts)

    @property
    def conditions(self) -> list[Condition]:
        return [rule.when for rule in (self.old, self.new) if rule]


def edits(old: Rulebook, new: Rulebook) -> Iterator[Edit]:
    """Every edit, rules in the order of the new file, then what is gone from the old, then the head."""
    before, after = ({rule.id: rule for rule in book.rules} for book in (old, new))
    for rule in new.rules:
        known = before.get(rule.id)
        if known is None:
            yield Edit(rule.id, "added", new=rule)
        elif parts := tuple(_differing(known, rule)):
            yield Edit(rule.id, "changed", parts, known, rule)
    yield from (Edit(rule.id, "removed", old=rule) for rule in old.rules if rule.id not in after)
    for part in ("scale", "themes", "sizing", "phase_effort"):
        if getattr(old, part) != getattr(new, part):
            yield Edit(part, "changed", (part,))


def alone(edit: Edit, old: Rulebook, new: Rulebook) -> Rulebook | None:
    """The old rulebook with this edit and no other; None where it makes no sense without others."""
    if edit.old is None and edit.new is None:
        edited = replace(old, **{part: getattr(new, part) for part in edit.parts})
    else:
        rules = [rule for rule in old.rules if rule is not edit.old] + [rule for rule in (edit.new,) if rule]
        edited = replace(old, rules=tuple(rules), themes={**new.themes, **old.themes})
    return edited if all(_at_home(rule, edited) for rule in edited.rules) else None


def _differing(one: Rule, other: Rule) -> Iterator[str]:
    for item in fields(Rule):
        if item.name != "line" and getattr(one, item.name) != getattr(other, item.name):
            yield item.name


def _at_home(rule: Rule, book: Rulebook) -> bool:
    """Whether the rulebook has the rule's theme and strengths."""
    words = {*rule.raises.values(), *rule.lowers.values()}
    return words <= book.scale.strengths.keys() and (rule.theme is None or rule.theme in book.themes)
