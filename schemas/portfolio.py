"""Portfolios as they are asked for: projects with priorities, and the people there are."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError

from rules.portfolio import LOWEST_PRIORITY, Demand, Member, Pool
from rules.vocabulary import ROLES
from schemas.contract import MOST_PEOPLE
from schemas.faults import Fault, InputError, faults_in
from schemas.fields import Number
from schemas.plan import load_plan, project_names
from schemas.project import Request
from schemas.words import listed, nearest, quote

Json = dict[str, Any]

MOST_PROJECTS = 50
_ORDINARY = 3
PRIORITY = Number(
    1,
    LOWEST_PRIORITY,
    decimals=0,
    data_key="priority",
    metadata={"description": f"1 comes first, {LOWEST_PRIORITY} last; {_ORDINARY} unless said"},
)
HAVE = Number(0, MOST_PEOPLE, unit="FTE", decimals=2, metadata={"description": "People there are, in FTE"})
HIRE = Number(0, MOST_PEOPLE, unit="people", decimals=0, metadata={"description": "Whole people who may be hired"})


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Requests with whole schedules, each with its priority, and the pool that they share."""

    requests: tuple[Request, ...]
    priorities: tuple[int, ...]
    pool: Pool


def load_portfolio(document: object) -> Portfolio:
    """Return the portfolio that a JSON document makes; raise InputError with every fault of it."""
    if not isinstance(document, dict):
        raise InputError([Fault("", "wrong_type", f"{quote(document)} is no portfolio: send people and projects")])
    faults = _unknown(document, ("people", "hire", "projects"))
    people = _by_role(document.get("people"), HAVE, "people", faults, required=True)
    hire = _by_role(document.get("hire"), HIRE, "hire", faults)
    members = _members(document.get("projects"), faults)
    if faults:
        raise InputError(faults)
    requests, priorities = zip(*members, strict=True)
    return Portfolio(requests, priorities, Pool(people, {role: int(most) for role, most in hire.items()}))


def _members(projects: object, faults: list[Fault]) -> list[tuple[Request, int]]:
    if not isinstance(projects, list) or not 0 < len(projects) <= MOST_PROJECTS:
        message = f"projects is a list of 1 to {MOST_PROJECTS}, each with a project and maybe a priority"
        faults.append(Fault("projects", "wrong_type", message))
        return []
    members = []
    for place, given in enumerate(projects):
        found: list[Fault] = []
        member = _member(given, found)
        faults += [fault.under(f"projects.{place}") for fault in found]
        members += [member] if member else []
    return members


def _member(given: object, faults: list[Fault]) -> tuple[Request, int] | None:
    if not isinstance(given, dict):
        faults.append(Fault("", "wrong_type", f"{quote(given)} will not do: give a project and maybe a priority"))
        return None
    faults += _unknown(given, ("priority", "project"))
    priority = _read(PRIORITY, given.get("priority", _ORDINARY), "priority", faults)
    try:
        return load_plan(given.get("project")), int(priority)
    except InputError as error:
        faults += [fault.under("project") for fault in error.faults]
        return None


def _by_role(
    given: object, field: Number, name: str, faults: list[Fault], *, required: bool = False
) -> dict[str, float]:
    if given is None and not required:
        return dict.fromkeys(ROLES, 0)
    if not isinstance(given, dict):
        code = "required" if given is None else "wrong_type"
        faults.append(Fault(name, code, f"{name} gives a number for {' and '.join(ROLES)}"))
        return dict.fromkeys(ROLES, 0)
    faults += [fault.under(name) for fault in _unknown(given, ROLES)]
    return {role: _read(field, given.get(role, 0), f"{name}.{role}", faults) for role in ROLES}


def _read(field: Number, value: object, name: str, faults: list[Fault]) -> float:
    keyed = copy(field)
    keyed.data_key = name
    try:
        return keyed.read(value)
    except ValidationError as error:
        faults += faults_in(error.messages, name)
        return 0


def _unknown(given: Json, known: Sequence[str]) -> list[Fault]:
    return [
        Fault(
            str(key),
            "unknown_field",
            f"{quote(key)} has no place here; there is {listed(known)}",
            did_you_mean=nearest(str(key), known),
        )
        for key in given
        if key not in known
    ]


def members_of(portfolio: Portfolio) -> list[Member]:
    """Return the projects as the programme knows them, each with a name of its own."""
    return [
        Member(name, priority, request.project.team.increment)
        for name, priority, request in zip(
            project_names(portfolio.requests), portfolio.priorities, portfolio.requests, strict=True
        )
    ]


def demands_of(answers: Sequence[Json]) -> list[Demand]:
    """Return what the plans of recommendations ask for, project by project, phase by phase and role by role."""
    return [
        Demand(
            place,
            phase["phase"],
            role,
            date.fromisoformat(phase["start"]),
            date.fromisoformat(phase["end"]),
            phase[role],
            min(phase[role], max((rule["minimum"].get(role, 0) for rule in answer["requirements"]), default=0)),
        )
        for place, answer in enumerate(answers)
        for phase in answer["phases"]
        if phase["start"]
        for role in ROLES
        if phase[role]
    ]
