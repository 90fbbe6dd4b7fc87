"""Projects and small rulebooks for hypothesis to draw: thresholds, values and answers that meet each other often."""

from decimal import Decimal
from functools import cache
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from rules.model import All, Any, Condition, Is, Not, Rule, Rulebook, Scale, Sizing, Within
from rules.project import Budget, Project, Schedule, Team
from rules.vocabulary import FIELDS, PHASES, ROLES, Answer, Choice, Field, Flag, Many, Number
from tests import small

# A shared machine is slow at times; a slow example is no fault of the code.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

T = TypeVar("T")
ENOUGH = 30  # examples where each compares thousands of cases

THRESHOLDS = {
    "deployment.latency_ms_p99": (100, 2000),
    "deployment.peak_rps": (0.5, 5, 1000),
    "deployment.availability_pct": (99, 99.9),
    "deployment.users": (100, 100_000),
    "deployment.models_in_production": (1, 3, 10),
    "deployment.integrations": (1, 4),
}


def numbers(field: Number) -> st.SearchStrategy[float]:
    """Values on, beside and far from the thresholds."""
    step = 1 if field.integer else 0.01
    beside = {edge + by for edge in THRESHOLDS[field.name] for by in (-step, 0, step)}
    return st.sampled_from(sorted(beside | {field.minimum, field.maximum, field.low}))


def answers_to(field: Field) -> st.SearchStrategy[Answer]:
    """Any answer to one question."""
    match field:
        case Choice():
            return st.sampled_from(field.values)
        case Flag():
            return st.booleans()
        case Number():
            return numbers(field)
        case Many():
            return st.sets(st.sampled_from(field.values), min_size=1, max_size=4).map(lambda held: tuple(sorted(held)))
    raise TypeError(field)


@cache
def answers() -> st.SearchStrategy[dict[str, Answer]]:
    """Every required question answered, the others or not."""
    required = {field.name: answers_to(field) for field in FIELDS if field.required}
    optional = {field.name: answers_to(field) for field in FIELDS if not field.required}
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def teams(draw: st.DrawFn) -> Team:
    """With or without a size (a multiple of the increment) and the people who are there."""
    increment = draw(st.sampled_from([1, 0.5, 0.25]))
    size = draw(st.none() | st.integers(1, 60).map(lambda seats: seats * increment))
    fte = st.sampled_from([0, 0.25, 0.8, 1, 2.5, 7])
    return Team(size, increment, draw(st.none() | st.fixed_dictionaries({}, optional=dict.fromkeys(ROLES, fte))))


def money(least: int, most: int) -> st.SearchStrategy[Decimal]:
    """To the cent."""
    return st.decimals(least, most, places=2)


@cache
def budgets() -> st.SearchStrategy[Budget]:
    """Whole, or with its amount or its costs missing."""
    costs = st.fixed_dictionaries(dict.fromkeys(ROLES, money(20_000, 200_000)))
    return st.builds(Budget, st.none() | money(0, 3_000_000), st.just("EUR"), st.none() | costs)


def projects() -> st.SearchStrategy[Project]:
    """Anything that a planner may describe."""
    schedules = st.builds(Schedule, st.none(), st.none() | st.integers(1, 104))
    return st.builds(Project, answers(), teams(), st.none() | budgets(), st.none() | schedules)


def tests_of(field: Field) -> st.SearchStrategy[Condition]:
    """A condition on one field."""
    match field:
        case Number():
            edges = sorted({field.minimum, *THRESHOLDS[field.name]})
            bounds = st.lists(st.sampled_from(edges), min_size=2, max_size=2, unique=True).map(sorted)
            return bounds.flatmap(
                lambda pair: st.sampled_from([(pair[0], None), (None, pair[1]), (pair[0], pair[1])])
            ).map(lambda pair: Within(field.name, *pair))
        case Flag():
            return st.booleans().map(lambda value: Is(field.name, (value,)))
        case Choice() | Many():
            values = st.lists(st.sampled_from(field.values), min_size=1, max_size=4, unique=True)
            return values.map(lambda held: Is(field.name, tuple(held)))
    raise TypeError(field)


@cache
def conditions() -> st.SearchStrategy[Condition]:
    """One test or a small tree of them."""
    tests = st.one_of([tests_of(field) for field in FIELDS])

    def trees(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        groups = st.lists(parts, max_size=3).map(tuple)
        return groups.map(All) | groups.map(Any) | parts.map(Not)

    return tests | st.recursive(tests, trees, max_leaves=5)


@cache
def scales() -> st.SearchStrategy[Scale]:
    """Three strengths, some of them equal, and any bound and band."""
    points = st.lists(st.integers(1, 4), min_size=3, max_size=3).map(sorted)
    strengths = points.map(lambda three: dict(zip(("slight", "moderate", "strong"), three, strict=True)))
    return st.builds(Scale, strengths, st.integers(2, 6), st.integers(4, 10), st.integers(0, 3))


def by_role(values: st.SearchStrategy[T]) -> st.SearchStrategy[dict[str, T]]:
    """A value for both roles, one or none."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(ROLES, values))


STRENGTHS = by_role(st.sampled_from(["slight", "moderate", "strong"]))
MINIMUMS = by_role(st.sampled_from([0.5, 1, 2]))
THEMES = st.sampled_from(sorted(small.ALL_YEAR))
SEASONS = st.fixed_dictionaries(dict.fromkeys(small.ALL_YEAR, st.lists(st.sampled_from(PHASES), unique=True)))


@st.composite
def rules(draw: st.DrawFn, number: int) -> Rule:
    """Three of four act on points, the others require."""
    name, when = f"rule-{number}", draw(conditions())
    if draw(st.integers(0, 3)) == 0:
        return small.requiring(name, draw(MINIMUMS), when)
    return small.rule(name, when, draw(STRENGTHS), draw(STRENGTHS), draw(THEMES))


ROWS = st.lists(st.builds(Sizing, st.sampled_from([1, 2, 5]), st.just("A row."), conditions()), max_size=2)


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """Up to nine rules in three themes, each theme with its phases, and up to two sizing rows before the last."""
    numbered = range(draw(st.integers(1, 9)))
    return small.rulebook(
        [draw(rules(number)) for number in numbered], draw(scales()), draw(SEASONS), [*draw(ROWS), small.FOUR]
    )
