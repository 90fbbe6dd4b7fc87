"""The scorecard adds up what the design's words say, and says what it counted."""

from collections import Counter

import pytest
from hypothesis import given

from rules.model import Is, Not, Rule, Rulebook, Scale, Sizing, Within
from rules.scorecard import Scorecard
from rules.vocabulary import PHASES, ROLES, Answer
from tests import reference, small
from tests.reference import Points
from tests.small import rule, rulebook
from tests.strategies import answers, rulebooks

DATA, ENGINEERING = ROLES


def factors(book: Rulebook, project: dict[str, Answer]) -> list[Points]:
    """What the scorecard lists for a project, in its order."""
    scorecard = Scorecard(book)
    matched = scorecard.match(scorecard.space.locate(project))
    return [
        Points(factor.effect.rule.id, factor.effect.role, factor.points, factor.counted)
        for factor in scorecard.factors(matched, PHASES.index(str(project["phase"])))
    ]


def net(book: Rulebook, project: dict[str, Answer]) -> int:
    scorecard = Scorecard(book)
    return scorecard.net(scorecard.match(scorecard.space.locate(project)), PHASES.index(str(project["phase"])))


def counted(book: Rulebook, **project: Answer) -> list[str]:
    return [factor.rule for factor in factors(book, {**small.BARE, **project}) if factor.counted]


@given(rulebooks(), answers())
def test_every_phase_is_scored_as_the_words_say(book: Rulebook, project: dict[str, Answer]) -> None:
    """Against the slow reading of the design: the same factors, the same ones counted, the same net."""
    for phase in PHASES:
        placed = {**project, "phase": phase}
        assert Counter(factors(book, placed)) == Counter(reference.factors(book, placed))
        assert net(book, placed) == reference.raw(book, placed)


@given(rulebooks(), answers())
def test_the_rules_that_hold_are_those_whose_condition_does(book: Rulebook, project: dict[str, Answer]) -> None:
    """In the order of the file, with the minimums and the sizing row that follow."""
    scorecard = Scorecard(book)
    matched = scorecard.match(scorecard.space.locate(project))

    assert scorecard.holding(matched) == [one for one in book.rules if reference.holds(one.when, project)]
    assert scorecard.minimums(matched) == reference.minimums(book, project)
    assert scorecard.sizing(matched) == next(row for row in book.sizing if reference.holds(row.when, project))


@given(rulebooks(), answers())
def test_net_over_some_themes_adds_up_to_net_over_all(book: Rulebook, project: dict[str, Answer]) -> None:
    """What-ifs score only the themes that a field touches."""
    scorecard = Scorecard(book)
    matched = scorecard.match(scorecard.space.locate(project))
    parts = [scorecard.net(matched, 0, [theme]) for theme in range(len(scorecard.themes))]

    assert sum(parts) == scorecard.net(matched, 0)


def test_one_fact_said_in_three_ways_counts_once() -> None:
    """Within a theme, a role takes only its strongest raise; the others are listed."""
    book = rulebook(
        [
            rule("slight", raises={DATA: "slight"}),
            rule("strong", raises={DATA: "strong"}),
            rule("moderate", raises={DATA: "moderate"}),
        ]
    )

    assert factors(book, {**small.BARE}) == [
        Points("strong", DATA, 3, True),
        Points("moderate", DATA, 2, False),
        Points("slight", DATA, 1, False),
    ]


def test_of_equal_strengths_the_first_in_the_file_counts() -> None:
    """So that an author can say which reason is shown."""
    book = rulebook([rule(name, raises={DATA: "moderate"}) for name in ("first", "second")])

    assert counted(book) == ["first"]


def test_words_of_equal_points_are_equal_strengths() -> None:
    """The order in the file decides between `slight` and `strong` where both give one point."""
    flat = Scale({"slight": 1, "moderate": 1, "strong": 1}, 4, 8, 2)
    book = rulebook([rule("weak", raises={DATA: "slight"}), rule("strong", raises={DATA: "strong"})], flat)

    assert counted(book) == ["weak"]


