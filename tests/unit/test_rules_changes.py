"""What would change the answer is what scoring every other project from scratch says."""

from collections.abc import Iterator, Mapping
from itertools import combinations, product

import pytest
from hypothesis import given, settings

from rules.changes import Changes
from rules.engine import Engine
from rules.model import Is, Rulebook
from rules.scorecard import PHASE_AXIS
from rules.vocabulary import FIELDS, ROLES, Answer
from tests import article, reference, small
from tests.small import rule, rulebook
from tests.strategies import ENOUGH, answers, rulebooks

DATA, ENGINEERING = ROLES
FACTS = ("industry", "phase")
Move = tuple[str, Answer | None]


class FromScratch:
    """One project's neighbours, each scored as a project of its own."""

    def __init__(self, engine: Engine, project: Mapping[str, Answer]) -> None:
        self.engine, self.scorecard = engine, engine.scorecard
        self.cells = self.scorecard.space.locate(project)
        self.raw = self.raw_of(self.cells)
        self.lean = reference.lean(self.raw, engine.rulebook.scale)
        axes = list(enumerate(self.scorecard.axes))
        self.answered = [place for place, axis in axes if self.cells[place] not in axis.open]
        self.open = [place for place, axis in axes if self.cells[place] in axis.open]

    def matched(self, change: tuple[int, int]) -> int:
        return self.scorecard.match([change[1] if i == change[0] else cell for i, cell in enumerate(self.cells)])

    def raw_of(self, cells: list[int]) -> int:
        return self.scorecard.net(self.scorecard.match(cells), cells[PHASE_AXIS] - 1)

    def changed(self, *changes: tuple[int, int]) -> int:
        cells = list(self.cells)
        for place, cell in changes:
            cells[place] = cell
        return self.raw_of(cells)

    def others(self, place: int) -> list[tuple[int, int]]:
        axis = self.scorecard.axes[place]
        return [(place, cell) for cell in axis.answers if cell != self.cells[place]]

    def flips(self) -> Iterator[tuple[tuple[int, int], ...]]:
        """Every change of one answer, then of two, that gives another lean, in the contract's order."""
        movable = [place for place in self.answered if self.scorecard.axes[place].field.name not in FACTS]
        singles = [(change,) for place in movable for change in self.others(place)]
        pairs = (product(self.others(one), self.others(other)) for one, other in combinations(movable, 2))
        for changes in (*singles, *(pair for some in pairs for pair in some)):
            if reference.lean(self.changed(*changes), self.engine.rulebook.scale) != self.lean:
                yield changes


def changes_of(engine: Engine, project: Mapping[str, Answer]) -> Changes:
    scorecard = engine.scorecard
    cells = scorecard.space.locate(project)
    matched = scorecard.match(cells)
    raw = scorecard.net(matched, cells[PHASE_AXIS] - 1)
    return Changes(scorecard, engine.reach, engine.ratios, cells, matched, raw)


@given(rulebooks(), answers())
def test_every_change_is_scored_as_the_words_say(book: Rulebook, project: dict[str, Answer]) -> None:
    """Each other answer to each field, in every field, gives the net that a slow reading of the design gives."""
    engine = Engine(book)
    changes = changes_of(engine, project)
    for place, axis in enumerate(engine.scorecard.axes):
        for change in changes.answers(place):
            answer = axis.cells[change.cell].value
            assert answer is not None
            assert change.raw == reference.raw(book, {**project, axis.field.name: answer})


def check_alternatives(engine: Engine, project: Mapping[str, Answer]) -> None:
    scratch = FromScratch(engine, project)
    expected = [change for place in scratch.answered for change in scratch.others(place)]
    found = list(changes_of(engine, project).alternatives())

    assert [(change.axis, change.cell) for change in found] == expected
    assert [change.raw for change in found] == [scratch.changed(change) for change in expected]
    assert [change.matched for change in found] == [scratch.matched(change) for change in expected]


@given(rulebooks(), answers())
def test_alternatives_are_every_other_value_of_every_answered_field(book: Rulebook, project: dict[str, Answer]) -> None:
    """In the contract's order, facts of the project among them, each with its exact raw net."""
    check_alternatives(Engine(book), project)


def test_alternatives_are_exact_under_the_articles_rulebook() -> None:
    """With all its themes, phases and shared fields."""
    for project in article.sampled(20):
        check_alternatives(article.engine(), project.answers)


