"""The rulebook as zen-engine's decision tables: the same points, rules and matches, or the bench stops."""

import pytest

from bench import zen
from bench.against import jdm
from bench.processes import RIVALS
from rules.project import Project
from tests.article import engine, sampled

needs_rivals = pytest.mark.skipif(not RIVALS.exists(), reason="zen-engine is not installed: make rivals")


def test_every_effect_of_a_rule_is_a_row_in_each_layout():
    """What moves points is in the tables, whole, once."""
    effects = sum(len(group.effects) for group in engine().scorecard.groups)
    for graph in jdm.graphs(engine().scorecard).values():
        tables = [node["content"]["rules"] for node in graph["nodes"] if node["type"] == "decisionTableNode"]
        assert sum(map(len, tables)) == effects


@needs_rivals
def test_zen_engine_answers_drawn_projects_as_the_engine_does():
    """Points, net, rules and what they matched agree on projects drawn over all cells, by every layout and trace."""
    projects = sampled(60, seed=3)
    with zen.running(engine(), projects) as rival:
        zen.check(engine(), projects, rival)


@needs_rivals
def test_a_difference_stops_the_bench():
    """A rival that was asked about other projects than the engine is not timed."""
    asked = [Project({"industry": "retail", "phase": "modeling", "deployment.pattern": "batch"})]
    other = [Project({"industry": "retail", "phase": "modeling", "deployment.pattern": "edge"})]
    with zen.running(engine(), other) as rival, pytest.raises(SystemExit, match="strongest"):
        zen.check(engine(), asked, rival)
