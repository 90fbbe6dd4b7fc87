"""Every answer lies in one cell of its field, and a condition holds in exactly the cells that the words say."""

from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model import All, Any, Condition, Is, Not, Rulebook, Sizing, Within
from rules.space import Axis, Space
from rules.vocabulary import FIELDS, LANGUAGES, PHASES, Answer, Field, Number
from tests import reference, small
from tests.strategies import answers, answers_to, conditions, rulebooks


def space_of(*conditions: Condition) -> Space:
    """The space of a rulebook that asks for these conditions."""
    return Space(small.rulebook(sizing=[Sizing(1, "A test.", condition) for condition in conditions]))


def axis(space: Space, name: str) -> Axis:
    return next(axis for axis in space.axes if axis.field.name == name)


def holds(space: Space, condition: Condition, answers: Mapping[str, Answer]) -> bool:
    """Whether a clause of the condition allows the project's cells."""
    cells = dict(zip((axis.field.name for axis in space.axes), space.locate(answers), strict=True))
    return any(all(cells[name] in allowed for name, allowed in clause.items()) for clause in space.clauses(condition))


def test_a_field_has_one_axis_in_the_contracts_order() -> None:
    """Cells, ties and alternatives all follow it."""
    assert [axis.field for axis in space_of().axes] == list(FIELDS)


@given(rulebooks())
def test_what_stands_for_a_cell_lies_in_it(rulebook: Rulebook) -> None:
    """The value that an alternative or a proof speaks of is one of the cell's own."""
    for axis in Space(rulebook).axes:
        assert [axis.locate(cell.value) for cell in axis.cells] == list(range(len(axis.cells)))


@given(rulebooks(), st.sampled_from([field for field in FIELDS if isinstance(field, Number)]), st.data())
def test_a_number_lies_in_the_one_band_that_holds_it(rulebook: Rulebook, field: Number, data: st.DataObject) -> None:
    """Bands leave no gap and do not overlap: lower edges belong to them, upper edges do not."""
    value, number = data.draw(answers_to(field)), axis(Space(rulebook), field.name)
    assert isinstance(value, int | float)

    def inside(low: float | None, high: float | None) -> bool:
        return (low is None or low <= value) and (high is None or value < high)

    bands = [cell.band for cell in number.cells]
    assert [place for place, band in enumerate(bands) if band and inside(*band)] == [number.locate(value)]


@pytest.mark.parametrize(
    ("users", "met"), [(99, False), (100, True), (101, True), (999, True), (1000, False), (1001, False)]
)
def test_a_threshold_includes_its_minimum_and_excludes_its_maximum(users: int, met: bool) -> None:
    """So that two rules that share a threshold never both hold, and never both fail."""
    condition = Within("deployment.users", 100, 1000)

    assert holds(space_of(condition), condition, {"deployment.users": users}) is met


@pytest.mark.parametrize("users", [0, 100])
def test_a_threshold_at_the_smallest_value_splits_nothing(users: int) -> None:
    """`min: 0` holds for every count."""
    condition = Within("deployment.users", 0, None)
    space = space_of(condition)

    assert len(axis(space, "deployment.users").cells) == 2
    assert holds(space, condition, {"deployment.users": users})


def test_a_field_that_no_rule_reads_has_one_answered_cell_for_numbers_and_lists() -> None:
    """What nobody asks about cannot change anything."""
    space = space_of()

    assert len(axis(space, "deployment.users").cells) == len(axis(space, "languages").cells) == 2


def test_an_unanswered_field_meets_neither_a_condition_nor_its_negation() -> None:
    """Silence is not a no."""
    condition = Is("governance.regulated", (True,))
    space = space_of(condition)

    assert not holds(space, condition, {})
    assert not holds(space, Not(condition), {})
    assert holds(space, Not(condition), {"governance.regulated": False})


def test_an_undecided_answer_is_open_and_yet_an_answer() -> None:
    """`undecided` is no `none`, so the negation holds; the question stays open."""
    condition = Not(Is("deployment.pattern", ("none",)))
    space = space_of(condition)
    pattern = axis(space, "deployment.pattern")

    assert holds(space, condition, {"deployment.pattern": "undecided"})
    assert {pattern.cells[i].value for i in pattern.open} == {None, "undecided"}
    assert [pattern.cells[i].value for i in pattern.answers] == ["none", "batch", "real_time", "streaming", "edge"]


@given(st.lists(st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True).map(tuple), max_size=4))
def test_lists_fall_into_the_patterns_that_rules_can_tell_apart(sets: list[tuple[str, ...]]) -> None:
    """Two lists share a cell exactly when they touch the same sets of the rulebook."""
    tests = [Is("languages", members) for members in sets]
    space = space_of(*tests)
    languages = axis(space, "languages")
    singles = [(language,) for language in LANGUAGES]
    pairs = [tuple(sorted({one, other})) for one, other in product(LANGUAGES[:6], LANGUAGES)]

    touched = {held: tuple(bool(set(held) & set(test.values)) for test in tests) for held in [*singles, *pairs]}
    cell_of = {held: languages.locate(held) for held in touched}
    assert len(set(zip(touched.values(), cell_of.values(), strict=True))) == len(set(touched.values()))
    assert len(set(cell_of.values())) == len(set(touched.values()))


def test_an_empty_list_is_no_answer() -> None:
    """Naming no language is not the same as naming languages that no rule reads."""
    languages = axis(space_of(Is("languages", ("r",))), "languages")

    assert languages.locate(()) == 0
    assert languages.locate(("sql",)) != 0


@given(conditions(), answers())
def test_clauses_say_what_the_condition_says(condition: Condition, project: dict[str, Answer]) -> None:
    """In three values: a condition with a missing answer holds only if every answer would make it hold by its form."""
    space = space_of(condition, Not(condition))
    expected = reference.holds(condition, project)

    assert holds(space, condition, project) is (expected is True)
    assert holds(space, Not(condition), project) is (expected is False)


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        (All(()), True),
        (Any(()), False),
        (Not(All(())), False),
        (Not(Any(())), True),
        (All((Is("phase", ("modeling",)), Is("phase", ("evaluation",)))), False),
        (Any((Is("phase", PHASES[:3]), Not(Is("phase", PHASES)))), True),
    ],
    ids=str,
)
def test_conditions_at_their_limits(condition: Condition, met: bool) -> None:
    """Nothing to meet is met, and what contradicts itself never is."""
    assert holds(space_of(condition), condition, small.BARE) is met


def test_the_phases_cell_is_its_place_plus_one() -> None:
    """Scoring reads the phase from its cell."""
    assert [axis(space_of(), "phase").locate(phase) for phase in PHASES] == [1, 2, 3, 4, 5, 6]


@given(st.sampled_from(FIELDS), st.data())
def test_every_answer_is_in_a_cell_that_is_not_the_unanswered_one(field: Field, data: st.DataObject) -> None:
    """Cell 0 is silence alone."""
    answered = axis(space_of(), field.name)

    assert answered.locate(data.draw(answers_to(field))) > 0
    assert answered.locate(None) == 0
