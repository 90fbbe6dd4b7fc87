"""The sum: which rules hold for a project, and the points each role takes from them in a phase.

Every clause of every effect is one bit of a word. A field's cell keeps the bits whose
clauses it satisfies, so the rules that hold are one AND over the fields. Within a theme
a role takes its strongest raise and its strongest lower: the bits of such a group lie
strongest first, then in file order, and the one that counts is the lowest that is set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import count
from operator import and_, or_
from typing import NamedTuple

from rules.model import Condition, Rule, Rulebook, Sizing
from rules.space import Clause, Space
from rules.vocabulary import FIELDS, PHASES, ROLES

Cells = Sequence[int]
_REMEMBERED = 50_000  # patterns of a theme; the article's largest theme has 40,000
PHASE_AXIS = next(place for place, field in enumerate(FIELDS) if field.name == "phase")


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What a rule does to a role's points: `direction` +1 raises, -1 lowers, by the scale's word `strength`."""

    rule: Rule
    role: str
    direction: int
    strength: str
    bits: int


class Factor(NamedTuple):
    """An effect that holds, its signed `points` in the phase, and whether they are in the sum."""

    effect: Effect
    points: int
    counted: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The effects of one theme on one role in one direction, strongest first; at most one of them counts."""

    theme: str
    effects: tuple[Effect, ...]
    bits: int


class Scorecard:
    """A rulebook compiled for matching and adding up. A phase is an index into `PHASES`.

    `space` divides the fields for it; one that also divides them for other rulebooks makes their cells comparable.
    """

    def __init__(self, rulebook: Rulebook, space: Space | None = None) -> None:
        self.rulebook = rulebook
        self.space = space or Space(rulebook)
        self.axes = self.space.axes
        self._clauses: list[Clause] = []
        self._effects_of: dict[str, list[Effect]] = {rule.id: [] for rule in rulebook.rules}
        self.groups = tuple(self._lay_out_groups())
        self.rule_bits = {rule.id: self._rule_bits(rule) for rule in rulebook.rules}
        self._clauses_of = {
            rule.id: [(1 << place, self._clauses[place]) for place in places(self._first_bits(rule))]
            for rule in rulebook.rules
        }
        self._sizing = [(row, self._bits_of(row.when)) for row in rulebook.sizing]
        self._requiring = [rule for rule in rulebook.rules if rule.requires]
        self.requiring_bits = reduce(or_, (self.rule_bits[rule.id] for rule in self._requiring), 0)
        self.sizing_bits = reduce(or_, (bits for _, bits in self._sizing), 0)
        self.everything = (1 << len(self._clauses)) - 1
        self.masks = [[self._satisfied(axis.field.name, i) for i in range(len(axis.cells))] for axis in self.axes]
        self.themes = tuple(theme for theme in rulebook.themes if any(group.theme == theme for group in self.groups))
        self.sums = [tuple(self._theme_sums(theme, phase) for theme in self.themes) for phase in range(len(PHASES))]
        self._acting = reduce(or_, (group.bits for group in self.groups), 0)
        self._factors = [dict(self._lay_out_factors(phase)) for phase in range(len(PHASES))]

    def match(self, cells: Cells) -> int:
        """The bits of every clause that holds in the cells, one a field in the vocabulary's order."""
        return reduce(and_, [mask[cell] for mask, cell in zip(self.masks, cells, strict=True)], self.everything)

    def net(self, matched: int, phase: int, themes: Iterable[int] | None = None) -> int:
        """Raw net points, data scientist minus ML engineer, of all themes or of those at the given places."""
        sums, net = self.sums[phase], 0
        for bits, of in sums if themes is None else [sums[theme] for theme in themes]:
            net += of[matched & bits]
        return net

    def factors(self, matched: int, phase: int) -> Iterator[Factor]:
        """Every effect that holds, group by group; one that has no points in the phase is never counted."""
        factors, rest, reached = self._factors[phase], matched & self._acting, None
        while rest:
            group, strongest, beaten = factors[rest & -rest]
            factor = strongest if group is not reached else beaten
            reached = group
            rest &= ~factor.effect.bits
            yield factor

    def points(self, effect: Effect, phase: int) -> int:
        """Signed points: the full strength in the theme's phases, one less elsewhere."""
        full = self.rulebook.scale.strengths[effect.strength]
        in_season = PHASES[phase] in self.rulebook.themes[str(effect.rule.theme)].phases
        return effect.direction * (full if in_season else max(full - 1, 0))

    def holding(self, matched: int) -> list[Rule]:
        """The rules that hold, in file order."""
        return [rule for rule in self.rulebook.rules if matched & self.rule_bits[rule.id]]

    def minimums(self, matched: int) -> dict[str, float]:
        """The highest minimum of each role, in FTE, that a rule requires; a role that none requires is absent."""
        highest: dict[str, float] = {}
        for rule in self._requiring:
            if matched & self.rule_bits[rule.id]:
                for role, minimum in rule.requires.items():
                    highest[role] = max(highest.get(role, 0), minimum)
        return highest

    def sizing(self, matched: int) -> Sizing:
        """The first sizing row that holds; a rulebook's last row always does."""
        return next(row for row, bits in self._sizing if matched & bits)

    def clauses(self, rule: str, matched: int) -> Iterator[Clause]:
        """The alternatives that hold of the condition of the rule with that id."""
        return (clause for bit, clause in self._clauses_of[rule] if matched & bit)

    def bits_reading(self, field: str) -> int:
        """The bits whose clauses look at the field."""
        return sum(1 << place for place, clause in enumerate(self._clauses) if field in clause)

    def _lay_out_groups(self) -> Iterator[Group]:
        for theme in self.rulebook.themes:
            for role in ROLES:
                for direction in (1, -1):
                    effects = tuple(self._lay_out_effects(theme, role, direction))
                    if effects:
                        yield Group(theme, effects, reduce(or_, (effect.bits for effect in effects)))

    def _lay_out_effects(self, theme: str, role: str, direction: int) -> Iterator[Effect]:
        strengths = self.rulebook.scale.strengths
        words = [
            (rule, (rule.raises if direction > 0 else rule.lowers).get(role))
            for rule in self.rulebook.rules
            if rule.theme == theme
        ]
        acting = [(rule, word) for rule, word in words if word is not None]
        for rule, word in sorted(acting, key=lambda pair: -strengths[pair[1]]):
            effect = Effect(rule, role, direction, word, self._bits_of(rule.when))
            self._effects_of[rule.id].append(effect)
            yield effect

    def _lay_out_factors(self, phase: int) -> Iterator[tuple[int, tuple[Group, Factor, Factor]]]:
        """By each bit of an effect: its group, and its factor where it is the group's strongest and where it is not."""
        for group in self.groups:
            for effect in group.effects:
                points = self.points(effect, phase)
                factors = group, Factor(effect, points, points != 0), Factor(effect, points, False)
                yield from ((1 << place, factors) for place in places(effect.bits))

    def _rule_bits(self, rule: Rule) -> int:
        return reduce(or_, (effect.bits for effect in self._effects_of[rule.id]), 0) or self._bits_of(rule.when)

    def _first_bits(self, rule: Rule) -> int:
        """The rule's bits without the copies that a second effect brings."""
        effects = self._effects_of[rule.id]
        return effects[0].bits if effects else self.rule_bits[rule.id]

    def _bits_of(self, condition: Condition) -> int:
        start = len(self._clauses)
        self._clauses.extend(self.space.clauses(condition))
        return (1 << len(self._clauses)) - (1 << start)

    def _satisfied(self, field: str, cell: int) -> int:
        return sum(
            1 << place for place, clause in enumerate(self._clauses) if field not in clause or cell in clause[field]
        )

    def _theme_sums(self, theme: str, phase: int) -> tuple[int, ThemeSums]:
        """The theme's bits, and its net by which of them are set."""
        groups = [group for group in self.groups if group.theme == theme]
        signed: dict[int, int] = {}
        for effect in (effect for group in groups for effect in group.effects):
            sign = 1 if effect.role == "data_scientist" else -1
            signed |= dict.fromkeys((1 << place for place in places(effect.bits)), sign * self.points(effect, phase))
        bits = [group.bits for group in groups]
        return reduce(or_, bits), ThemeSums(bits, signed)


class ThemeSums(dict[int, int]):
    """A theme's net in one phase by the bits that hold, each pattern added up when it is first met.

    Patterns are as many as the cells of the few fields that the theme reads.
    """

    def __init__(self, groups: list[int], signed: dict[int, int]) -> None:
        super().__init__()
        self._groups, self._signed = groups, signed

    def __missing__(self, matched: int) -> int:
        """Add up what counts: of each group the lowest bit that is set."""
        hits = (matched & group for group in self._groups)
        net = sum(self._signed[hit & -hit] for hit in hits if hit)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[matched] = net
        return net


def places(bits: int) -> Iterator[int]:
    """The places of the set bits, lowest first."""
    for place in count():
        if not bits >> place:
            return
        if bits >> place & 1:
            yield place
