"""The range and the confidence are the exact distribution's, drawn by drawn."""

from collections import Counter
from itertools import accumulate, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import Scale
from rules.ratio import RatioTable
from rules.uncertainty import Range, spread
from tests import reference
from tests.small import SCALE
from tests.strategies import scales

Spans = tuple[tuple[int, int], ...]
RATIOS = RatioTable(SCALE)
RAW = st.integers(-14, 14)
SPANS = st.tuples(st.integers(-4, 4), st.integers(-4, 4)).map(lambda pair: (min(pair), max(pair)))


def enumerated(raw: int, counted: int, spans: Spans, scale: Scale) -> Range:
    """Every outcome listed: each strength and each open question is one draw of three."""
    draws = [(-1, 0, 1)] * counted + [(low, 0, high) for low, high in spans]
    nets = sorted(raw + sum(drawn) for drawn in product(*draws))
    tail = len(nets) // 10  # so many may be left out at each end
    kept = sum(reference.lean(net, scale) == reference.lean(raw, scale) for net in nets)
    return Range(nets[tail], nets[-1 - tail], round(kept / len(nets), 2))


@given(RAW, st.integers(0, 5), st.lists(SPANS, max_size=3).map(tuple), scales())
def test_it_is_the_distribution_of_every_outcome(raw: int, counted: int, spans: Spans, scale: Scale) -> None:
    """Tabled or listed one by one, the central 80 % and the chance of the lean are the same."""
    assert spread(raw, counted, spans, RatioTable(scale)) == enumerated(raw, counted, spans, scale)


def test_with_nothing_judged_nothing_is_uncertain() -> None:
    """No counted strength and no open question leave one outcome."""
    assert spread(3, 0, (), RATIOS) == Range(3, 3, 1.0)


@pytest.mark.parametrize(
    ("raw", "counted", "expected"),
    [
        (0, 1, Range(-1, 1, 1.0)),
        (3, 1, Range(2, 4, 0.67)),  # one of three outcomes, net 2, is balanced
        (3, 2, Range(1, 5, 0.67)),  # a ninth of the outcomes lies at net 1: more than a tenth, so it is in the range
    ],
)
def test_small_cases_by_hand(raw: int, counted: int, expected: Range) -> None:
    """As few draws as can be counted on fingers."""
    assert spread(raw, counted, (), RATIOS) == expected


@given(RAW, st.integers(0, 32))
def test_without_open_questions_the_range_is_centred(raw: int, counted: int) -> None:
    """A strength errs up as often as down."""
    found = spread(raw, counted, (), RATIOS)

    assert found.low + found.high == 2 * raw


@given(RAW, st.integers(0, 32), st.integers(1, 6))
def test_one_more_judgement_or_even_question_never_narrows_the_range(raw: int, counted: int, width: int) -> None:
    """More that may err, or an open question that pulls both ways alike: never a surer answer."""
    before = spread(raw, counted, (), RATIOS)
    for after in (spread(raw, counted + 1, (), RATIOS), spread(raw, counted, ((-width, width),), RATIOS)):
        assert after.low <= before.low
        assert before.high <= after.high


@given(RAW, st.integers(0, 8), st.lists(SPANS, max_size=6).map(tuple))
def test_swapping_the_roles_mirrors_the_range(raw: int, counted: int, spans: Spans) -> None:
    """Neither role is judged with more doubt than the other."""
    there = spread(raw, counted, spans, RATIOS)
    back = spread(-raw, counted, tuple((-high, -low) for low, high in spans), RATIOS)

    assert (there.low, there.high, there.confidence) == (-back.high, -back.low, back.confidence)


@given(RAW, st.integers(0, 8), st.lists(SPANS, max_size=6).flatmap(st.permutations))
def test_the_order_of_the_questions_is_of_no_account(raw: int, counted: int, spans: list[tuple[int, int]]) -> None:
    """Independent draws may be taken in any order."""
    assert spread(raw, counted, tuple(spans), RATIOS) == spread(raw, counted, tuple(sorted(spans)), RATIOS)


def added_up(raw: int, counted: int, spans: Spans) -> Range:
    """The same, outcomes of equal net counted together, so that many draws can be taken."""
    weights = Counter({raw: 1})
    for draw in [(-1, 1)] * counted + list(spans):
        drawn: Counter[int] = Counter()
        for shift in (0, *draw):
            drawn.update({net + shift: weight for net, weight in weights.items()})
        weights = drawn
    total = weights.total()

    def end(nets: list[int]) -> int:
        return next(
            net for net, sofar in zip(nets, accumulate(weights[n] for n in nets), strict=True) if sofar * 10 > total
        )

    kept = sum(weight for net, weight in weights.items() if RATIOS.lean(net) == RATIOS.lean(raw))
    return Range(end(sorted(weights)), end(sorted(weights, reverse=True)), round(kept / total, 2))


@given(RAW, st.integers(0, 120), st.lists(SPANS, max_size=22).map(tuple))
def test_any_number_of_strengths_and_questions_is_exact(raw: int, counted: int, spans: Spans) -> None:
    """Thirty themes, and every question open: no weight spills over into its neighbour."""
    assert spread(raw, counted, spans, RATIOS) == added_up(raw, counted, spans)
