"""Reasons as plain data: every factor, requirement, profile and consideration with its rule, input and claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache, reduce
from itertools import groupby
from operator import or_
from typing import Any

from rules.model import All, Basis, Condition, Is, Rule, Rulebook
from rules.model import Any as AnyOf
from rules.scorecard import Factor, Scorecard
from rules.vocabulary import ROLES, Answer

Json = dict[str, Any]
_REMEMBERED = 1_024  # profiles, and rules by which of their clauses hold
PROFILE_KINDS = ("skills", "education", "responsibilities")


class Explainer:
    """Renders what holds for one project; whatever is the same for every project is made once."""

    def __init__(self, scorecard: Scorecard) -> None:
        self._scorecard = scorecard
        self._wanted = {rule.id: set(_wanted(rule.when)) for rule in scorecard.rulebook.rules}
        self._claims = {rule.id: _claims(rule, scorecard.rulebook) for rule in scorecard.rulebook.rules}
        self._profiling = [rule for rule in scorecard.rulebook.rules if rule.profiles]
        self._profiling_bits = reduce(or_, (scorecard.rule_bits[rule.id] for rule in self._profiling), 0)
        self._profiles = lru_cache(_REMEMBERED)(self._make_profiles)
        self._told = cache(self._tell)  # two factors an effect and phase
        self._read = lru_cache(_REMEMBERED)(self._fields_read)

    def factor(self, factor: Factor, matched: int, answers: Mapping[str, Answer]) -> Json:
        told = self._told(factor).copy()  # which is quicker than to spread it
        told["matched"] = self.matched(factor.effect.rule, matched, answers)
        return told

    def _tell(self, factor: Factor) -> Json:
        """All of a factor but what matched, in its order."""
        effect, rule = factor.effect, factor.effect.rule
        return {
            "rule": rule.id,
            "theme": rule.theme,
            "title": rule.title,
            "role": effect.role,
            "strength": effect.strength,
            "points": factor.points,
            "counted": factor.counted,
            "matched": None,
            "because": rule.because,
            "claims": self._claims[rule.id],
            **basis(rule.basis),
        }

    def requirements(self, rules: Iterable[Rule], matched: int, answers: Mapping[str, Answer]) -> list[Json]:
        return [
            self._head(rule, matched, answers)
            | {"minimum": dict(rule.requires), "because": rule.because, "claims": self._claims[rule.id]}
            for rule in rules
            if rule.requires
        ]

    def considerations(self, rules: Iterable[Rule], matched: int, answers: Mapping[str, Answer]) -> list[Json]:
        return [
            self._head(rule, matched, answers)
            | {"owner": item.owner, "note": item.text, "as_of": item.as_of, "claims": self._claims[rule.id]}
            for rule in rules
            for item in rule.considers
        ]

    def profiles(self, matched: int) -> Json:
        """By role and kind, what to look for, rule by rule. Not to be changed: it is made once for many projects."""
        return self._profiles(matched & self._profiling_bits)

    def _make_profiles(self, matched: int) -> Json:
        profiles: Json = {role: {kind: [] for kind in PROFILE_KINDS} for role in ROLES}
        for rule in self._profiling:
            if not matched & self._scorecard.rule_bits[rule.id]:
                continue
            for (role, kind), entries in groupby(rule.profiles, key=lambda entry: (entry.role, entry.kind)):
                profiles[role][kind].append(
                    {"rule": rule.id, "items": [entry.text for entry in entries], "claims": self._claims[rule.id]}
                )
        return profiles

    def contradictions(self, rules: Iterable[Rule], matched: int, answers: Mapping[str, Answer]) -> list[Json]:
        return [
            {
                "code": "contradiction",
                "message": rule.warns,
                "fields": list(self.matched(rule, matched, answers)),
                "rule": rule.id,
            }
            for rule in rules
            if rule.warns
        ]

    def matched(self, rule: Rule, matched: int, answers: Mapping[str, Answer]) -> Json:
        """The inputs that fired the rule: of a list, the part that met it; for a negation, the value seen."""
        seen: Json = {}
        for name in self._read(rule.id, matched & self._scorecard.rule_bits[rule.id]):
            answer = answers[name]
            seen[name] = self._met(rule, answer) if isinstance(answer, tuple) else answer
        return seen

    def _fields_read(self, rule: str, matched: int) -> tuple[str, ...]:
        """The fields of the clauses that hold."""
        return tuple(dict.fromkeys(name for clause in self._scorecard.clauses(rule, matched) for name in clause))

    def _met(self, rule: Rule, answer: tuple[str, ...]) -> list[str]:
        return [member for member in answer if member in self._wanted[rule.id]] or list(answer)

    def _head(self, rule: Rule, matched: int, answers: Mapping[str, Answer]) -> Json:
        return {"rule": rule.id, "title": rule.title, "matched": self.matched(rule, matched, answers)}


def basis(basis: Basis) -> Json:
    """Where a magnitude comes from; `source` only where one is named."""
    return {"basis": basis.kind} if basis.source is None else {"basis": basis.kind, "source": basis.source}


def _wanted(condition: Condition) -> Iterator[Answer]:
    """The values that a condition asks for, rather than rules out."""
    match condition:
        case Is(_, values):
            yield from values
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _wanted(part)


def _claims(rule: Rule, rulebook: Rulebook) -> list[Json]:
    claims = (rulebook.claims[name] for name in rule.claims)
    return [{"id": claim.id, "section": claim.section, "paragraph": claim.paragraph} for claim in claims]
