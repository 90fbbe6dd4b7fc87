"""What the planner is told beside the answer, and when."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from rules.engine import Engine
from rules.model import Rulebook
from rules.project import Budget, Project, Schedule, Team
from rules.vocabulary import ROLES, Answer
from tests import article
from tests.small import requiring, rulebook

DATA, ENGINEERING = ROLES
PATTERN, MODELS = "deployment.pattern", "deployment.models_in_production"
COSTS = {DATA: Decimal(100_000), ENGINEERING: Decimal(100_000)}
BALANCED: dict[str, Answer] = {"industry": "other_services", "phase": "evaluation", PATTERN: "undecided"}


Told = dict[str, tuple[str, list[str]]]


def told(project: Project, book: Rulebook | None = None) -> Told:
    """By code, the warning's message and fields, under the article's rulebook where none is given."""
    body = (Engine(book) if book else article.engine()).recommend(project)
    return {warning["code"]: (warning["message"], warning["fields"]) for warning in body["warnings"]}


def warnings(team: Team | None = None, budget: Budget | None = None, schedule: Schedule | None = None) -> Told:
    """Those on a balanced project."""
    return told(Project(BALANCED, team or Team(), budget, schedule))


def contradictions(answers: Mapping[str, Answer]) -> list[list[str]]:
    body = article.engine().recommend(Project({**BALANCED, **answers}))
    return [warning["fields"] for warning in body["warnings"] if warning["code"] == "contradiction"]


def test_an_ordinary_project_has_no_warning() -> None:
    """A warning is worth reading."""
    assert warnings(Team(4)) == {}


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({PATTERN: "none", "deployment.peak_rps": 5000}, [PATTERN, "deployment.peak_rps"]),
        (
            {PATTERN: "none", "deployment.retraining": "continuous"},
            [PATTERN, "deployment.retraining"],
        ),
        (
            {"model.status": "none", MODELS: 12},
            ["model.status", MODELS],
        ),
        (
            {"model.status": "in_production", MODELS: 0},
            ["model.status", MODELS],
        ),
        ({"phase": "deployment", PATTERN: "none"}, ["phase", PATTERN]),
        (
            {PATTERN: "real_time", "deployment.latency_ms_p99": 60_000},
            [PATTERN, "deployment.latency_ms_p99"],
        ),
    ],
)
def test_answers_that_contradict_each_other_are_named(answers: dict[str, Answer], fields: list[str]) -> None:
    """They are scored as they stand, and the planner is shown which they are."""
    assert contradictions(answers) == [fields]


def test_every_answer_that_contradicts_is_named() -> None:
    """Where two answers contradict a third, all three are shown."""
    answers: dict[str, Answer] = {PATTERN: "none", "deployment.peak_rps": 5, "deployment.availability_pct": 99.9}
    (fields,) = contradictions(answers)

    assert sorted(fields) == ["deployment.availability_pct", PATTERN, "deployment.peak_rps"]


@pytest.mark.parametrize(
    "answers",
    [
        {PATTERN: "none", "deployment.peak_rps": 0},
        {"model.status": "none", MODELS: 0},
        {"model.status": "in_production", MODELS: 1, PATTERN: "batch"},
        {"phase": "deployment", PATTERN: "batch"},
        {PATTERN: "real_time", "deployment.latency_ms_p99": 50},
    ],
)
def test_answers_that_agree_are_not(answers: dict[str, Answer]) -> None:
    """The near misses of each contradiction."""
    assert contradictions(answers) == []


def test_a_team_too_small_for_its_requirements_is_told_the_smallest_that_would_do() -> None:
    """It is still answered, with the split that the ratio gives."""
    finance = {**BALANCED, "industry": "finance"}
    message, fields = told(Project(finance, Team(1)))["team_below_requirements"]

    assert "the smallest team that meets them is 2 FTE" in message
    assert "1 data scientist and 1 ML engineer" in message
    assert fields == ["team.size"]
    assert "team_below_requirements" not in told(Project(finance, Team(2)))


def test_the_smallest_team_is_told_in_the_teams_own_steps() -> None:
    """A minimum of half a person costs a whole one where people come whole."""
    book = rulebook([requiring("half", {DATA: 0.5, ENGINEERING: 1})])
    smallest = [told(Project(BALANCED, Team(1, by)), book)["team_below_requirements"][0] for by in (1, 0.5)]

    assert ["is 2 FTE" in smallest[0], "is 1.5 FTE" in smallest[1]] == [True, True]


def test_a_role_without_a_seat_is_named() -> None:
    """The roles complement each other, so somebody must do that work."""
    analysis = {**BALANCED, "phase": "business_and_data_understanding", "goal": "insights", PATTERN: "none"}

    assert "no seat for the ML engineer" in told(Project(analysis, Team(2)))["role_without_seat"][0]


def test_a_balanced_lean_in_a_lopsided_team_is_told() -> None:
    """One person cannot be balanced; two can."""
    assert "balanced_but_lopsided" in warnings(Team(1))
    assert "balanced_but_lopsided" not in warnings(Team(2))


@pytest.mark.parametrize(
    ("budget", "missing"), [(Budget(Decimal(9), "EUR"), "amount"), (Budget(None, "EUR", COSTS), "annual_cost")]
)
def test_half_a_budget_is_told_to_be_unused(budget: Budget, missing: str) -> None:
    """So that nobody thinks it was kept to."""
    other = {"amount": "annual_cost", "annual_cost": "amount"}[missing]

    assert f"budget.{other} is missing" in warnings(Team(4), budget)["budget_not_used"][0]


def test_a_budget_that_pays_for_nobody_is_told() -> None:
    """Rather than a team of none without a word."""
    assert "budget_below_one_person" in warnings(budget=Budget(Decimal(9), "EUR", COSTS))


def test_a_size_beyond_the_budget_is_told() -> None:
    """The size that was asked for is what is answered."""
    budget = Budget(Decimal(300_000), "EUR", COSTS)

    assert "budget_exceeded" in warnings(Team(4), budget)
    assert "budget_exceeded" not in warnings(Team(4), budget, Schedule(None, 26))


def test_a_role_that_existing_leaves_out_is_assumed_absent() -> None:
    """And said to be."""
    found = warnings(Team(4, 1, {DATA: 2}))

    assert found["existing_assumed"][1] == ["team.existing.ml_engineer"]
    assert "existing_assumed" not in warnings(Team(4, 1, {DATA: 2, ENGINEERING: 0}))


@pytest.mark.parametrize(
    ("schedule", "missing"), [(Schedule(date(2027, 1, 4)), "schedule.weeks"), (Schedule(None, 26), "schedule.start")]
)
def test_half_a_schedule_is_told_to_give_no_dates(schedule: Schedule, missing: str) -> None:
    """And which half is missing."""
    assert warnings(Team(4), schedule=schedule)["schedule_incomplete"][1] == [missing]


def test_a_whole_schedule_is_no_warning() -> None:
    """The phases have dates."""
    assert warnings(Team(4), schedule=Schedule(date(2027, 1, 4), 26)) == {}


def test_a_schedule_too_short_for_its_phases_names_those_without_a_day() -> None:
    """Five days are too few for six phases."""
    understanding = {**BALANCED, "phase": "business_and_data_understanding"}
    message, fields = told(Project(understanding, Team(4), None, Schedule(date(2027, 1, 4), 1)))["schedule_too_short"]

    assert (message, fields) == ("The schedule leaves no working day for evaluation.", ["schedule.weeks"])


def test_what_gives_is_told_when_size_and_money_disagree() -> None:
    """The size holds; the message says what is missing and how many would be paid for."""
    message, _ = warnings(Team(4), Budget(Decimal(300_000), "EUR", COSTS))["budget_exceeded"]

    assert "costs 400,000.00 EUR, 100,000.00 EUR more than the budget" in message
    assert "so the budget gives; at 1:1 throughout it pays for 3 FTE" in message


def test_what_gives_is_told_when_money_and_minimums_disagree() -> None:
    """The budget holds, and the requirement is not met."""
    finance = {**BALANCED, "industry": "finance"}
    message, fields = told(Project(finance, budget=Budget(Decimal(150_000), "EUR", COSTS)))["team_below_requirements"]

    assert message.endswith("The budget holds, so the requirements give.")
    assert fields == ["budget.amount"]
