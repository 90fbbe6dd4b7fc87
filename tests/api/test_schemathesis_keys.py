"""schemathesis where keys are asked for and callers are counted: each refusal is one of those that are documented."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import schemathesis
from limits import parse_many
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema

from service.app import create_app
from service.config import Settings, bundled_rulebook
from service.guard.keys import make_key
from service.guard.scopes import KEYED
from service.guard.settings import GuardSettings

CONFIG = {
    "seed": 1,
    "generation": {"max-examples": 5, "deterministic": True},
    "phases": {"coverage": {"enabled": False}},  # no preflights, which need no key; the other tests have them
}
OPEN = ("/health/live", "/health/ready")


def guarded(guard: GuardSettings) -> OpenApiSchema:
    """What an application with such a guard documents; the proof, which takes seconds, is left to others."""
    app = create_app(Settings(rulebook=bundled_rulebook(), guard=guard))
    config = SchemathesisConfig.from_dict(CONFIG)
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=config).exclude(path="/rulebook/proof")


with TemporaryDirectory() as folder:
    file = Path(folder) / "keys.json"
    KEY = make_key(file, "all", KEYED, None)[1]
    SCOPELESS = make_key(file, "none", [], None)[1]
    keyed = guarded(GuardSettings(keys_file=file))
counted = guarded(GuardSettings(rate_limit=tuple(parse_many("1/day"))))


def answered(case: Case, key: str | None = None) -> int:
    """Call, hold the answer to what is documented, and return its status."""
    answer = case.call(headers={"X-API-Key": key} if key else {})
    case.validate_response(answer, excluded_checks=[positive_data_acceptance])
    return answer.status_code


@keyed.parametrize()
def test_a_key_opens_what_it_is_for(case: Case) -> None:
    """With every scope nothing is refused for want of one."""
    assert answered(case, KEY) not in (401, 403)


@keyed.parametrize()
def test_who_has_no_key_or_not_the_scope_is_refused_as_documented(case: Case) -> None:
    """Whatever else is wrong with the request: 401 or 403, but for the probes."""
    assert (answered(case), answered(case, SCOPELESS)) == ((200, 200) if case.path in OPEN else (401, 403))


@counted.parametrize()
def test_who_comes_too_often_is_told_so_as_documented(case: Case) -> None:
    """Whatever else is wrong with the request, once the day's allowance is spent: 429, but for the probes."""
    answered(case)
    assert answered(case) == (200 if case.path in OPEN else 429)
