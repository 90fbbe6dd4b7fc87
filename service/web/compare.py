"""Two or three scenarios side by side: what differs first, then what is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from rules.vocabulary import PHASES
from schemas.project import Request, values_of
from service.web import words
from service.web.answer import Answer, link

Json = Mapping[str, Any]
Pairs = Sequence[tuple[str, str]]

MOST = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison: a cell a scenario."""

    title: str
    cells: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the scenarios part here."""
        return len(set(self.cells)) > 1


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]

    @property
    def apart(self) -> tuple[Row, ...]:
        """The rows that differ."""
        return tuple(row for row in self.rows if row.differs)

    @property
    def alike(self) -> tuple[Row, ...]:
        """The rows that do not."""
        return tuple(row for row in self.rows if not row.differs)


def query_of(scenario: str) -> Pairs:
    """The pairs of a scenario: a query, or a whole permalink pasted."""
    text = urlsplit(scenario.strip()).query if "?" in scenario else scenario.strip()
    return [(name, said) for name, said in parse_qsl(text, keep_blank_values=True) if said.strip()]


def compare(answers: Sequence[Answer], requests: Sequence[Request]) -> list[Section]:
    """The sections of the comparison."""
    return [
        Section("What was said", tuple(_inputs(requests))),
        Section("The answer", tuple(_outcomes([answer.body for answer in answers]))),
        Section("The points", tuple(_factors([answer.body for answer in answers]))),
        Section("Phase by phase", tuple(_phases([answer.body for answer in answers]))),
    ]


def variants(answer: Answer, pairs: Pairs) -> dict[str, list[tuple[str, str]]]:
    """By question, the other answers that could be given: the query of each, and what it would give."""
    found: dict[str, list[tuple[str, str]]] = {}
    question = answer.body["next_question"]
    items = [*answer.body["what_would_change_it"]["alternatives"], *(question["answers"] if question else ())]
    for item in items:
        field = item["field"]
        said = f"{words.band(field, item)}: {item['ratio']}"
        found.setdefault(words.label(field), []).append((link(pairs, {field: item["to"]}), said))
    return found


def without(scenarios: Sequence[str], place: int) -> str:
    """The query of the comparison without one scenario."""
    return urlencode([("scenario", text) for at, text in enumerate(scenarios) if at != place])


def _inputs(requests: Sequence[Request]) -> Iterator[Row]:
    said = [values_of(request.project) for request in requests]
    for name in words.LABELS:
        if any(name in values for values in said):
            cells = (words.value(name, values[name]) if name in values else "open" for values in said)
            yield Row(words.label(name), tuple(cells))


def _outcomes(bodies: Sequence[Json]) -> Iterator[Row]:
    yield _row("Headcount", (words.people(body["headcount"]["total"]) for body in bodies))
    for role, many in words.PLURALS.items():
        yield _row(many[:1].upper() + many[1:], (words.number(body["headcount"][role]) for body in bodies))
    yield _row("Ratio", (body["ratio"]["text"] for body in bodies))
    ends = ([words.as_ratio(body["ratio"][end]) for end in ("low", "high")] for body in bodies)
    yield _row("Range", (f"{low} to {high}" for low, high in ends))
    yield _row("Lean", (words.LEANS[body["lean"]] for body in bodies))
    yield _row("Chance that the lean stays", (f"{body['confidence']:.0%}" for body in bodies))
    yield _row("Whole project", (body["overall"]["text"] for body in bodies))
    if any(body["headcount"]["hire"] for body in bodies):
        hires = (body["headcount"]["hire"] for body in bodies)
        yield _row("To hire", (words.both(hire) if hire else "not known" for hire in hires))
    if any(body["cost"] for body in bodies):
        costs = (body["cost"] for body in bodies)
        yield _row("Cost", (words.money(cost["total"], cost["currency"]) if cost else "not known" for cost in costs))


def _factors(bodies: Sequence[Json]) -> Iterator[Row]:
    counted = [
        {(item["rule"], item["role"]): item for item in body["score"]["factors"] if item["counted"]} for body in bodies
    ]
    for key in dict.fromkeys(key for found in counted for key in found):
        title = next(found[key]["title"] for found in counted if key in found)
        cells = (words.points(found[key]["points"]) if key in found else "0" for found in counted)
        yield Row(f"{title} ({words.PLURALS[key[1]]})", tuple(cells))
    yield _row("Net points, towards data scientists", (words.points(body["score"]["net"]) for body in bodies))


def _phases(bodies: Sequence[Json]) -> Iterator[Row]:
    for place, phase in enumerate(PHASES):
        rows = (body["phases"][place] for body in bodies)
        yield _row(words.value("phase", phase).capitalize(), (f"{row['ratio']}: {words.both(row)}" for row in rows))


def _row(title: str, cells: Iterable[str]) -> Row:
    return Row(title, tuple(cells))