def test_a_raise_and_a_lower_of_one_role_both_count() -> None:
    """They are two directions: one says more work, the other less, and the role keeps the difference."""
    book = rulebook([rule("more", raises={DATA: "strong"}), rule("less", lowers={DATA: "moderate"})])

    assert factors(book, {**small.BARE}) == [Points("more", DATA, 3, True), Points("less", DATA, -2, True)]
    assert net(book, {**small.BARE}) == 1


def test_a_rule_that_touches_both_roles_gives_two_factors() -> None:
    """Each stands in its own role's sum."""
    book = rulebook([rule("both", raises={DATA: "slight"}, lowers={ENGINEERING: "strong"})])

    assert factors(book, {**small.BARE}) == [Points("both", DATA, 1, True), Points("both", ENGINEERING, -3, True)]
    assert net(book, {**small.BARE}) == 4


def test_themes_add_up() -> None:
    """Two facts of two themes are two facts."""
    book = rulebook([rule(theme, raises={DATA: "strong"}, theme=theme) for theme in ("one", "two")])

    assert net(book, {**small.BARE}) == 6


@pytest.mark.parametrize(
    ("strength", "in_season", "elsewhere"), [("slight", 1, 0), ("moderate", 2, 1), ("strong", 3, 2)]
)
def test_out_of_season_a_strength_counts_one_point_less(strength: str, in_season: int, elsewhere: int) -> None:
    """A theme counts in full in the phases when its work is done."""
    book = rulebook([rule("a", lowers={ENGINEERING: strength})], seasons={"one": ["deployment"]})
    nets = {phase: net(book, {**small.BARE, "phase": phase}) for phase in PHASES}

    assert nets == dict.fromkeys(PHASES, elsewhere) | {"deployment": in_season}


def test_a_factor_without_points_is_listed_and_not_counted() -> None:
    """A slight strength out of season is worth nothing, and is no judgement that may err."""
    book = rulebook([rule("a", raises={DATA: "slight"})], seasons={"one": ["deployment"]})

    assert factors(book, {**small.BARE}) == [Points("a", DATA, 0, False)]


def test_a_rule_that_only_requires_has_no_factor() -> None:
    """A requirement sets a minimum and never touches points."""
    book = rulebook([small.requiring("both", {DATA: 1, ENGINEERING: 1})])

    assert factors(book, {**small.BARE}) == []


def test_the_highest_minimum_of_a_role_is_required() -> None:
    """Requirements do not add up: one who is there meets both."""
    book = rulebook([small.requiring("one", {DATA: 1}), small.requiring("two", {DATA: 2, ENGINEERING: 0.5})])
    scorecard = Scorecard(book)

    assert scorecard.minimums(scorecard.match(scorecard.space.locate(small.BARE))) == {DATA: 2, ENGINEERING: 0.5}


def test_the_first_sizing_row_that_holds_is_used() -> None:
    """The table is read from the top, and its last row always holds."""
    many, some = (Within("deployment.models_in_production", least, None) for least in (10, 3))
    rows = [Sizing(10, "Many.", many), Sizing(6, "Some.", some), small.FOUR]
    scorecard = Scorecard(rulebook(sizing=rows))

    def size(**project: Answer) -> float:
        return scorecard.sizing(scorecard.match(scorecard.space.locate({**small.BARE, **project}))).size

    sizes = [size(**{"deployment.models_in_production": models}) for models in (2, 3, 9, 10)]
    assert (sizes, size()) == ([4, 6, 6, 10], 4)


def test_a_condition_that_cannot_hold_never_fires() -> None:
    """Even one that contradicts itself only in its negation."""
    never = Not(Is("phase", PHASES))
    book = rulebook([rule("never", never, {DATA: "strong"}), rule("always", raises={DATA: "slight"})])

    assert counted(book) == ["always"]


def test_rules_see_the_phase_that_is_scored() -> None:
    """A condition on the phase holds in the phase of the row, not only in the project's own."""
    early: Rule = rule("early", Is("phase", PHASES[:2]), {DATA: "strong"})

    assert [net(rulebook([early]), {**small.BARE, "phase": phase}) for phase in PHASES] == [3, 3, 0, 0, 0, 0]
