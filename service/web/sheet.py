"""The answer as rows for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from rules.vocabulary import ROLES
from schemas.sheet import as_text

Json = Mapping[str, Any]


def as_csv(body: Json) -> str:
    """One line an item: what it is, the figure of each role, and what it says."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(("section", "item", *ROLES, "says"))
    writer.writerows([as_text(cell) for cell in row] for row in _rows(body))
    return text.getvalue()


def _rows(body: Json) -> Iterator[tuple[object, ...]]:
    people = body["headcount"]
    yield "answer", body["name"] or "", *_both(people), f"{body['ratio']['text']}, {body['lean']}"
    yield "answer", "range", "", "", f"{body['ratio']['low']} to {body['ratio']['high']}"
    yield "answer", "confidence", "", "", body["confidence"]
    for kind in ("hire", "surplus"):
        if people[kind]:
            yield "gap", kind, *_both(people[kind]), ""
    if cost := body["cost"]:
        yield "cost", cost["currency"] or "", *_both(cost), cost["total"]
    for factor in body["score"]["factors"]:
        points = [factor["points"] if factor["role"] == role else "" for role in ROLES]
        kind = "points" if factor["counted"] else "points not in the sum"
        yield kind, factor["title"], *points, " ".join(claim["id"] for claim in factor["claims"])
    for phase in body["phases"]:
        yield "phase", phase["phase"], *_both(phase), phase["ratio"]
    stamp = body["rulebook"]
    yield "rulebook", f"{stamp['name']} {stamp['version']}", "", "", stamp["digest"]


def _both(seats: Json) -> list[object]:
    return [seats[role] for role in ROLES]
