"""Scoring by columns gives what the scalar engine gives, for any rulebook and any projects."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import column_spread, uncertainty
from rules.column_people import Terms
from rules.columns import Columns, Scores
from rules.engine import Engine
from rules.model import Rulebook
from rules.project import Project, Schedule
from rules.vocabulary import ROLES
from tests import article
from tests.strategies import ENOUGH, projects, rulebooks


def scored(engine: Engine, projects: Sequence[Project]) -> Scores:
    """The projects, scored together."""
    cells = np.array([engine.scorecard.space.locate(project.answers) for project in projects]).T
    terms = [Terms(project.team, project.budget, project.schedule) for project in projects]
    return Columns(engine).score(cells, terms)


def by_columns(engine: Engine, projects: Sequence[Project]) -> list[dict[str, object]]:
    """What the columns say of each project."""
    scores, ratios = scored(engine, projects), engine.ratios
    said = []
    for row, people in enumerate(scores.people):
        net, low, high = (ratios.of(int(column[row])) for column in (scores.net, scores.low, scores.high))
        said.append(
            {
                "lean": net.lean,
                "ratio": {"text": net.text, "value": net.value, "low": low.value, "high": high.value},
                "confidence": int(scores.confidence[row]) / 100,
                "both_required": people.both_required,
                "headcount": {
                    "total": people.total, **people.seats, "basis": people.basis, "hire": people.hire,
                    "surplus": people.surplus,
                },
                "score": {"net": net.net, "raw": int(scores.raw[row])},
                "warnings": list(people.warnings),
            }
        )  # fmt: skip
    return said


def by_engine(engine: Engine, project: Project) -> dict[str, object]:
    """The same parts of the scalar engine's answer."""
    body = engine.recommend(project)
    headcount = ("total", *ROLES, "basis", "hire", "surplus")
    return {
        **{name: body[name] for name in ("lean", "ratio", "confidence", "both_required")},
        "headcount": {name: body["headcount"][name] for name in headcount},
        "score": {name: body["score"][name] for name in ("net", "raw")},
        "warnings": list(dict.fromkeys(warning["code"] for warning in body["warnings"])),
    }


def planned() -> st.SearchStrategy[Project]:
    """Projects of which some have dates, so that their phases may be priced."""
    schedules = st.none() | st.builds(Schedule, st.dates(date(2027, 1, 1), date(2027, 2, 1)), st.integers(1, 30))
    return st.builds(lambda project, schedule: replace(project, schedule=schedule), projects(), schedules)


@settings(max_examples=ENOUGH * 3)
@given(st.lists(projects() | planned(), min_size=1, max_size=12))
def test_columns_say_what_the_engine_says_of_each_project(drawn: list[Project]) -> None:
    """Under the article's rulebook, projects with anything that a planner may say."""
    engine = article.engine()
    assert by_columns(engine, drawn) == [by_engine(engine, project) for project in drawn]


@settings(max_examples=ENOUGH * 4)
@given(rulebooks(), st.lists(projects() | planned(), min_size=1, max_size=6))
def test_columns_say_what_the_engine_says_under_any_rulebook(book: Rulebook, drawn: list[Project]) -> None:
    """Other scales, themes, conditions, requirements and sizes."""
    engine = Engine(book)
    assert by_columns(engine, drawn) == [by_engine(engine, project) for project in drawn]


def test_two_thousand_projects_drawn_over_all_cells_agree() -> None:
    """With silence as likely as any answer, so that ranges are wide and narrow."""
    engine, drawn = article.engine(), article.sampled(2_000, seed=7)
    assert by_columns(engine, drawn) == [by_engine(engine, project) for project in drawn]


def test_a_row_that_lies_beside_an_edge_is_counted_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """As by the scalar engine; here every row is taken for one, since hardly any is."""
    monkeypatch.setattr(column_spread, "_NEAR", 1)
    pairs = list(combinations_with_replacement([(-1, 0), (0, 1), (-2, 2), (-3, 1)], 3))
    raw, counted = np.arange(len(pairs)) - 10, np.arange(len(pairs)) % 3
    ratios = article.engine().ratios
    columns = column_spread.spread(raw, counted, np.array(pairs).transpose(2, 1, 0), ratios)
    for row, (low, high, confidence) in enumerate(zip(*columns, strict=True)):
        exact = uncertainty.spread(int(raw[row]), int(counted[row]), pairs[row], ratios)
        assert (low, high, confidence / 100) == (exact.low, exact.high, exact.confidence)
