"""A shared pool: never more people than there are, and nobody could be placed better."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.portfolio import (
    Assigned,
    Demand,
    Member,
    Pool,
    Programme,
    assigned,
    assignments,
    programme,
    shortfalls,
    working_days,
)
from rules.portfolio_start import first_answer
from rules.vocabulary import PHASES, ROLES
from service.portfolio import solve
from tests.strategies import ENOUGH

DATA, ENGINEERING = ROLES
MONDAY = date(2027, 1, 4)


@st.composite
def portfolios(draw: st.DrawFn, most: int = 6, largest: int = 6) -> tuple[Sequence[Member], Sequence[Demand], Pool]:
    """A few projects in steps of their own, phases that overlap, and few people."""
    members = [
        Member(f"P{place}", draw(st.integers(1, 5)), draw(st.sampled_from([1, 0.5])))
        for place in range(draw(st.integers(1, 3)))
    ]
    demands = [draw(demand(members, largest)) for _ in range(draw(st.integers(0, most)))]
    people = {role: draw(st.sampled_from([0, 0.5, 1, 2, 3.25])) for role in ROLES}
    return members, demands, Pool(people, {role: draw(st.integers(0, 2)) for role in ROLES})


@st.composite
def demand(draw: st.DrawFn, members: Sequence[Member], largest: int) -> Demand:
    project = draw(st.integers(0, len(members) - 1))
    fte = draw(st.integers(1, largest)) * members[project].increment
    start = MONDAY + timedelta(weeks=draw(st.integers(0, 6)))
    end = start + timedelta(weeks=draw(st.integers(1, 5)), days=-3)
    required = draw(st.sampled_from([0, 0, 0.5, 1]))
    return Demand(
        project, draw(st.sampled_from(PHASES)), draw(st.sampled_from(ROLES)), start, end, fte, min(fte, required)
    )


def placed(members: Sequence[Member], demands: Sequence[Demand], pool: Pool, seconds: float = 5) -> Assigned:
    model = programme(members, demands, pool)
    return assigned(members, demands, pool, model, solve(model, seconds).values)


def working(solution: Assigned, role: str, day: date) -> float:
    return sum(
        given
        for one, given in zip(solution.demands, solution.given, strict=True)
        if one.role == role and one.start <= day <= one.end
    )


def fits(members: Sequence[Member], demands: Sequence[Demand], pool: Pool, given: Sequence[float]) -> bool:
    """Whether no more people work on any day than there are once as many are hired as may be."""
    whole = Assigned(members, demands, pool, {}, given, pool.hire)
    return all(
        working(whole, role, one.start) <= pool.people[role] + pool.hire[role] for role in ROLES for one in demands
    )


def distance(members: Sequence[Member], demands: Sequence[Demand], given: Sequence[float]) -> float:
    """What is minimised: squares of what is missing, relative to what is wanted, by days and priority."""
    return sum(
        2 ** (5 - members[one.project].priority) * working_days(one.start, one.end) * (one.fte - fte) ** 2 / one.fte
        for one, fte in zip(demands, given, strict=True)
    )


@settings(max_examples=ENOUGH * 3)
@given(portfolios())
def test_nobody_works_who_is_not_there(portfolio: tuple[Sequence[Member], Sequence[Demand], Pool]) -> None:
    """On any day, in any role; nobody beyond those who may be hired; in whole increments, up to what was wanted."""
    members, demands, pool = portfolio
    solution = placed(*portfolio)

    for role in ROLES:
        assert 0 <= solution.hired[role] <= pool.hire[role]
        for week in range(12):
            there = pool.people[role] + solution.hired[role]
            assert working(solution, role, MONDAY + timedelta(weeks=week)) <= there
    for one, fte in zip(demands, solution.given, strict=True):
        assert 0 <= fte <= one.fte
        assert fte % members[one.project].increment == 0


@settings(max_examples=ENOUGH, deadline=None)
@given(portfolios(most=4, largest=3))
def test_nothing_is_nearer_to_the_recommended_splits(
    portfolio: tuple[Sequence[Member], Sequence[Demand], Pool],
) -> None:
    """Found by trying everything, where no rule requires anything."""
    members, given_demands, pool = portfolio
    demands = [Demand(one.project, one.phase, one.role, one.start, one.end, one.fte, 0) for one in given_demands]
    solution = placed(members, demands, pool)
    steps = [members[one.project].increment for one in demands]
    choices = [[step * n for n in range(round(one.fte / step) + 1)] for one, step in zip(demands, steps, strict=True)]
    best = min(distance(members, demands, given) for given in product(*choices) if fits(members, demands, pool, given))

    assert distance(members, demands, solution.given) == pytest.approx(best)


@settings(max_examples=ENOUGH)
@given(portfolios())
def test_what_is_missing_is_said_by_month_and_by_reason(
    portfolio: tuple[Sequence[Member], Sequence[Demand], Pool],
) -> None:
    """Months add up to the whole, the worst day is no more than all, and each compromise names who has the people."""
    solution = placed(*portfolio)
    rows, months = assignments(solution), shortfalls(solution)
    days = {
        role: sum(
            (one.fte - fte) * working_days(one.start, one.end)
            for one, fte in zip(solution.demands, solution.given, strict=True)
            if one.role == role
        )
        for role in ROLES
    }

    for role in ROLES:
        assert sum(month["person_days"] for month in months if month["role"] == role) == days[role]
    assert all(0 < month["most_fte"] <= sum(row["short"] for row in rows) for month in months)
    assert all((row["reason"] is None) == (row["short"] == 0) for row in rows)
    assert not [row for row in rows if row["reason"] and "was ended" in row["reason"]]


@settings(max_examples=ENOUGH)
@given(portfolios())
def test_the_same_portfolio_is_always_answered_the_same(
    portfolio: tuple[Sequence[Member], Sequence[Demand], Pool],
) -> None:
    """Also where several answers are as good."""
    assert placed(*portfolio) == placed(*portfolio)


def one_role(project: int, fte: float, required: float = 0, weeks: int = 4) -> Demand:
    return Demand(project, "modeling", DATA, MONDAY, MONDAY + timedelta(weeks=weeks, days=-3), fte, required)


def test_the_first_priority_goes_first() -> None:
    """All else equal, it takes the person whom both want."""
    members = [Member("Late", 5, 1), Member("Soon", 1, 1)]
    solution = placed(
        members, [one_role(0, 1), one_role(1, 1)], Pool({DATA: 1, ENGINEERING: 0}, dict.fromkeys(ROLES, 0))
    )

    assert solution.given == [0, 1]
    assert (
        assignments(solution)[0]["reason"]
        == "On 2027-01-04 the pool has 1 FTE of data scientists: 1 with Soon (priority 1)."
    )


def test_a_shortage_is_shared_among_equals() -> None:
    """Rather than borne by one."""
    members = [Member("One", 3, 1), Member("Other", 3, 1)]
    pool = Pool({DATA: 6, ENGINEERING: 0}, dict.fromkeys(ROLES, 0))

    assert placed(members, [one_role(0, 4), one_role(1, 4)], pool).given == [3, 3]


def test_what_a_rule_requires_comes_before_any_priority() -> None:
    """The last priority's minimum before the first priority's wish."""
    members = [Member("Wish", 1, 1), Member("Duty", 5, 1)]
    pool = Pool({DATA: 1, ENGINEERING: 0}, dict.fromkeys(ROLES, 0))

    assert placed(members, [one_role(0, 8), one_role(1, 1, required=1)], pool).given == [0, 1]


def test_people_are_hired_where_that_helps_and_only_then() -> None:
    """As many as are missing, not as many as may be."""
    members = [Member("One", 3, 0.5)]
    pool = Pool({DATA: 1, ENGINEERING: 5}, {DATA: 9, ENGINEERING: 9})
    solution = placed(members, [one_role(0, 2.5)], pool)

    assert (solution.given, dict(solution.hired)) == ([2.5], {DATA: 2, ENGINEERING: 0})


@settings(max_examples=ENOUGH, deadline=None)
@given(portfolios())
def test_a_search_without_time_has_an_answer_all_the_same(
    portfolio: tuple[Sequence[Member], Sequence[Demand], Pool],
) -> None:
    """Within the pool, hiring only whom it takes, with nobody left over whom a project could have had."""
    members, demands, pool = portfolio
    model = programme(*portfolio)
    first = assigned(members, demands, pool, model, first_answer(model))

    assert value(model, solve(model, seconds=0).values) <= value(model, first_answer(model))
    assert all(0 <= first.hired[role] <= pool.hire[role] for role in ROLES)
    for place, one in enumerate(demands):
        more = [fte + members[one.project].increment * (at == place) for at, fte in enumerate(first.given)]
        assert fits(members, demands, Pool(pool.people, first.hired), first.given)
        assert more[place] > one.fte or not fits(members, demands, pool, more)


def value(model: Programme, values: Sequence[int]) -> float:
    """What is minimised."""
    return sum(column.cost * number for column, number in zip(model.columns, values, strict=True))


def test_a_search_that_is_cut_off_says_so() -> None:
    """Whatever was found by then is within the pool."""
    members, demands = [Member("One", 3, 1)], [one_role(0, 3)]
    pool = Pool({DATA: 2, ENGINEERING: 0}, dict.fromkeys(ROLES, 0))
    model = programme(members, demands, pool)
    values = [0] * len(model.columns)
    (row,) = assignments(assigned(members, demands, pool, model, values))

    assert (row["assigned"], row["short"]) == (0, 3)
    assert "was ended before it was finished" in row["reason"]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [("2027-01-04", "2027-01-08", 5), ("2027-01-09", "2027-01-10", 0), ("2027-01-08", "2027-01-11", 2)],
)
def test_working_days_are_counted(start: str, end: str, days: int) -> None:
    """Monday to Friday."""
    assert working_days(date.fromisoformat(start), date.fromisoformat(end)) == days
