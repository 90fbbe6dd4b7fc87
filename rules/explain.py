"""Reasons as plain data: every factor, requirement, profile and consideration with its rule, input and claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from rules.model import Basis, Rule, Rulebook
from rules.scorecard import Factor, Scorecard
from rules.vocabulary import ROLES, Answer

Json = dict[str, Any]
PROFILE_KINDS = ("skills", "education", "responsibilities")


class Explainer:
    """Renders what holds for one project; whatever is the same for every project is made once."""

    def __init__(self, scorecard: Scorecard) -> None:
        self._scorecard = scorecard
        self._axes = {axis.field.name: axis for axis in scorecard.axes}
        self._claims = {rule.id: _claims(rule, scorecard.rulebook) for rule in scorecard.rulebook.rules}

    def factor(self, factor: Factor, matched: int, answers: Mapping[str, Answer]) -> Json:
        effect, rule = factor.effect, factor.effect.rule
        return {
            "rule": rule.id,
            "theme": rule.theme,
            "title": rule.title,
            "role": effect.role,
            "strength": effect.strength,
            "points": factor.points,
            "counted": factor.counted,
            "matched": self.matched(rule, matched, answers),
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

    def profiles(self, rules: Iterable[Rule]) -> Json:
        """By role and kind, what to look for, rule by rule."""
        profiles: Json = {role: {kind: [] for kind in PROFILE_KINDS} for role in ROLES}
        for rule in rules:
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
        for clause in self._scorecard.clauses(rule, matched):
            for name, cells in clause.items():
                seen[name] = self._met(name, cells, answers[name])
        return seen

    def _met(self, name: str, cells: frozenset[int], answer: Answer) -> object:
        if not isinstance(answer, tuple):
            return answer
        axis = self._axes[name]
        return [member for member in answer if axis.locate((member,)) in cells] or list(answer)

    def _head(self, rule: Rule, matched: int, answers: Mapping[str, Answer]) -> Json:
        return {"rule": rule.id, "title": rule.title, "matched": self.matched(rule, matched, answers)}


def basis(basis: Basis) -> Json:
    """Where a magnitude comes from; `source` only where one is named."""
    return {"basis": basis.kind} if basis.source is None else {"basis": basis.kind, "source": basis.source}


def _claims(rule: Rule, rulebook: Rulebook) -> list[Json]:
    claims = (rulebook.claims[name] for name in rule.claims)
    return [{"id": claim.id, "section": claim.section, "paragraph": claim.paragraph} for claim in claims]
