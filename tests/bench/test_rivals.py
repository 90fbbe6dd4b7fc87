"""What a user would write instead gives the same answer, as far as it goes."""

import json
from contextlib import ExitStack

import pytest

from bench import rivals
from bench.processes import RIVALS
from bench.projects import draw
from schemas.contract import nested
from schemas.project import values_of
from tests.article import engine

pytestmark = pytest.mark.skipif(not RIVALS.exists(), reason="the rivals are not installed: make rivals")


def test_the_rival_service_has_the_same_points_ratio_rules_and_people():
    """On drawn projects, both by HTTP; OpenFisca answers its own example."""
    bodies = [json.dumps(nested(values_of(project))).encode() for project in draw(engine().scorecard, 40, seed=5)]
    with ExitStack() as stack:
        contenders = rivals.start(stack, bodies)
        rivals.check(contenders, bodies)
        household = contenders[rivals.OPENFISCA]
        assert "total_taxes" in json.loads(rivals.ask(household.port, household.requests[0]))["households"]["_"]
