"""Where one role has people over and the other is short: what they share, and that they stay what they are."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from rules.engine import Engine
from rules.model import Claim
from rules.project import Project, Team
from rules.vocabulary import ROLES, Answer
from tests import article, small
from tests.strategies import ENOUGH, projects

DATA, ENGINEERING = ROLES
ANSWERS: dict[str, Answer] = {"industry": "finance", "phase": "modeling", "deployment.pattern": "batch"}


def headcount(existing: dict[str, float] | None, **answers: Answer) -> Any:
    project = Project({**ANSWERS, **answers}, Team(4, 0.5, existing))
    return article.engine().recommend(project)["headcount"]


def test_people_over_in_one_role_can_help_the_other_as_far_as_skills_overlap() -> None:
    """The article has both write Python; the core skills of the role that is short are listed as its own."""
    bridge = headcount({DATA: 5, ENGINEERING: 0})["bridge"]

    assert (bridge["from"], bridge["to"]) == (DATA, ENGINEERING)
    assert [(one["skill"], [claim["id"] for claim in one["claims"]]) for one in bridge["covers"]] == [
        ("Python", ["A21", "A24"])
    ]
    assert "Software engineering" in bridge["core_skills"][0]["items"]
    assert "not counted as ML engineers" in bridge["note"]


def test_it_works_both_ways() -> None:
    """ML engineers can help data scientists as well."""
    assert headcount({DATA: 0, ENGINEERING: 6})["bridge"]["from"] == ENGINEERING


@settings(max_examples=ENOUGH * 2)
@given(projects())
def test_there_is_a_bridge_where_surplus_and_shortage_meet_and_nowhere_else(project: Project) -> None:
    """As wide as the smaller of the two; hire and surplus are what they are without it."""
    people = article.engine().recommend(project)["headcount"]
    over, short = ({role for role in ROLES if (people[by] or {}).get(role)} for by in ("surplus", "hire"))
    bridge = people["bridge"]

    assert (bridge is not None) == bool(over and short)
    if bridge:
        assert ({bridge["from"]}, {bridge["to"]}) == (over, short)
        assert bridge["fte"] == min(people["surplus"][bridge["from"]], people["hire"][bridge["to"]])


@pytest.mark.parametrize(("languages", "helps"), [(("python", "sql"), True), (("c++",), False)])
def test_only_languages_that_are_set_count(languages: tuple[str, ...], helps: bool) -> None:
    """Python is no help where the project is in C++."""
    bridge = headcount({DATA: 5, ENGINEERING: 0}, languages=languages)["bridge"]

    assert bool(bridge["covers"]) == helps
    assert ("cannot help" in bridge["note"]) != helps


def test_another_rulebook_has_its_own_overlap() -> None:
    """What its claims say of both roles, and a letter is no language where it begins a word."""
    claims = {
        "C1": Claim("C1", "S", 1, "Queries in SQL, and R", DATA),
        "C2": Claim("C2", "S", 2, "Pipelines in SQL, run by robots", ENGINEERING),
    }
    engine = Engine(replace(small.rulebook(), claims=claims))
    bridge = engine.recommend(Project(small.BARE, Team(4, 1, {DATA: 4, ENGINEERING: 0})))["headcount"]["bridge"]

    assert [one["skill"] for one in bridge["covers"]] == ["SQL"]
