"""The recommendation: one project in, the whole answer out, as plain data in the contract's names and order."""

from __future__ import annotations

from collections.abc import Sequence

from rules.caveats import caveats
from rules.changes import Change, Changes, Reach
from rules.crew import Crew
from rules.explain import Explainer, Json
from rules.headcount import gap, plain
from rules.model import Rulebook
from rules.project import Project
from rules.ratio import RatioTable
from rules.scorecard import PHASE_AXIS, Scorecard
from rules.space import Axis, Cell
from rules.uncertainty import spread
from rules.vocabulary import PHASES, ROLES, Answer

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
        self._reach = Reach(self.scorecard)
        self.explainer = Explainer(self.scorecard)
        self.targets = [[_target(axis, cell) for cell in axis.cells] for axis in self.scorecard.axes]

    def recommend(self, project: Project) -> Json:
        """The answer in JSON-ready values: the design's contract but for `id`, `name` and `reference`.

        Every required field must be answered; values must be the vocabulary's.
        """
        return Case(self, project).answer()

    def changes(self, cells: Sequence[int], matched: int, raw: int) -> Changes:
        return Changes(self.scorecard, self._reach, self.ratios, cells, matched, raw)


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
        self.changes = engine.changes(self.cells, self.matched, self.raw)
        self.spans = self.changes.spans()
        self.now = [wire(project.answers.get(axis.field.name)) for axis in scorecard.axes]
        self.crew = Crew(scorecard, project)
        self.outcomes: dict[tuple[int, int], Json] = {}
        self.staffed = self.crew.staff(self.matched, self.ratio.net)

    def answer(self) -> Json:
        explainer, answers = self.engine.explainer, self.project.answers
        range_ = spread(
            self.raw,
            sum(factor.counted for factor in self.factors),
            tuple(span for span in self.spans.values() if any(span)),
            self.engine.ratios,
        )
        phases = self._phases()
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
            "headcount": self._headcount(),
            "score": self._score(),
            "requirements": explainer.requirements(self.rules, self.matched, answers),
            "profiles": explainer.profiles(self.matched),
            "considerations": explainer.considerations(self.rules, self.matched, answers),
            "phases": phases,
            "what_would_change_it": self.what_would_change_it(),
            "next_question": self._next_question(),
            "unanswered": [self.engine.scorecard.axes[place].field.name for place in self.spans],
            "inferred": [],
            "warnings": explainer.contradictions(self.rules, self.matched, answers)
            + caveats(self.project, self.crew, self.staffed, self.ratio, self.engine.rulebook.scale),
            "rulebook": {
                "name": self.engine.rulebook.name,
                "version": self.engine.rulebook.version,
                "digest": self.engine.rulebook.digest,
                "note": NOTE,
            },
        }

    def what_would_change_it(self) -> Json:
        return {
            "alternatives": [self._alternative(change) for change in self.changes.alternatives()],
            "smallest_flip": self._smallest_flip(),
        }

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

    def _headcount(self) -> Json:
        team, staffed = self.project.team, self.staffed
        hire, surplus = gap(staffed.people, team.existing) if team.existing is not None else (None, None)
        return {
            "total": plain(staffed.seats.total * team.increment),
            **staffed.people,
            "increment": team.increment,
            "basis": staffed.basis,
            "suggested": staffed.sizing is not None,
            "because": staffed.sizing.because if staffed.sizing else None,
            "hire": hire,
            "surplus": surplus,
        }

    def _phases(self) -> list[Json]:
        """The same project scored in each phase: the staffing curve."""
        scored = {change.cell: (change.matched, change.raw) for change in self.changes.answers(PHASE_AXIS)}
        scored[self.phase + 1] = self.matched, self.raw
        return [self._phase(name, *scored[cell]) for cell, name in enumerate(PHASES, start=1)]

    def _phase(self, name: str, matched: int, raw: int) -> Json:
        ratio = self.engine.ratios.of(raw)
        seats = self.crew.seats(self.staffed.seats.total, matched, ratio.net)
        return {
            "phase": name,
            "ratio": ratio.text,
            "net": ratio.net,
            "raw": raw,
            "lean": ratio.lean,
            **seats.fte(self.project.team.increment),
            "effort_pct": self.engine.rulebook.phase_effort[name],
            "start": None,
            "end": None,
        }

    def _overall(self, phases: list[Json]) -> Json:
        """The whole project: raw net weighted by each phase's effort, to the nearest whole point, halves towards 0."""
        effort = sum(row["effort_pct"] for row in phases)
        weighted = sum(row["effort_pct"] * row["raw"] for row in phases)
        nearest = (2 * abs(weighted) + effort - 1) // (2 * effort)
        ratio = self.engine.ratios.of(nearest if weighted >= 0 else -nearest)
        return {"text": ratio.text, "value": ratio.value, "net": ratio.net, "lean": ratio.lean}

    def _alternative(self, change: Change) -> Json:
        """A change, and the answer that would follow."""
        return {**self._move(change), **self._outcome(change.matched, change.raw)}

    def _move(self, change: Change) -> Json:
        return {**self.engine.targets[change.axis][change.cell], "from": self.now[change.axis]}

    def _outcome(self, matched: int, raw: int) -> Json:
        key = matched & self.crew.bits, raw
        outcome = self.outcomes.get(key)
        if outcome is None:
            ratio = self.engine.ratios.of(raw)
            people = self.crew.staff(matched, ratio.net).people
            outcome = {"ratio": ratio.text, "net": ratio.net, "lean": ratio.lean, **people}
            self.outcomes[key] = outcome
        return outcome

    def _smallest_flip(self) -> Json:
        flip = self.changes.smallest_flip()
        if not flip:
            return {"changes": [], "statement": "No change of one or two answers gives another lean."}
        cells = list(self.cells)
        for change in flip:
            cells[change.axis] = change.cell
        matched = self.engine.scorecard.match(cells)
        outcome = self._outcome(matched, self.engine.scorecard.net(matched, self.phase))
        moves = [self._move(change) for change in flip]
        said = " and ".join(f"{move['field']} from {said_as(move['from'])} to {said_as(move['to'])}" for move in moves)
        lean = said_as(outcome["lean"])
        return {"changes": moves, "statement": f"Changing {said} makes the lean {lean}, {outcome['ratio']}."} | outcome

    def _next_question(self) -> Json | None:
        """The open question whose answers lie furthest apart; the first of the contract on a tie."""
        place = max(self.spans, key=lambda at: self.spans[at][1] - self.spans[at][0], default=None)
        if place is None or self.spans[place][0] == self.spans[place][1]:
            return None
        low, high = self.spans[place]
        ratios, field = self.engine.ratios, self.engine.scorecard.axes[place].field
        return {
            "field": field.name,
            "question": field.question,
            "could_move": [ratios.of(self.raw + low).text, ratios.of(self.raw + high).text],
            "answers": [self._alternative(change) for change in self.changes.answers(place)],
        }


def _target(axis: Axis, cell: Cell) -> Json:
    """A field's change to a cell, `from` still open; of a number, with the band that the value stands for."""
    target = {"field": axis.field.name, "from": None, "to": wire(cell.value)}
    return target if cell.band is None else target | {"band": {"min": cell.band[0], "max": cell.band[1]}}


def wire(answer: Answer | None) -> object:
    """The answer as JSON has it."""
    return list(answer) if isinstance(answer, tuple) else answer


def said_as(value: object) -> str:
    """A value in a sentence."""
    return str(value).lower().replace("_", " ") if not isinstance(value, list) else ", ".join(value) or "none"
