"""Money in exact arithmetic, rounded once and said to be: half up, to the currency's minor unit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

from rules.project import Budget, Schedule
from rules.vocabulary import ROLES

Json = dict[str, Any]

WEEKS_A_YEAR = 52
DAYS_A_WEEK = 5
DAYS_A_YEAR = WEEKS_A_YEAR * DAYS_A_WEEK
HOURS_A_DAY = 8

# Decimals of the currencies that have no cents (ISO 4217); all others have two.
_DECIMALS = dict.fromkeys(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)

ROUNDING = (
    f"A year is {WEEKS_A_YEAR} weeks of {DAYS_A_WEEK} working days of {HOURS_A_DAY} hours. Sums are exact and rounded "
    "half up to the currency's minor unit; parts are rounded so that they add up to the total."
)


def years(schedule: Schedule | None) -> Fraction:
    """The time that the budget has to last: the schedule's weeks, or a year where none are given."""
    return Fraction(schedule.weeks, WEEKS_A_YEAR) if schedule and schedule.weeks else Fraction(1)


def decimals(currency: str | None) -> int:
    """How many decimals the currency has; two where none is named."""
    return _DECIMALS.get(currency or "", 2)


def rounded(amount: Fraction, currency: str | None) -> Decimal:
    """The amount, not negative, rounded half up."""
    return _in_units(_units(amount, currency), currency)


def parts(amounts: Sequence[Fraction], currency: str | None) -> list[Decimal]:
    """The amounts rounded so that they add up to their rounded sum: each is the step that the running total makes."""
    running = [_units(upto, currency) for upto in accumulate(amounts, initial=Fraction(0))]
    return [_in_units(after - before, currency) for before, after in pairwise(running)]


def spendable(budget: Budget) -> Fraction:
    """What of the budget can be paid out: the whole minor units of its amount, which must be there."""
    assert budget.amount is not None
    scale = 10 ** decimals(budget.currency)
    return Fraction(Fraction(budget.amount) * scale // 1, scale)


def hourly(annual: Decimal, currency: str | None) -> Decimal:
    """The rate of an hour of a person who costs so much a year."""
    return rounded(Fraction(annual) / (DAYS_A_YEAR * HOURS_A_DAY), currency)


def bill(costs: Sequence[Decimal], budget: Budget, schedule: Schedule | None, *, planned: bool) -> Json:
    """What the people cost by role and in all, over which time, and at which rates; `planned` phase by phase."""
    assert budget.annual_cost is not None
    return {
        "currency": budget.currency,
        "total": str(sum(costs, Decimal(0))),
        **by_role(costs),
        "weeks": int(years(schedule) * WEEKS_A_YEAR),
        "basis": "phases" if planned else "headcount",
        "hourly_rate": by_role([hourly(budget.annual_cost[role], budget.currency) for role in ROLES]),
        "note": ROUNDING,
    }


def by_role(amounts: Sequence[Decimal]) -> dict[str, str]:
    """The amounts as JSON has them: text, so that no decimal is lost."""
    return dict(zip(ROLES, map(str, amounts), strict=True))


def said(amount: Decimal, currency: str | None) -> str:
    """The amount in a sentence."""
    return f"{amount:,} {currency}" if currency else f"{amount:,}"


def _units(amount: Fraction, currency: str | None) -> int:
    return int(amount * 10 ** decimals(currency) + Fraction(1, 2))


def _in_units(units: int, currency: str | None) -> Decimal:
    return Decimal(units).scaleb(-decimals(currency))
