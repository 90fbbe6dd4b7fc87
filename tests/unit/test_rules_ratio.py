"""Net points become a ratio: one small table, mirrored, each text its nearest fraction."""

from itertools import product
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import Scale
from rules.ratio import LARGEST_TERM, RatioTable
from tests.small import SCALE
from tests.strategies import scales

# Data scientists to ML engineers at the article's scale; a tie in logarithms (3:1 with 8:3) takes the smaller terms.
TABLE = [
    (0, "1:1", 1.0),
    (1, "6:5", 1.189),
    (2, "7:5", 1.414),
    (3, "5:3", 1.682),
    (4, "2:1", 2.0),
    (5, "7:3", 2.378),
    (6, "3:1", 2.828),
    (7, "7:2", 3.364),
    (8, "4:1", 4.0),
    (-1, "5:6", 0.841),
    (-2, "5:7", 0.707),
    (-3, "3:5", 0.595),
    (-4, "1:2", 0.5),
    (-8, "1:4", 0.25),
]


@pytest.mark.parametrize(("net", "text", "value"), TABLE)
def test_the_articles_table(net: int, text: str, value: float) -> None:
    """Four points double the ratio."""
    ratio = RatioTable(SCALE).of(net)

    assert (ratio.net, ratio.text, ratio.value) == (net, text, value)


@pytest.mark.parametrize(
    ("net", "lean"),
    [
        (-8, "ml_engineer"),
        (-3, "ml_engineer"),
        (-2, "balanced"),
        (0, "balanced"),
        (2, "balanced"),
        (3, "data_scientist"),
    ],
)
def test_the_lean_is_balanced_within_its_band(net: int, lean: str) -> None:
    """The band includes its edges; beyond, the role with more points is named."""
    assert RatioTable(SCALE).lean(net) == lean


def test_without_a_band_only_zero_is_balanced() -> None:
    """A rulebook may want the lean named from the first point."""
    table = RatioTable(Scale(SCALE.strengths, 4, 8, 0))

    assert [table.lean(net) for net in (-1, 0, 1)] == ["ml_engineer", "balanced", "data_scientist"]


@pytest.mark.parametrize(("raw", "net"), [(9, 8), (40, 8), (-9, -8), (-40, -8), (8, 8)])
def test_beyond_the_bound_the_bound_holds(raw: int, net: int) -> None:
    """However many points agree, nothing claims more than 4:1."""
    assert RatioTable(SCALE).of(raw) == RatioTable(SCALE).of(net)


@given(scales(), st.integers(-20, 20))
def test_the_table_is_mirrored(scale: Scale, net: int) -> None:
    """Swapping the roles swaps the terms and inverts the value."""
    there, back = RatioTable(scale).of(net), RatioTable(scale).of(-net)

    assert there.text.split(":") == back.text.split(":")[::-1]
    assert there.value * back.value == pytest.approx(1, rel=0.02)
    assert {there.lean, back.lean} in ({"balanced"}, {"data_scientist", "ml_engineer"})


@given(scales(), st.integers(-20, 20))
def test_no_fraction_of_small_terms_is_nearer(scale: Scale, raw: int) -> None:
    """Nearest in logarithms, both terms at most eight, in lowest terms."""
    ratio = RatioTable(scale).of(raw)
    goal = ratio.net / scale.points_to_double
    left, right = map(int, ratio.text.split(":"))
    others = product(range(1, LARGEST_TERM + 1), repeat=2)
    nearest = min((round(abs(log2(a / b) - goal), 9), a + b) for a, b in others)

    assert (round(abs(log2(left / right) - goal), 9), left + right) == nearest


@given(scales(), st.integers(-20, 20))
def test_more_points_never_give_a_smaller_ratio(scale: Scale, raw: int) -> None:
    """The ratio follows the sum."""
    table = RatioTable(scale)

    assert table.of(raw).value <= table.of(raw + 1).value
