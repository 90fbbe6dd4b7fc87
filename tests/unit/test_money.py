"""Money: exact until it is rounded, half up, to what the currency can pay."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import hourly, parts, rounded, said, spendable, years
from rules.project import Budget, Schedule

CURRENCIES = {"EUR": "0.01", "JPY": "1", "KWD": "0.001", None: "0.01"}
AMOUNTS = st.decimals(0, 10**9, places=6).map(Fraction)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.005", "EUR", "0.01"),
        ("0.00499", "EUR", "0.00"),
        ("12.345", None, "12.35"),
        ("0.5", "JPY", "1"),
        ("1.0005", "KWD", "1.001"),
        ("100", "EUR", "100.00"),
        ("0", "JPY", "0"),
    ],
)
def test_sums_are_rounded_half_up_to_the_minor_unit(amount: str, currency: str | None, expected: str) -> None:
    """With as many decimals as the currency has."""
    assert str(rounded(Fraction(amount), currency)) == expected


@given(AMOUNTS, st.sampled_from(list(CURRENCIES)))
def test_rounding_is_the_decimal_modules(amount: Fraction, currency: str | None) -> None:
    """For whatever both can express."""
    exact = Decimal(amount.numerator) / amount.denominator

    assert rounded(amount, currency) == exact.quantize(Decimal(CURRENCIES[currency]), ROUND_HALF_UP)


@given(st.lists(AMOUNTS, max_size=12), st.sampled_from(list(CURRENCIES)))
def test_parts_add_up_to_the_rounded_total(amounts: list[Fraction], currency: str | None) -> None:
    """Each less than a minor unit from its exact value, and none negative."""
    found, unit = parts(amounts, currency), Fraction(CURRENCIES[currency])

    assert sum(found) == rounded(sum(amounts, Fraction(0)), currency)
    assert all(part >= 0 and abs(Fraction(part) - amount) < unit for part, amount in zip(found, amounts, strict=True))


@pytest.mark.parametrize(
    ("amount", "currency", "expected"), [("1.999", "EUR", "1.99"), ("1.5", "JPY", "1"), ("1.5", "KWD", "1.5")]
)
def test_a_budget_pays_in_whole_minor_units(amount: str, currency: str, expected: str) -> None:
    """So that what is rounded is never more than it."""
    assert spendable(Budget(Decimal(amount), currency)) == Fraction(expected)


def test_rates_and_years_are_as_said() -> None:
    """260 days of 8 hours a year; the schedule's weeks of 52, or one year."""
    assert str(hourly(Decimal(104_000), "USD")) == "50.00"
    assert (years(None), years(Schedule()), years(Schedule(None, 26))) == (1, 1, Fraction(1, 2))


def test_an_amount_is_said_with_its_currency() -> None:
    """Where one is given."""
    assert (said(Decimal("1234.50"), "EUR"), said(Decimal(9), None)) == ("1,234.50 EUR", "9")
