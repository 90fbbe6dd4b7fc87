"""Our rulebook as decision graphs of zen-engine's (GoRules JDM): decision tables, and expressions that add up.

Two layouts give the same points. `strongest` has a table for each theme, role and direction, strongest first, whose
policy takes the first row that holds: which is what counts. `all` has one table that collects every row that holds, and
expressions that pick the first of each group, as they lie strongest first. Either may be `told`: then a row that holds
also says which input it held for, as our factors do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rules.model import All, Condition, Is, Within
from rules.scorecard import Effect, Group, Scorecard
from rules.vocabulary import FIELD_BY_NAME, PHASES, ROLES, Many

Json = dict[str, Any]


def graphs(scorecard: Scorecard) -> dict[str, Json]:
    """Every layout by its name."""
    layouts = {"strongest": _strongest, "all": _all}
    return {
        f"{name}{', told' if told else ''}": layout(scorecard, told)
        for name, layout in layouts.items()
        for told in (False, True)
    }


def _strongest(scorecard: Scorecard, told: bool) -> Json:
    tables = [
        _table(
            f"g{place}", "first", [row for effect in group.effects for row in [_row(effect, place, scorecard)]], told
        )
        for place, group in enumerate(scorecard.groups)
    ]
    return _graph(tables, scorecard, "fired.g{}.points")


def _all(scorecard: Scorecard, told: bool) -> Json:
    rows = [_row(effect, place, scorecard) for place, group in enumerate(scorecard.groups) for effect in group.effects]
    return _graph([_table("all", "collect", rows, told)], scorecard, "filter(fired.all, #.group == {})[0].points")


def _graph(tables: list[Json], scorecard: Scorecard, points: str) -> Json:
    """The request, through every table, into the sums; `points` says how to find a group's."""
    sums = {role: _sum([points.format(place) for place in _places(scorecard, role)]) for role in ROLES}
    sums["net"] = "$.data_scientist - $.ml_engineer"
    expressions = [{"id": key, "key": key, "value": value} for key, value in sums.items()]
    adding = _node("sums", "expressionNode", expressions=expressions, passThrough=True)
    names = [table["id"] for table in tables]
    edges = [("in", name) for name in names] + [(name, "sums") for name in names] + [("sums", "out")]
    return {
        "nodes": [_node("in", "inputNode"), *tables, adding, _node("out", "outputNode")],
        "edges": [{"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in edges],
    }


def _places(scorecard: Scorecard, role: str) -> list[int]:
    return [place for place, group in enumerate(scorecard.groups) if role_of(group) == role]


def _sum(terms: list[str]) -> str:
    return " + ".join(f"({term} ?? 0)" for term in terms)


def _table(name: str, policy: str, rows: list[Json], told: bool) -> Json:
    read = sorted({field for row in rows for field in row if field in FIELD_BY_NAME})
    outputs = ["rule", "group", "points", *(["matched"] if told else [])]
    return _node(
        name,
        "decisionTableNode",
        hitPolicy=policy,
        inputs=[{"id": field, "name": field, "field": field} for field in read],
        outputs=[{"id": output, "name": output, "field": output} for output in outputs],
        rules=[{**dict.fromkeys(read, ""), **row} for row in rows],
        outputPath=f"fired.{name}",
    )


def _node(name: str, kind: str, **content: Any) -> Json:
    return {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}, "content": content}


def _row(effect: Effect, group: int, scorecard: Scorecard) -> Json:
    tests = list(_tests(effect.rule.when))
    return {
        "_id": f"{effect.rule.id}/{group}",
        "rule": json.dumps(effect.rule.id),
        "group": str(group),
        "points": _points(effect, scorecard),
        "matched": "{" + ", ".join(f'"{test.field}": {_seen(test)}' for test in tests) + "}",
        **{test.field: _cell(test) for test in tests},
    }


def _points(effect: Effect, scorecard: Scorecard) -> str:
    """Signed points: as many in the theme's phases as the strength is worth, and fewer elsewhere."""
    season = scorecard.rulebook.themes[str(effect.rule.theme)].phases
    full, *fewer = dict.fromkeys(
        scorecard.points(effect, place) for place in sorted(range(len(PHASES)), key=lambda at: PHASES[at] not in season)
    )
    return f"phase in {json.dumps(season)} ? {full} : {fewer[0]}" if fewer else str(full)


def _tests(condition: Condition) -> Iterator[Is | Within]:
    """The tests that must all hold: a row's cells. A rule with alternatives would take more rows; no theme has any."""
    match condition:
        case Is() | Within():
            yield condition
        case All(parts):
            for part in parts:
                yield from _tests(part)
        case _:
            raise NotImplementedError(condition)


def _cell(test: Is | Within) -> str:
    """The test as zen-engine writes it; what is unanswered is null there and compares with nothing."""
    if isinstance(test, Within):
        low = [] if test.minimum is None else [f"$ >= {test.minimum}"]
        high = [] if test.maximum is None else [f"$ < {test.maximum}"]
        return " and ".join(["$ != null", *low, *high])
    values = json.dumps(test.values)
    return f"$ != null and some($, # in {values})" if _is_list(test) else values[1:-1]


def _seen(test: Is | Within) -> str:
    """The input that the test held for; of a list, the part."""
    if isinstance(test, Is) and _is_list(test):
        return f"filter({test.field}, # in {json.dumps(test.values)})"
    return test.field


def _is_list(test: Is | Within) -> bool:
    return isinstance(FIELD_BY_NAME[test.field], Many)


def role_of(group: Group) -> str:
    """The role whose points a group moves."""
    return group.effects[0].role
