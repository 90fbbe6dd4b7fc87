"""Phases with dates: every working day belongs to one of them, and their people are the headcount's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.engine import Engine
from rules.model import Rulebook
from rules.money import decimals, rounded, spendable
from rules.plan import apportion, share_out, working_day
from rules.project import Budget, Project, Schedule, Team
from rules.rows import plan_rows, plan_span
from rules.vocabulary import PHASES, ROLES
from tests import article
from tests.recheck import recheck
from tests.strategies import ENOUGH, budgets, projects, rulebooks

DATA, ENGINEERING = ROLES
MONDAY = date(2027, 1, 4)
EFFORT = dict(zip(PHASES, (15, 25, 20, 10, 15, 15), strict=True))
STARTS = st.dates(date(2000, 1, 1), date(2100, 1, 1))

SCHEDULES = st.builds(Schedule, STARTS, st.integers(1, 104))
PLANNED = st.builds(lambda project, schedule: replace(project, schedule=schedule), projects(), SCHEDULES)
EFFORTS = st.lists(st.integers(0, 40), min_size=6, max_size=6).map(lambda each: dict(zip(PHASES, each, strict=True)))
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", None])


def working_days(start: date, end: date) -> list[date]:
    """The days from Monday to Friday, both ends included, one by one."""
    days = [start + timedelta(days) for days in range((end - start).days + 1)]
    return [day for day in days if day.weekday() < 5]


def dated(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [row for row in body["phases"] if row["start"]]


@given(STARTS, st.integers(1, 104), EFFORTS, st.sampled_from(PHASES))
def test_every_working_day_of_the_schedule_belongs_to_one_phase(
    start: date, weeks: int, effort: dict[str, int], phase: str
) -> None:
    """From the project's phase on, in their order, without a gap, and exactly so many weeks."""
    stretches = share_out(start, weeks, effort, phase)
    covered = [day for one in stretches.values() if one.start and one.end for day in working_days(one.start, one.end)]

    assert list(stretches) == list(PHASES[PHASES.index(phase) :])
    assert covered == working_days(start, start + timedelta(weeks=weeks, days=2))[: weeks * 5]
    for one in stretches.values():
        assert one.days == (len(working_days(one.start, one.end)) if one.start and one.end else 0)


def test_phases_take_whole_weeks_where_each_gets_one() -> None:
    """Nobody changes teams on a Wednesday for a rounding's sake; days are shared out only where weeks are too few."""
    in_weeks = {name: one.days for name, one in share_out(MONDAY, 26, EFFORT, PHASES[0]).items()}
    in_days = {name: one.days for name, one in share_out(MONDAY, 3, EFFORT, PHASES[0]).items()}

    assert list(in_weeks.values()) == [20, 30, 25, 15, 20, 20]
    assert list(in_days.values()) == [2, 4, 3, 2, 2, 2]


def test_phases_that_are_done_take_no_time() -> None:
    """The weeks are for what is left."""
    assert {name: one.days for name, one in share_out(MONDAY, 4, EFFORT, "deployment").items()} == {
        "deployment": 10,
        "monitoring_and_maintenance": 10,
    }


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 4, date(2027, 1, 8)),
        (MONDAY, 5, date(2027, 1, 11)),
        (date(2027, 1, 6), 3, date(2027, 1, 11)),
        (date(2027, 1, 9), 0, date(2027, 1, 11)),
        (date(2027, 1, 10), 0, date(2027, 1, 11)),
        (date(2027, 1, 9), 5, date(2027, 1, 18)),
        (date.min, 0, date.min),
    ],
)
def test_working_days_are_counted_from_the_first(start: date, number: int, expected: date) -> None:
    """A plan that starts on a weekend starts on Monday."""
    assert working_day(start, number) == expected


@given(st.integers(0, 1000), st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any))
def test_shares_add_up_and_are_less_than_one_off(total: int, weights: list[int]) -> None:
    """Largest remainder."""
    shares = apportion(total, weights)

    assert sum(shares) == total
    assert all(abs(share - total * by / sum(weights)) < 1 for share, by in zip(shares, weights, strict=True))


@settings(max_examples=ENOUGH * 2)
@given(rulebooks(), PLANNED)
def test_a_plan_keeps_to_the_headcount_and_to_the_increment(book: Rulebook, project: Project) -> None:
    """Every phase has as many people in all, in whole increments; days and hours follow from them."""
    body = Engine(book).recommend(project)
    total, step = body["headcount"]["total"], project.team.increment

    for row in dated(body):
        assert sum(row[role] for role in ROLES) == total
        for role in ROLES:
            assert row[role] % step == 0
            assert row["person_days"][role] == row[role] * row["working_days"]
    for before, after in pairwise(dated(body)):
        assert working_day(date.fromisoformat(before["end"]), 1) == date.fromisoformat(after["start"])
    recheck(body)


@settings(max_examples=ENOUGH * 2)
@given(PLANNED)
def test_the_rows_say_what_the_phases_say(project: Project) -> None:
    """In every unit; a role without people has no row; all days and all people's days are in them."""
    body = {"name": None, "reference": "R", **article.engine().recommend(project)}
    rows, schedule = plan_rows(body), project.schedule
    assert schedule is not None
    assert schedule.weeks is not None
    hours = sum(8 * sum(row["person_days"].values()) for row in dated(body))

    assert sum(row["total_hours"] for row in rows) == hours == body["headcount"]["total"] * schedule.weeks * 40
    for row in rows:
        assert row["allocation_pct"] == 100 * row["fte"]
        assert row["minutes_per_day"] == 60 * row["hours_per_day"] == 480 * row["fte"] > 0
    if body["headcount"]["total"]:
        assert (rows[0]["start_date"], rows[-1]["end_date"]) == (plan_span(body)["start"], plan_span(body)["end"])


