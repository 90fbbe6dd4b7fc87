"""The model again, slow and obvious, for the tests to compare with: conditions, points and seats as the words say."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rules.model import All, Any, Condition, Is, Not, Rulebook, Scale, Within
from rules.vocabulary import ROLES, Answer


class Points(NamedTuple):
    """What one rule does to one role."""

    rule: str
    role: str
    points: int
    counted: bool


def holds(condition: Condition, answers: Mapping[str, Answer]) -> bool | None:
    """Three-valued: None while the answer that would decide it is missing."""
    match condition:
        case Is() | Within():
            answer = answers.get(condition.field)
            return None if answer is None else _meets(condition, answer)
        case Not(part):
            return _negated(holds(part, answers))
        case All(parts):
            return _all(holds(part, answers) for part in parts)
        case Any(parts):
            return _negated(_all(_negated(holds(part, answers)) for part in parts))
    raise TypeError(condition)


def _meets(test: Is | Within, answer: Answer) -> bool:
    match test:
        case Is(_, values):
            return bool(set(answer) & set(values)) if isinstance(answer, tuple) else answer in values
        case Within(_, minimum, maximum):
            assert isinstance(answer, int | float)
            return (minimum is None or minimum <= answer) and (maximum is None or answer < maximum)
    raise TypeError(test)


def _all(parts: Iterator[bool | None]) -> bool | None:
    seen = set(parts)
    return False if False in seen else None if None in seen else True


def _negated(held: bool | None) -> bool | None:
    return None if held is None else not held


def factors(rulebook: Rulebook, answers: Mapping[str, Answer]) -> list[Points]:
    """Every effect that holds in the project's phase: a theme, role and direction counts the first of its strongest."""
    found: list[Points] = []
    for theme in rulebook.themes.values():
        less = 0 if answers["phase"] in theme.phases else 1
        for role in ROLES:
            for sign in (1, -1):
                effects = [
                    (rule.id, sign * max(rulebook.scale.strengths[words[role]] - less, 0))
                    for rule in rulebook.rules
                    for words in [rule.raises if sign > 0 else rule.lowers]
                    if rule.theme == theme.id and role in words and holds(rule.when, answers)
                ]
                strongest = max((abs(points) for _, points in effects), default=0)
                first = next((rule for rule, points in effects if abs(points) == strongest), None)
                found += [Points(rule, role, points, rule == first and points != 0) for rule, points in effects]
    return found


def raw(rulebook: Rulebook, answers: Mapping[str, Answer]) -> int:
    """Net points before the bound."""
    counted = [factor for factor in factors(rulebook, answers) if factor.counted]
    return sum(factor.points if factor.role == "data_scientist" else -factor.points for factor in counted)


def lean(raw_net: int, scale: Scale) -> str:
    net = max(-scale.bound, min(scale.bound, raw_net))
    return "balanced" if abs(net) <= scale.balanced else "data_scientist" if net > 0 else "ml_engineer"


def minimums(rulebook: Rulebook, answers: Mapping[str, Answer]) -> dict[str, float]:
    """The highest minimum in FTE of each role that a rule requires."""
    held = [rule.requires for rule in rulebook.rules if rule.requires and holds(rule.when, answers)]
    return {role: max(asks[role] for asks in held if role in asks) for role in ROLES if any(role in a for a in held)}


def seats(total: int, net: int, points_to_double: int, least: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """Sainte-Laguë, seat by seat from the minimums, where the total has room for them."""
    ours, theirs = least if sum(least) <= total else (0, 0)
    while ours + theirs < total:
        # Compared is 2 ** (net / points_to_double) / (2 * ours + 1) with 1 / (2 * theirs + 1), as whole powers.
        left = (2 * theirs + 1) ** points_to_double * 2 ** max(net, 0)
        right = (2 * ours + 1) ** points_to_double * 2 ** max(-net, 0)
        if left > right or (left == right and net >= 0):
            ours += 1
        else:
            theirs += 1
    return ours, theirs
