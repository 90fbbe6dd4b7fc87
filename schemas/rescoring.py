"""Verdicts re-checked by their witnesses: projects that the service takes, scored by the plain engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rules.engine import Engine
from rules.model import Expectation, Rulebook
from rules.project import Project, Team
from rules.proof.baseline import without
from rules.proof.witness import Witnesses
from rules.scorecard import Scorecard
from rules.vocabulary import ROLES
from schemas.faults import InputError
from schemas.project import load_project

Json = dict[str, Any]


class Rescorer:
    """The witnesses of one rulebook's verdicts. Every method yields what does not hold up."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._book = rulebook
        self._engine = Engine(rulebook)
        self._rules = {rule.id: rule for rule in rulebook.rules}
        self._expected = {expected.id: expected for expected in rulebook.expectations}
        self._checks = {
            "attained": self._attained,
            "reachable": self._reachable,
            "decisive": self._decisive,
            "direction": self._direction,
            "requirements": self._requirements,
        }

    def objections(self, verdict: Json) -> Iterator[str]:
        """Yield every objection to a verdict of the right shape."""
        check = self._checks.get(verdict["kind"])
        if check is None:
            return
        try:
            projects = [load_project(witness["project"]).project for witness in verdict["witnesses"]]
        except InputError as error:
            yield f"a witness is no project: {error}"
            return
        for project, witness in zip(projects, verdict["witnesses"], strict=True):
            if any(witness[key] != value for key, value in score(self._engine, project).items()):
                yield "a witness does not score what it says"
        if projects:
            yield from check(verdict, projects)
        elif verdict["holds"] and not self._has_no_steps(verdict):
            yield "it has no witness"

    def _attained(self, verdict: Json, projects: list[Project]) -> Iterator[str]:
        if verdict["witnesses"][0]["raw"] != verdict["figures"].get("raw"):
            yield "its witness does not attain it"

    def _reachable(self, verdict: Json, projects: list[Project]) -> Iterator[str]:
        card = self._engine.scorecard
        held = card.holding(card.match(card.space.locate(projects[0].answers)))
        if verdict["subject"] not in [rule.id for rule in held]:
            yield "the rule does not hold for its witness"

    def _decisive(self, verdict: Json, projects: list[Project]) -> Iterator[str]:
        witness = verdict["witnesses"][0]
        card = Scorecard(without(self._book, self._rules[verdict["subject"]]))
        less = Witnesses(card, self._engine.ratios).score(card.space.locate(projects[0].answers))
        if witness.get("without") != less:
            yield "its witness does not score what it says without the rule"
        elif all(witness[key] == value for key, value in less.items()):
            yield "its witness scores the same without the rule"

    def _direction(self, verdict: Json, projects: list[Project]) -> Iterator[str]:
        expected = self._expected[verdict["subject"]]
        if len(projects) != 2 or not _is_step(expected, *projects):
            yield "its witnesses are not two projects of which the second has more of the field, all else equal"
            return
        before, after = (witness["raw"] for witness in verdict["witnesses"])
        favours = ROLES[0] if after > before else ROLES[1] if after < before else None
        if after - before not in (verdict["figures"].get("least"), verdict["figures"].get("most")):
            yield "its witnesses do not show its figures"
        if (favours == expected.never_favours) == verdict["holds"]:
            yield "its witnesses show the contrary"

    def _has_no_steps(self, verdict: Json) -> bool:
        """Whether the verdict is on a direction of numbers that no rule compares."""
        expected = self._expected.get(verdict["subject"]) if verdict["kind"] == "direction" else None
        axes = self._engine.scorecard.axes
        return expected is not None and any(
            axis.field.name == expected.field and len(axis.answers) == 1 for axis in axes
        )

    def _requirements(self, verdict: Json, projects: list[Project]) -> Iterator[str]:
        smallest = verdict["figures"].get("smallest_team")
        if not isinstance(smallest, int):
            yield "it does not say the smallest team"
        elif smallest and not self._suffices(projects[0], smallest):
            yield "the team that it names is too small for its witness"
        elif smallest > 1 and self._suffices(projects[0], smallest - 1):
            yield "a smaller team is enough for its witness"

    def _suffices(self, project: Project, size: int) -> bool:
        answer = self._engine.recommend(replace(project, team=Team(size=size)))
        return all(warning["code"] != "team_below_requirements" for warning in answer["warnings"])


def score(engine: Engine, project: Project) -> Json:
    """What the engine's whole answer says, as a witness writes it."""
    answer = engine.recommend(project)
    required: dict[str, float] = {}
    for item in answer["requirements"]:
        for role, minimum in item["minimum"].items():
            required[role] = max(required.get(role, 0), minimum)
    return {
        "points": {role: answer["score"][role] for role in ROLES},
        "raw": answer["score"]["raw"],
        "net": answer["score"]["net"],
        "ratio": answer["ratio"]["text"],
        "lean": answer["lean"],
        "required": required,
    }


def _is_step(expected: Expectation, before: Project, after: Project) -> bool:
    """Whether the second project has more of the field than the first and differs in nothing else."""
    one, other = dict(before.answers), dict(after.answers)
    less, more = one.pop(expected.field, None), other.pop(expected.field, None)
    if one != other or less is None or more is None:
        return False
    if isinstance(less, int | float) and isinstance(more, int | float) and not expected.order:
        return less < more
    return {less, more} <= {*expected.order} and expected.order.index(less) < expected.order.index(more)