@settings(max_examples=ENOUGH * 2)
@given(rulebooks(), PLANNED, budgets(), CURRENCIES)
def test_costs_are_sums_of_their_rows_and_never_beyond_the_budget(
    book: Rulebook, project: Project, budget: Budget, currency: str | None
) -> None:
    """By phase and role to the minor unit, and within less than one unit of days times rate."""
    budget = replace(budget, currency=currency)
    body = Engine(book).recommend(replace(project, budget=budget))
    if budget.annual_cost is None:
        assert body["cost"] is None
        return
    unit = Decimal(1).scaleb(-decimals(currency))
    by_role = {role: sum(Decimal(row["cost"][role]) for row in dated(body)) for role in ROLES}

    assert {role: Decimal(body["cost"][role]) for role in ROLES} == by_role
    assert Decimal(body["cost"]["total"]) == sum(by_role.values())
    for row in dated(body):
        for role in ROLES:
            exact = Decimal(row["person_days"][role]) * budget.annual_cost[role] / 260
            assert abs(Decimal(row["cost"][role]) - exact) < unit
    if body["headcount"]["basis"] == "budget.amount":
        assert budget.amount is not None
        assert Decimal(body["cost"]["total"]) <= budget.amount


@settings(max_examples=ENOUGH)
@given(PLANNED, budgets().filter(lambda budget: budget.amount and budget.annual_cost))
def test_a_phase_gives_up_no_more_of_its_share_than_the_budget_asks(project: Project, budget: Budget) -> None:
    """One more seat of the dearer role wherever a phase's own ratio has one, and the money is gone."""
    project = replace(project, budget=budget, team=replace(project.team, size=None))
    body, costs = article.engine().recommend(project), budget.annual_cost
    free = article.engine().recommend(replace(project, budget=None, team=replace(project.team, size=size_of(body))))
    assert costs is not None
    dearer = max(ROLES, key=lambda role: costs[role])
    pairs = list(zip(dated(body), dated(free), strict=True))
    assert all(row[dearer] <= own[dearer] for row, own in pairs)
    if "phases_held_to_budget" in [warning["code"] for warning in body["warnings"]]:
        most = max(body["headcount"][dearer], *(row[dearer] for row, _ in pairs)) + project.team.increment
        price = sum(days_cost(row, dearer, min(own[dearer], most), costs) for row, own in pairs)
        assert price / 260 > spendable(budget)
    else:
        assert all(row[dearer] == own[dearer] for row, own in pairs)


def size_of(body: Mapping[str, Any]) -> float:
    return float(body["headcount"]["total"])


def days_cost(row: Mapping[str, Any], role: str, fte: float, costs: Mapping[str, Decimal]) -> Fraction:
    """What a phase would cost with so many people in one role and the rest in the other; times 260."""
    (other,) = set(ROLES) - {role}
    rest = Fraction(row[role] + row[other] - fte)
    return row["working_days"] * (Fraction(fte) * Fraction(costs[role]) + rest * Fraction(costs[other]))


def test_the_work_goes_to_each_professions_strength() -> None:
    """Data scientists early, ML engineers late: the people follow the phases (A42)."""
    answers = {"industry": "retail", "phase": PHASES[0], "deployment.pattern": "real_time", "data.quality": "poor"}
    rows = dated(article.engine().recommend(Project(answers, Team(8), None, Schedule(MONDAY, 52))))
    scientists = [row[DATA] for row in rows]

    assert scientists == sorted(scientists, reverse=True)
    assert scientists[0] > 4 > scientists[-1]


@pytest.mark.parametrize("schedule", [None, Schedule(), Schedule(MONDAY), Schedule(None, 26)])
def test_without_a_whole_schedule_nothing_is_dated(schedule: Schedule | None) -> None:
    """And the staffing curve is what it always was."""
    body = article.engine().recommend(article.sampled(1)[0])
    again = article.engine().recommend(replace(article.sampled(1)[0], schedule=schedule))

    assert again["phases"] == body["phases"]
    assert dated(again) == []


def test_the_cost_of_a_year_where_no_time_is_said() -> None:
    """Of the headcount as it stands, at the rates that follow from the yearly costs."""
    budget = Budget(None, "EUR", {DATA: Decimal(95_000), ENGINEERING: Decimal(105_000)})
    answers = {"industry": "finance", "phase": "modeling", "deployment.pattern": "batch"}
    body = article.engine().recommend(Project(answers, Team(2), budget))

    assert body["headcount"][DATA] == body["headcount"][ENGINEERING] == 1
    assert {key: body["cost"][key] for key in ("total", *ROLES, "weeks", "basis")} == {
        "total": "200000.00",
        DATA: "95000.00",
        ENGINEERING: "105000.00",
        "weeks": 52,
        "basis": "headcount",
    }
    assert body["cost"]["hourly_rate"] == {DATA: "45.67", ENGINEERING: "50.48"}


def test_the_total_is_rounded_from_the_exact_sum() -> None:
    """Not added up from parts that were rounded each."""
    budget = Budget(None, "JPY", {DATA: Decimal("0.37"), ENGINEERING: Decimal("0.61")})
    project = replace(article.sampled(1)[0], team=Team(7), budget=budget, schedule=Schedule(MONDAY, 520))
    body = article.engine().recommend(project)
    assert budget.annual_cost is not None
    exact = sum(days_cost(row, DATA, row[DATA], budget.annual_cost) for row in dated(body))

    assert Decimal(body["cost"]["total"]) == rounded(Fraction(exact) / 260, "JPY")
