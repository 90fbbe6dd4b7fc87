"""Examples: projects with what the rulebook must say about them, in as much detail as the example states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.model import Rule
from rules.proof.witness import Json
from rules.scorecard import PHASE_AXIS, Scorecard
from rules.vocabulary import ROLES, Answer


@dataclass(frozen=True, slots=True)
class Example:
    """`expected` maps any of `observed`'s keys to what must be seen there, exactly."""

    name: str
    says: str
    claims: tuple[str, ...]
    answers: Mapping[str, Answer]
    expected: Json
    line: int = 0


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An example that the rulebook does not meet: the key, what is expected and what is seen."""

    example: str
    key: str
    expected: object
    seen: object


def observed(scorecard: Scorecard, answers: Mapping[str, Answer]) -> Json:
    """What a rulebook says about a project, by rule: counted points, and all that holds beside points."""
    cells = scorecard.space.locate(answers)
    matched, phase = scorecard.match(cells), cells[PHASE_AXIS] - 1
    rules = scorecard.holding(matched)
    points: dict[str, dict[str, int]] = {}
    for factor in scorecard.factors(matched, phase):
        if factor.counted:
            points.setdefault(factor.effect.rule.id, {})[factor.effect.role] = factor.points
    return {
        "points": points,
        "raw": scorecard.net(matched, phase),
        "required": scorecard.minimums(matched),
        "profiles": {role: _profiling(rules, role) for role in ROLES if any(_profiling(rules, role))},
        "considers": {rule.id: [item.owner for item in rule.considers] for rule in rules if rule.considers},
        "warns": [rule.id for rule in rules if rule.warns],
    }


def mismatches(scorecard: Scorecard, examples: Iterable[Example]) -> Iterator[Mismatch]:
    """Everything in which the rulebook differs from its examples."""
    for example in examples:
        seen = observed(scorecard, example.answers)
        for key, expected in example.expected.items():
            if seen[key] != expected:
                yield Mismatch(example.name, key, expected, seen[key])


def _profiling(rules: Iterable[Rule], role: str) -> list[str]:
    return [rule.id for rule in rules if any(entry.role == role for entry in rule.profiles)]
