"""The recommendation: one project in, the whole answer out, as plain data in the contract's names and order."""

from __future__ import annotations

from rules.bridge import Bridges
from rules.caveats import caveats
from rules.changes import Changes, Reach
from rules.crew import Crew
from rules.explain import Explainer, Json
from rules.headcount import Seats, gap, plain
from rules.model import Rulebook
from rules.money import bill
from rules.plan import UNPLANNED, Plan, plan
from rules.project import Project
from rules.ratio import Ratio, RatioTable
from rules.scorecard import PHASE_AXIS, Scorecard
from rules.uncertainty import spread
from rules.vocabulary import PHASES, ROLES
from rules.what_if import Options, WhatIf

NOTE = (
    "The source gives directions. Points, scale and team sizes are this rulebook's judgement, "
    "but for those that name a published source."
)


class Engine:
    """A rulebook made ready to decide. Safe to share: nothing of a project stays in it."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.scorecard = Scorecard(rulebook)
        self.ratios = RatioTable(rulebook.scale)
        self.reach = Reach(self.scorecard)
        self.explainer = Explainer(self.scorecard)
        self.bridges = Bridges(rulebook)
        self.options = Options(self.scorecard, self.ratios)

    def recommend(self, project: Project) -> Json:
        """The answer in JSON-ready values: the design's contract but for `id`, `name` and `reference`.

        Every required field must be answered; values must be the vocabulary's.
        """
        return Case(self, project).answer()


class Case:
    """One project on its way to an answer."""

    def __init__(self, engine: Engine, project: Project) -> None:
        self.engine, self.project = engine, project
        scorecard = engine.scorecard
        self.cells = scorecard.space.locate(project.answers)
        self.matched = scorecard.match(self.cells)
        self.phase = self.cells[PHASE_AXIS] - 1
        self.raw = scorecard.net(self.matched, self.phase)
        self.ratio = engine.ratios.of(self.raw)
        self.factors = list(scorecard.factors(self.matched, self.phase))
        self.rules = scorecard.holding(self.matched)
        self.changes = Changes(scorecard, engine.reach, engine.ratios, self.cells, self.matched, self.raw)
        self.spans = self.changes.spans()
        self.crew = Crew(scorecard, project)
        self.staffed = self.crew.staff(self.matched, self.ratio.net)

    def answer(self) -> Json:
        explainer, answers = self.engine.explainer, self.project.answers
        what_if = self.what_if()
        range_ = spread(
            self.raw,
            sum(factor.counted for factor in self.factors),
            tuple(span for span in self.spans.values() if any(span)),
            self.engine.ratios,
        )
        curve = self._curve()
        shares = {name: seats for name, (_, _, seats) in curve.items()}
        planned = plan(self.project, self.engine.rulebook.phase_effort, shares, self.staffed)
        phases = [self._phase(name, *point, planned) for name, point in curve.items()]
        profiles = explainer.profiles(self.matched)
        return {
            "lean": self.ratio.lean,
            "ratio": {
                "text": self.ratio.text,
                "value": self.ratio.value,
                "low": self.engine.ratios.of(min(range_.low, self.raw)).value,
                "high": self.engine.ratios.of(max(range_.high, self.raw)).value,
            },
            "overall": self._overall(phases),
            "confidence": range_.confidence,
            "both_required": all(self.staffed.minimums.get(role, 0) > 0 for role in ROLES),
            "headcount": self._headcount(profiles),
            "cost": self._cost(planned),
            "score": self._score(),
            "requirements": explainer.requirements(self.rules, self.matched, answers),
            "profiles": profiles,
            "considerations": explainer.considerations(self.rules, self.matched, answers),
            "phases": phases,
            "what_would_change_it": what_if.told(),
            "next_question": what_if.next_question(),
            "unanswered": [self.engine.scorecard.axes[place].field.name for place in self.spans],
            "inferred": [],
            "warnings": explainer.contradictions(self.rules, self.matched, answers)
            + caveats(self.project, self.crew, self.staffed, self.ratio, self.engine.rulebook.scale, planned),
            "rulebook": {
                "name": self.engine.rulebook.name,
                "version": self.engine.rulebook.version,
                "digest": self.engine.rulebook.digest,
                "note": NOTE,
            },
        }

    def what_if(self) -> WhatIf:
        return WhatIf(self.engine.options, self.changes, self.crew, self.project.answers)

    def _score(self) -> Json:
        scale = self.engine.rulebook.scale
        sums = {role: sum(f.points for f in self.factors if f.counted and f.effect.role == role) for role in ROLES}
        return {
            **sums,
            "net": self.ratio.net,
            "raw": self.raw,
            "points_to_double": scale.points_to_double,
            "bound": scale.bound,
            "capped": self.ratio.net != self.raw,
            "factors": [
                self.engine.explainer.factor(factor, self.matched, self.project.answers) for factor in self.factors
            ],
        }

    def _headcount(self, profiles: Json) -> Json:
        team, staffed = self.project.team, self.staffed
        hire = surplus = bridge = None
        if team.existing is not None:
            hire, surplus = gap(staffed.people, team.existing)
            bridge = self.engine.bridges.across(self.project, hire, surplus, profiles)
        return {
            "total": plain(staffed.seats.total * team.increment),
            **staffed.people,
            "increment": team.increment,
            "basis": staffed.basis,
            "suggested": staffed.sizing is not None,
            "because": staffed.sizing.because if staffed.sizing else None,
            "hire": hire,
            "surplus": surplus,
            "bridge": bridge,
        }

    def _cost(self, planned: Plan | None) -> Json | None:
        """What the people cost where their yearly costs are given: as planned, else as the headcount has them."""
        budget, costs = self.project.budget, planned.total if planned else self.crew.costs(self.staffed.seats)
        if budget is None or costs is None:
            return None
        return bill(costs, budget, self.project.schedule, planned=planned is not None)

    def _curve(self) -> dict[str, tuple[Ratio, int, Seats]]:
        """The same project scored in each phase: its ratio, its raw net and the seats of the headcount's total."""
        scored = {change.cell: (change.matched, change.raw) for change in self.changes.answers(PHASE_AXIS)}
        scored[self.phase + 1] = self.matched, self.raw
        return {name: self._point(*scored[cell]) for cell, name in enumerate(PHASES, start=1)}

    def _point(self, matched: int, raw: int) -> tuple[Ratio, int, Seats]:
        ratio = self.engine.ratios.of(raw)
        return ratio, raw, self.crew.seats(self.staffed.seats.total, matched, ratio.net)

    def _phase(self, name: str, ratio: Ratio, raw: int, seats: Seats, planned: Plan | None) -> Json:
        held = planned.seats.get(name, seats) if planned else seats
        return {
            "phase": name,
            "ratio": ratio.text,
            "net": ratio.net,
            "raw": raw,
            "lean": ratio.lean,
            **held.fte(self.project.team.increment),
            "effort_pct": self.engine.rulebook.phase_effort[name],
            **(planned.row(name) if planned else UNPLANNED),
        }

    def _overall(self, phases: list[Json]) -> Json:
        """The whole project: raw net weighted by each phase's effort, to the nearest whole point, halves towards 0."""
        effort = sum(row["effort_pct"] for row in phases)
        weighted = sum(row["effort_pct"] * row["raw"] for row in phases)
        nearest = (2 * abs(weighted) + effort - 1) // (2 * effort)
        ratio = self.engine.ratios.of(nearest if weighted >= 0 else -nearest)
        return {"text": ratio.text, "value": ratio.value, "net": ratio.net, "lean": ratio.lean}
