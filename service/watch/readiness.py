"""Whether the service is ready: what has to be well for that, by name, and what is the matter where it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from rules.engine import Engine
from rules.project import Project
from service.cache import TieredCache
from service.logs import LOGGER

_CANARY = Project({"industry": "finance", "phase": "modeling", "deployment.pattern": "batch"})


class State(IntEnum):
    """How well a component is; the worst of them is how well the service is."""

    OK = 0
    DEGRADED = 1  # answers go on, without something that was asked for
    DOWN = 2  # no answer can be given

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Condition:
    """A component's state, the reason where it is not well, and what else a probe is told of it."""

    state: State = State.OK
    reason: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


Check = Callable[[], Condition]


class Readiness:
    """The checks that are registered, in order. Each is asked anew by every probe and every scrape: keep it quick."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def register(self, component: str, check: Check) -> None:
        """Ask `check` how the component is; reasons are public, so that none may hold an address or a secret."""
        self._checks[component] = check

    def conditions(self) -> dict[str, Condition]:
        """Every component's condition; a check that fails degrades the service, and its cause is logged."""
        return {component: _ask(component, check) for component, check in self._checks.items()}


def worst(conditions: Mapping[str, Condition]) -> State:
    """How well the whole is."""
    return max((condition.state for condition in conditions.values()), default=State.OK)


def check_rulebook(engine: Callable[[], Engine]) -> Check:
    """Answer a project by the rules alone; without them there is no answer."""

    def check() -> Condition:
        rulebook = engine().rulebook
        facts = {"name": rulebook.name, "version": rulebook.version, "digest": rulebook.digest}
        try:
            engine().recommend(_CANARY)
        except Exception as error:
            LOGGER.error("rulebook_fails", exc_info=error)
            return Condition(State.DOWN, "The rulebook fails on a plain project; the log has the cause.", facts)
        return Condition(facts=facts)

    return check


def check_cache(cache: TieredCache) -> Check:
    """Ask every tier whether it can be reached; projects are answered without any."""

    def check() -> Condition:
        tiers = cache.health()
        gone = [name for name, tier in tiers.items() if tier["state"] != "ok"]
        if not gone:
            return Condition(facts=tiers)
        return Condition(State.DEGRADED, f"{', '.join(gone)} can't be reached; answers are computed instead.", tiers)

    return check


def _ask(component: str, check: Check) -> Condition:
    try:
        return check()
    except Exception as error:
        LOGGER.error("check_failed", component=component, exc_info=error)
        return Condition(State.DEGRADED, "Its check failed; the log has the cause.")
