"""The answer at a glance: what the templates show, from the body of a recommendation alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from rules.vocabulary import FIELD_BY_NAME, ROLES
from service.web import charts, words
from service.web.charts import Bar, Span

Json = Mapping[str, Any]
Pairs = Sequence[tuple[str, str]]
Claims = Mapping[str, str]

SHOWN = 5  # factors; the rest are folded
_KINDS = {"responsibilities": "What they will do", "skills": "What they bring", "education": "Background"}
_SHORT_PHASES = ("Explore", "Prepare", "Model", "Evaluate", "Deploy", "Maintain")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of the source: where it stands, and what it says in our words."""

    id: str
    where: str
    says: str


@dataclass(frozen=True, slots=True)
class Step:
    """One signed factor: its bar, the role whose points it changes, and why."""

    rule: str
    title: str
    role: str
    points: int
    bar: Bar
    input: str
    because: str
    basis: str
    claims: tuple[Claim, ...]

    @property
    def says(self) -> str:
        """The points in words."""
        return f"{words.points(self.points)} {words.PLURALS[self.role]}"

    @property
    def towards(self) -> str:
        """The role that gains by it: taking from one favours the other."""
        return "data_scientist" if self.bar.step > 0 else "ml_engineer"


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The counted factors, the strongest first: `shown`, then `folded`; `idle` hold and are not in the sum."""

    shown: tuple[Step, ...]
    folded: tuple[Step, ...]
    idle: tuple[Step, ...]
    span: Span
    net: int

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every factor of the sum."""
        return self.shown + self.folded

    @property
    def rest(self) -> Bar:
        """The folded factors as one bar."""
        return Bar(self.folded[0].bar.start, self.folded[-1].bar.end)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to the next question: the link that gives it, and what would follow."""

    label: str
    href: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A recommendation's body with the query that asked for it, and what is said of it in words."""

    body: Json
    query: str
    waterfall: Waterfall
    profiles: Mapping[str, Mapping[str, tuple[str, ...]]]
    choices: tuple[Choice, ...]
    flip: str | None
    assumed: tuple[str, ...]
    now: str  # the phase that the project is in

    @property
    def people(self) -> str:
        """The headcount in words."""
        return f"{words.people(self.body['headcount']['total'])}: {words.both(self.body['headcount'])}"

    @property
    def lean(self) -> str:
        """Which way the work leans."""
        return f"The work {words.LEANS[self.body['lean']]}"

    @property
    def range(self) -> str:
        """The ratio's range."""
        low, high = (words.as_ratio(self.body["ratio"][end]) for end in ("low", "high"))
        return f"between {low} and {high}" if low != high else f"{low} throughout"

    @property
    def summary(self) -> str:
        """The whole answer in two sentences."""
        return f"{self.people}. {self.lean}: {words.ratio(self.body['ratio']['text'])}, {self.range}."

    @property
    def lot(self) -> int:
        """How many people an icon stands for."""
        return charts.lot(self.body["headcount"])

    @property
    def phases(self) -> list[Json]:
        """The staffing curve, each phase with its share for the drawing."""
        return [
            {**row, "share": charts.share(row), "now": row["phase"] == self.now, "short": short}
            for row, short in zip(self.body["phases"], _SHORT_PHASES, strict=True)
        ]

    @property
    def gap(self) -> list[str]:
        """What today's team lacks and has over."""
        people = self.body["headcount"]
        if people["hire"] is None:
            return []
        said = [
            f"{verb} {words.listed(words.head(role, people[kind][role]) for role in ROLES if people[kind][role])}"
            for kind, verb in (("hire", "hire"), ("surplus", "over by"))
            if any(people[kind].values())
        ]
        return said or ["it is the team that this takes"]


def answer(body: Json, pairs: Pairs, claims: Claims, phase: str) -> Answer:
    """The view of a recommendation's body, in the phase that it is about; `claims` says each claim in words."""
    question = body["next_question"]
    flip = body["what_would_change_it"]["smallest_flip"]
    return Answer(
        body,
        urlencode(pairs),
        _waterfall(body["score"], claims),
        {role: _profile(body["profiles"][role]) for role in ROLES},
        tuple(_choice(pairs, item) for item in question["answers"]) if question else (),
        link(pairs, {move["field"]: move["to"] for move in flip["changes"]}) if flip["changes"] else None,
        tuple(_assumed(body)),
        phase,
    )


def link(pairs: Pairs, changes: Mapping[str, object]) -> str:
    """The query of the same project with other answers."""
    kept = [(name, text) for name, text in pairs if name not in changes]
    return urlencode(kept + [(name, _text(value)) for name, value in changes.items()])


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _waterfall(score: Json, claims: Claims) -> Waterfall:
    factors = score["factors"]
    counted = sorted((item for item in factors if item["counted"]), key=lambda item: -abs(item["points"]))
    bars = charts.bars(_net(item) for item in counted)
    steps = [_step(item, bar, claims) for item, bar in zip(counted, bars, strict=True)]
    shown = len(steps) if len(steps) == SHOWN + 1 else SHOWN  # a fold of one would hide as much as it shows
    idle = tuple(_step(item, Bar(0, 0), claims) for item in factors if not item["counted"])
    return Waterfall(tuple(steps[:shown]), tuple(steps[shown:]), idle, charts.span(bars), score["raw"])


def _net(factor: Json) -> int:
    points: int = factor["points"]
    return points if factor["role"] == "data_scientist" else -points


def _step(factor: Json, bar: Bar, claims: Claims) -> Step:
    return Step(
        factor["rule"],
        factor["title"],
        factor["role"],
        factor["points"],
        bar,
        words.matched(factor["matched"]),
        factor["because"],
        factor["basis"] + (f": {factor['source']}" if "source" in factor else ""),
        said_claims(factor["claims"], claims),
    )


def said_claims(cited: Iterable[Json], claims: Claims) -> tuple[Claim, ...]:
    """Claims with their words."""
    return tuple(
        Claim(item["id"], f"{item['section']}, paragraph {item['paragraph']}", claims.get(item["id"], ""))
        for item in cited
    )


def _profile(profile: Json) -> dict[str, tuple[str, ...]]:
    """What to look for, under headings that an advert has, nothing twice."""
    return {
        heading: tuple(dict.fromkeys(item for part in profile[kind] for item in part["items"]))
        for kind, heading in _KINDS.items()
    }


def _choice(pairs: Pairs, item: Json) -> Choice:
    field = item["field"]
    outcome = f"{item['ratio']}, {words.both(item)}"
    return Choice(words.band(field, item), link(pairs, {field: item["to"]}), outcome)


def _assumed(body: Json) -> Iterator[str]:
    """What the answer rests on that nobody said."""
    people = body["headcount"]
    if people["suggested"]:
        yield f"No size was given, so {words.people(people['total'])} are suggested: {people['because']}"
    if people["basis"] == "budget.amount":
        yield f"No size was given: {words.people(people['total'])} are what the budget pays for."
    if inferred := body["inferred"]:
        read = (f"{words.label(item['field'])}: {words.value(item['field'], item['value'])}" for item in inferred)
        yield f"Read from the description: {'; '.join(read)}."
    if open_ := body["unanswered"]:
        yield f"{len(open_)} of {len(FIELD_BY_NAME)} questions are open; they count in the range, not in the sum."
    yield str(body["rulebook"]["note"])