def check_spans(engine: Engine, project: Mapping[str, Answer]) -> None:
    scratch = FromScratch(engine, project)
    shifts = {
        place: [scratch.changed(change) - scratch.raw for change in scratch.others(place)] for place in scratch.open
    }

    assert changes_of(engine, project).spans() == {place: (min(by), max(by)) for place, by in shifts.items()}


@given(rulebooks(), answers())
def test_an_open_question_spans_the_shifts_of_its_answers(book: Rulebook, project: dict[str, Answer]) -> None:
    """From its lowest to its highest, for every field that is unanswered or undecided, and no other."""
    check_spans(Engine(book), project)


def test_spans_are_exact_under_the_articles_rulebook() -> None:
    """So that the next question is the one that could move net the most."""
    for project in article.sampled(20):
        check_spans(article.engine(), project.answers)


def check_flip(engine: Engine, project: Mapping[str, Answer]) -> None:
    found = changes_of(engine, project).smallest_flip()

    assert tuple((change.axis, change.cell) for change in found) == next(FromScratch(engine, project).flips(), ())


@settings(max_examples=ENOUGH)
@given(rulebooks(), answers())
def test_the_smallest_flip_is_the_first_that_scoring_all_finds(book: Rulebook, project: dict[str, Answer]) -> None:
    """One change before two, in the contract's order; none only where no one or two give another lean."""
    check_flip(Engine(book), project)


def test_the_smallest_flip_is_the_first_under_the_articles_rulebook() -> None:
    """Fields that share a theme and fields that do not."""
    for project in article.sampled(20):
        check_flip(article.engine(), project.answers)


def flip_of(book: Rulebook, **project: Answer) -> list[Move]:
    engine = Engine(book)
    axes = engine.scorecard.axes
    found = changes_of(engine, {**small.BARE, **project}).smallest_flip()
    return [(axes[change.axis].field.name, axes[change.axis].cells[change.cell].value) for change in found]


REGULATED = rule("regulated", Is("governance.regulated", (True,)), {DATA: "strong"})
PEOPLE = rule("people", Is("governance.affects_people", (True,)), {DATA: "strong"}, theme="two")


def test_one_change_is_smaller_than_two() -> None:
    """The first of the contract, where several would do."""
    book = rulebook([REGULATED])

    assert flip_of(book, **{"governance.regulated": True, "governance.affects_people": True}) == [
        ("governance.regulated", False)
    ]


def test_two_changes_where_one_is_not_enough() -> None:
    """Two strong reasons must both go."""
    book = rulebook([REGULATED, PEOPLE])

    assert flip_of(book, **{"governance.regulated": True, "governance.affects_people": True}) == [
        ("governance.regulated", False),
        ("governance.affects_people", False),
    ]


def test_where_the_stronger_reason_hides_the_weaker_both_must_change() -> None:
    """Two fields of one theme do not simply add: dropping either leaves the other to count."""
    hidden = rule("people", Is("governance.affects_people", (True,)), {DATA: "strong"})
    book = rulebook([REGULATED, hidden])

    assert flip_of(book, **{"governance.regulated": True, "governance.affects_people": True}) == [
        ("governance.regulated", False),
        ("governance.affects_people", False),
    ]


def test_an_answer_not_given_is_not_changed() -> None:
    """A flip speaks of what the planner said; what was left open is the next question's."""
    assert flip_of(rulebook([REGULATED])) == []


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_of_the_project_is_no_way_to_flip_it(fact: str) -> None:
    """No planner moves to another industry for the sake of a ratio; the alternatives still tell what it would give."""
    book = rulebook([rule("fact", Is(fact, (small.BARE[fact],)), {DATA: "strong"})])
    changes = changes_of(Engine(book), small.BARE)

    assert flip_of(book) == []
    assert any(FIELDS[change.axis].name == fact and change.raw == 0 for change in changes.alternatives())


def test_ranking_works_on_raw_net() -> None:
    """Far beyond the bound, dropping one reason changes the raw net and not the lean."""
    many = [
        rule(theme, raises={DATA: "strong"}, lowers={ENGINEERING: "strong"}, theme=theme) for theme in small.ALL_YEAR
    ]
    book = rulebook([*many[1:], REGULATED])
    changes = changes_of(Engine(book), {**small.BARE, "governance.regulated": True})

    assert [change.raw for change in changes.alternatives() if FIELDS[change.axis].name == "governance.regulated"] == [
        12
    ]
    assert changes.smallest_flip() == ()
