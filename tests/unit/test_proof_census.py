"""Counts over every cell agree with walking every cell, rulebook by random rulebook."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.model import Rulebook
from rules.proof.baseline import Baseline, joint_space, theme_card
from rules.proof.census import Census, weigh
from rules.proof.distribution import Distribution, distribution, mean
from rules.proof.part import LANE, Part, lanes
from rules.scorecard import PHASE_AXIS, Scorecard
from rules.space import Space
from schemas.rulebook import load_rulebook
from tests import strategies, walk

ARTICLE = Path(__file__).parents[2] / "rules" / "article.yaml"


def census(book: Rulebook, space: Space) -> Census:
    weights = weigh(space)
    return Census(weights, [Part(weights, [theme_card(book, theme, space)]) for theme in book.themes])


@settings(max_examples=50)
@given(strategies.rulebooks())
def test_counts_are_those_of_walking_every_cell(book):
    """The distribution of raw net is exact, whatever fields the themes share."""
    (book,) = walk.small_enough(book)
    space = Space(book)
    walked: Counter[int] = Counter()
    for (said,), cells in walk.counted(space, book).items():
        walked[said.raw] += cells
    assert census(book, space).counts() == walked


@settings(max_examples=30)
@given(strategies.rulebooks())
def test_every_sum_comes_with_a_cell_that_has_it(book):
    """A witness scores what it is a witness of."""
    space, card = Space(book), Scorecard(book)
    counted = census(book, space)
    for net in counted.counts():
        cells = counted.find(net.__eq__)
        assert cells is not None
        assert card.net(card.match(cells), cells[PHASE_AXIS] - 1) == net
        assert all(cell in span for cell, span in zip(cells, walk.spans(space), strict=True))


@settings(max_examples=30)
@given(strategies.rulebooks())
def test_what_is_never_attained_has_no_witness(book):
    """Looking for a sum beyond the last one finds nothing."""
    counted = census(book, Space(book))
    beyond = max(counted.counts()) + 1
    assert counted.find(beyond.__eq__) is None


@settings(max_examples=30)
@given(strategies.rulebooks(), st.data())
def test_a_box_counts_its_cells_alone(book, data):
    """Counts by the cells of any one field add up to the whole."""
    space = Space(book)
    counted = census(book, space)
    place = data.draw(st.integers(0, len(space.axes) - 1))
    pieces: Counter[int] = Counter()
    for cell in walk.spans(space)[place]:
        pieces.update(counted.counts({place: (cell,)}))
    assert pieces == counted.counts()


@settings(max_examples=30)
@given(strategies.rulebooks())
def test_cells_by_number_of_answers_are_those_of_walking_every_cell(book):
    """An answer that leaves its question open counts as none; what no rule reads is answered or not, alike for all."""
    (book,) = walk.small_enough(book)
    space, card = Space(book), Scorecard(book)
    read, spread = walk.read(space, book), distribution(book, space)
    walked: Counter[tuple[int, int]] = Counter()
    for at in walk.cells(space, book):
        walked[answered(space, at, read), walk.said(card, at).raw] += 1
    for place in set(range(len(space.axes))) - read:
        before, walked = walked, Counter()
        for cell in walk.spans(space)[place]:
            more = int(cell not in space.axes[place].open)
            walked.update({(number + more, raw): cells for (number, raw), cells in before.items()})
    assert walked == {(number, raw): n for number, counts in spread.by_answered.items() for raw, n in counts.items()}


def answered(space: Space, at: tuple[int, ...], places: set[int]) -> int:
    return sum(at[place] not in space.axes[place].open for place in places)


@settings(max_examples=40)
@given(strategies.rulebooks(), strategies.rulebooks())
def test_two_rulebooks_are_counted_cell_by_cell(old, new):
    """What both say, and whether they require the same, is counted over cells that divide the fields for both."""
    old, new = walk.small_enough(old, new)
    space = joint_space(old, new)
    walked: Counter[tuple[int, int, bool]] = Counter()
    for (before, after), cells in walk.counted(space, old, new).items():
        walked[before.raw, after.raw, before.minimums != after.minimums] += cells
    pairs = Baseline(old, space).versus(new).pairs()
    assert walked == {(pair.old, pair.new, pair.required): cells for pair, cells in pairs}


@given(st.lists(st.integers(-LANE // 2, LANE // 2 - 1), min_size=1, max_size=4))
def test_lanes_keep_their_numbers_apart(numbers):
    """Numbers of either sign are laid side by side and read back."""
    key = sum(number * LANE**place for place, number in enumerate(numbers))
    assert lanes(key, len(numbers)) == tuple(numbers)


@pytest.fixture(scope="module")
def article() -> Rulebook:
    return load_rulebook(ARTICLE.read_text(encoding="utf-8"), filename="article.yaml")


@pytest.fixture(scope="module")
def spread(article: Rulebook) -> Distribution:
    return distribution(article, Space(article))


def test_the_articles_counts_agree_with_a_sample(article, spread):
    """Twenty thousand cells drawn at random give the shares that were counted, within five standard errors."""
    card, draw, size = Scorecard(article), random.Random(20261124), 20_000
    nets = [walk.said(card, tuple(map(draw.choice, walk.spans(card.space)))).raw for _ in range(size)]
    for lean in ("data_scientist", "balanced", "ml_engineer"):
        share = spread.where(lean) / spread.cells
        sampled = sum(spread.ratios.lean(net) == lean for net in nets) / size
        assert abs(sampled - share) < 5 * (share * (1 - share) / size) ** 0.5
    assert abs(sum(nets) / size - mean(spread.raw)) < 5 * 6 / size**0.5


def test_the_article_is_counted_over_every_cell(article, spread):
    """No cell is left out: the counts add up to the product of the fields' cells."""
    cells = 1
    for span in walk.spans(Space(article)):
        cells *= len(span)
    assert spread.cells == cells > 10**15
