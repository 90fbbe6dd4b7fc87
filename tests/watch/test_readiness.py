"""Readiness: ok, degraded with its reasons, or down."""

from __future__ import annotations

from typing import Any

from flask import Flask
from structlog.testing import capture_logs

from rules.engine import Engine
from service import problems
from service.api import health
from service.cache import ProcessTier, TieredCache
from service.watch.readiness import Check, Condition, Readiness, State, check_cache, check_rulebook
from tests.article import article

REFUSED = Condition(State.DEGRADED, "The rulebook on disk is refused; the one before it decides.")
BROKEN = Condition(State.DOWN, "It fails.")


def probe(**checks: Check) -> Any:
    """What a probe of a service with these checks is told."""
    readiness = Readiness()
    for component, check in checks.items():
        readiness.register(component, check)
    app = Flask("probed")
    problems.register(app)
    app.register_blueprint(health.blueprint(readiness))
    return app.test_client().get("/health/ready")


def fails() -> Condition:
    """A check that has a fault of its own."""
    raise KeyError("address and password")


def test_all_well_is_ok_and_gives_no_reasons() -> None:
    """Facts stand under the component's name."""
    told = probe(one=lambda: Condition(facts={"n": 1}), two=Condition)
    assert (told.status_code, told.json) == (200, {"status": "ok", "reasons": {}, "one": {"n": 1}})


def test_one_degraded_component_degrades_the_service_and_says_why() -> None:
    """With status 200, since projects are answered."""
    told = probe(one=Condition, reload=lambda: REFUSED)
    assert told.status_code == 200
    assert told.json == {"status": "degraded", "reasons": {"reload": REFUSED.reason}}


def test_one_component_down_is_a_503_that_names_it_and_what_else_is_wrong() -> None:
    """As a problem, like every error."""
    told = probe(one=Condition, reload=lambda: REFUSED, rulebook=lambda: BROKEN)
    assert (told.status_code, told.content_type) == (503, "application/problem+json")
    assert [(e["field"], e["code"]) for e in told.json["errors"]] == [("reload", "degraded"), ("rulebook", "down")]


def test_a_check_that_fails_degrades_and_keeps_its_cause_to_the_log() -> None:
    """What an exception says may hold what no probe should read."""
    with capture_logs() as lines:
        told = probe(keys=fails)
    assert told.json["status"] == "degraded"
    assert "password" not in told.text
    assert [(line["component"], type(line["exc_info"])) for line in lines] == [("keys", KeyError)]


def test_a_component_that_is_registered_again_is_asked_once() -> None:
    """The later check counts."""
    readiness = Readiness()
    readiness.register("reload", lambda: REFUSED)
    readiness.register("reload", Condition)
    assert readiness.conditions() == {"reload": Condition()}


def test_a_rulebook_that_cannot_answer_is_down() -> None:
    """Without rules there is no answer."""
    broken = Engine(article())
    del broken.scorecard
    assert check_rulebook(lambda: broken)().state is State.DOWN
    well = check_rulebook(lambda: Engine(article()))()
    assert (well.state, well.facts["digest"]) == (State.OK, article().digest)


def test_a_cache_in_the_process_alone_is_well() -> None:
    """No Redis was asked for, so none is missing."""
    assert check_cache(TieredCache([ProcessTier(1_000, 60)]))().state is State.OK
