"""A rulebook that favours no role by the way it asks: bounds on the spread of net over all cells."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rules.proof.distribution import Distribution, mean
from rules.proof.verdict import Verdict
from rules.proof.witness import rounded
from rules.vocabulary import ROLES

MEAN = 1  # points of raw net, either way
LEAN = (20, 50)  # percent of all cells
CAPPED = 10  # percent
DRIFT = 1  # points between the means of any two numbers of questions answered


def neutral(spread: Distribution, drift: Fraction) -> Iterator[Verdict]:
    """The bounds, each a verdict; `drift` is how far the mean moves with the number of questions answered."""
    middle = mean(spread.raw)
    says = f"mean net over all cells is within {MEAN} point of 0"
    yield Verdict("neutral", "mean", abs(middle) <= MEAN, says, {"mean": rounded(middle)})
    for lean in (*ROLES, "balanced"):
        percent = Fraction(100 * spread.where(lean), spread.cells)
        says = (
            f"between {LEAN[0]} and {LEAN[1]} % of all cells lean {lean}"
            if lean in ROLES
            else (f"between {LEAN[0]} and {LEAN[1]} % of all cells are balanced")
        )
        yield Verdict("neutral", lean, LEAN[0] <= percent <= LEAN[1], says, {"pct": rounded(percent)})
    percent = Fraction(100 * spread.capped, spread.cells)
    says = f"fewer than {CAPPED} % of all cells are held back by the bound"
    yield Verdict("neutral", "capped", percent < CAPPED, says, {"pct": rounded(percent)})
    says = f"answering more questions moves mean net by less than {DRIFT} point"
    yield Verdict("neutral", "drift", drift < DRIFT, says, {"drift": rounded(drift)})
