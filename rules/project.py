"""The project that a planner describes, as the decision sees it: resolved, checked, without wire spellings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from rules.vocabulary import Answer


@dataclass(frozen=True, slots=True)
class Team:
    """People in FTE: the `size` wanted, seated in steps of `increment` (1, 0.5 or 0.25), and those who are there."""

    size: float | None = None
    increment: float = 1
    existing: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """Money for the project: `amount` in all, `annual_cost` of one FTE by role, in one `currency` (ISO 4217)."""

    amount: Decimal | None = None
    currency: str | None = None
    annual_cost: Mapping[str, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the project runs: calendar weeks from `start`."""

    start: date | None = None
    weeks: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """`answers` by dotted field name, in the vocabulary's values; an absent field is unanswered."""

    answers: Mapping[str, Answer]
    team: Team = field(default_factory=Team)
    budget: Budget | None = None
    schedule: Schedule | None = None
