"""People follow the ratio seat by seat, minimums first, and no further than the budget goes."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.headcount import Seats, cost, gap, largest_affordable, lopsided, minimum_seats, plain, seat
from rules.project import Budget, Project, Schedule, Team
from rules.vocabulary import ROLES
from tests import reference
from tests.small import BARE

DATA, ENGINEERING = ROLES
TOTALS, NETS, DOUBLINGS = st.integers(0, 60), st.integers(-10, 10), st.integers(1, 6)
LEAST = st.builds(Seats, st.integers(0, 6), st.integers(0, 6))
COSTS = st.fixed_dictionaries(dict.fromkeys(ROLES, st.integers(1, 9).map(lambda thousands: Decimal(thousands * 1000))))
BUDGETS = st.builds(Budget, st.integers(0, 60_000).map(Decimal), st.just("EUR"), COSTS)


@given(TOTALS, NETS, DOUBLINGS, LEAST)
def test_seats_are_those_of_the_divisor_method(total: int, net: int, double: int, least: Seats) -> None:
    """Sainte-Laguë seat by seat, in whole numbers, going on from the minimums."""
    assert seat(total, net, double, least) == reference.seats(total, net, double, least)


@given(TOTALS, NETS, DOUBLINGS, LEAST)
def test_one_more_seat_takes_none_away(total: int, net: int, double: int, least: Seats) -> None:
    """A larger team is never fewer of either role, once it has room for the minimums."""
    total = max(total, least.total)
    before, after = seat(total, net, double, least), seat(total + 1, net, double, least)

    assert sorted((after.data_scientist - before.data_scientist, after.ml_engineer - before.ml_engineer)) == [0, 1]


@given(TOTALS, NETS, DOUBLINGS, LEAST)
def test_more_points_take_no_seat_away(total: int, net: int, double: int, least: Seats) -> None:
    """Seats follow the net."""
    assert seat(total, net, double, least).data_scientist <= seat(total, net + 1, double, least).data_scientist


@given(TOTALS, st.integers(1, 10), DOUBLINGS, LEAST)
def test_swapping_the_roles_swaps_the_seats(total: int, net: int, double: int, least: Seats) -> None:
    """Ties go to the role with more points, so that neither is favoured; only at net 0 must one be."""
    assert seat(total, -net, double, least) == seat(total, net, double, Seats(*least[::-1]))[::-1]


@given(st.integers(1, 400_000), NETS)
def test_the_largest_teams_are_shared_as_exactly(total: int, net: int) -> None:
    """The share is the nearest to the ratio: no neighbour is nearer, up to the contract's largest team."""
    share = seat(total, net, 4).data_scientist
    odds = Fraction(2) ** net

    def quotients(seats: int) -> tuple[Fraction, Fraction]:
        """The priority of the data scientists' n-th seat, and of the engineers' that it displaces, to the fourth."""
        return odds / (2 * seats - 1) ** 4, Fraction(1, (2 * (total - seats) + 1) ** 4)

    if share > 0:
        ours, theirs = quotients(share)
        assert ours >= theirs
    if share < total:
        ours, theirs = quotients(share + 1)
        assert ours <= theirs


@pytest.mark.parametrize(
    ("total", "net", "double", "seats"),
    [
        (1, 0, 4, (1, 0)),  # balanced: the data scientist
        (3, 0, 4, (2, 1)),
        (2, 4, 4, (1, 1)),  # 2:1, 2/3 of the second seat
        (8, -3, 4, (3, 5)),  # the design's own example
        (1, 8, 4, (1, 0)),
        (1, -8, 4, (0, 1)),
        (0, 5, 4, (0, 0)),
    ],
)
def test_seats_by_hand(total: int, net: int, double: int, seats: tuple[int, int]) -> None:
    """Small teams, counted on paper."""
    assert seat(total, net, double) == seats


@given(st.integers(0, 30).map(lambda half: 2 * half + 1), DOUBLINGS)
def test_a_tie_goes_to_the_data_scientist(total: int, double: int) -> None:
    """Quotients are odd numbers times powers of two: equal at net 0 alone, where the last of an odd total is tied."""
    assert seat(total, 0, double) == (total // 2 + 1, total // 2)


@pytest.mark.parametrize(
    ("minimums", "increment", "seats"),
    [
        ({DATA: 1, ENGINEERING: 1}, 1, (1, 1)),
        ({DATA: 1, ENGINEERING: 1}, 0.25, (4, 4)),
        ({ENGINEERING: 0.5}, 1, (0, 1)),
        ({ENGINEERING: 0.75}, 0.5, (0, 2)),
        ({}, 0.5, (0, 0)),
    ],
)
def test_minimums_are_seated_in_whole_increments(
    minimums: dict[str, float], increment: float, seats: tuple[int, int]
) -> None:
    """Half a person where people come whole is a person."""
    assert minimum_seats(minimums, increment) == seats


def test_minimums_that_cannot_be_met_are_left_out() -> None:
    """The split without them is still an answer."""
    assert seat(1, -4, 4, Seats(1, 1)) == (0, 1)
    assert seat(2, -8, 4, Seats(1, 1)) == (1, 1)


@given(st.integers(0, 60), st.sampled_from([1, 0.5, 0.25]))
def test_seats_are_people_in_steps_of_the_increment(seats: int, increment: float) -> None:
    """Whole people read as whole numbers."""
    people = Seats(seats, 60 - seats).fte(increment)

    assert list(people) == list(ROLES)
    assert sum(people.values()) == 60 * increment
    assert all(isinstance(fte, int) is (fte == int(fte)) for fte in people.values())


def test_hire_and_surplus_are_told_apart_by_role() -> None:
    """Too many of one role do not make up for too few of the other."""
    hire, surplus = gap({DATA: 3, ENGINEERING: 5}, {DATA: 2, ENGINEERING: 5.5})

    assert (hire, surplus) == ({DATA: 1, ENGINEERING: 0}, {DATA: 0, ENGINEERING: 0.5})


def test_people_who_are_not_named_are_not_there() -> None:
    """Nobody is assumed."""
    assert gap({DATA: 3, ENGINEERING: 5}, {}) == ({DATA: 3, ENGINEERING: 5}, {DATA: 0, ENGINEERING: 0})


def test_the_gap_is_not_rounded_to_the_increment() -> None:
    """0.8 of a person there is 0.2 short, and no binary fraction shows."""
    hire, _ = gap({DATA: 1, ENGINEERING: 0}, {DATA: 0.8})

    assert hire[DATA] == 0.2


@given(BUDGETS, st.sampled_from([1, 0.5, 0.25]), st.none() | st.integers(26, 104), NETS, LEAST)
def test_the_budget_pays_for_no_larger_team(
    budget: Budget, increment: float, weeks: int | None, net: int, least: Seats
) -> None:
    """Found by trying every size, where costs step down as cheaper minimums begin to be met, too."""
    project = Project(BARE, Team(None, increment), budget, Schedule(None, weeks) if weeks else None)
    assert budget.amount is not None
    assert budget.annual_cost is not None
    ours, theirs = (Fraction(budget.annual_cost[role]) for role in ROLES)
    years = Fraction(weeks or 52, 52)

    def price(total: int) -> Fraction:
        data, engineering = reference.seats(total, net, 4, least)
        return (data * ours + engineering * theirs) * Fraction(increment) * years

    # The cheapest seat is a quarter of a person for half a year; at most twelve are seated whatever they cost.
    highest = int(budget.amount / min(budget.annual_cost.values()) * 8) + 13
    affordable = max(total for total in range(highest) if price(total) <= budget.amount)
    assert largest_affordable(project, lambda total: seat(total, net, 4, least), least.total) == affordable


def test_cheaper_minimums_are_found_beyond_a_size_that_is_too_dear() -> None:
    """One seat would go to the dear role and is out of reach; the two that the minimums give the cheap one are not."""
    budget = Budget(Decimal(110), "EUR", {DATA: Decimal(120), ENGINEERING: Decimal(40)})
    project = Project(BARE, Team(), budget)

    assert largest_affordable(project, lambda total: seat(total, 8, 4), 0) == 0
    assert largest_affordable(project, lambda total: seat(total, 8, 4, Seats(0, 2)), 2) == 2


@pytest.mark.parametrize(
    "budget", [None, Budget(Decimal(9)), Budget(None, "EUR", {DATA: Decimal(1), ENGINEERING: Decimal(1)})]
)
def test_half_a_budget_bounds_nothing(budget: Budget | None) -> None:
    """Amount and costs are needed both."""
    assert largest_affordable(Project(BARE, Team(), budget), lambda total: Seats(total, 0), 0) is None


def test_the_largest_team_is_the_contracts() -> None:
    """A budget without end still ends somewhere."""
    budget = Budget(Decimal(10) ** 15, "EUR", {DATA: Decimal(1), ENGINEERING: Decimal(1)})

    assert largest_affordable(Project(BARE, Team(None, 0.5), budget), lambda total: seat(total, 0, 4), 0) == 200_000


def test_cost_is_for_the_schedule_or_for_a_year() -> None:
    """Half a year of two halves costs half a year of one; cents are exact."""
    budget = Budget(None, "EUR", {DATA: Decimal("0.10"), ENGINEERING: Decimal("0.20")})

    assert cost(Seats(2, 2), budget, Schedule(None, 26), 0.5) == Fraction(15, 100)
    assert cost(Seats(2, 2), budget, None, 0.5) == Fraction(30, 100)
    assert cost(Seats(2, 2), budget, Schedule(), 0.5) == Fraction(30, 100)


@pytest.mark.parametrize(
    ("seats", "expected"),
    [
        ((1, 0), True),
        ((0, 1), True),
        ((1, 1), False),
        ((3, 2), False),
        ((2, 1), True),
        ((14, 9), True),
        ((0, 0), False),
    ],
)
def test_seats_are_lopsided_beyond_the_balanced_band(seats: tuple[int, int], expected: bool) -> None:
    """Balanced is up to net 2; what rounds to 3, from 2 ** (2.5 / 4) = 1.54 on, is not."""
    assert lopsided(Seats(*seats), 2, 4) is expected


@pytest.mark.parametrize(("number", "shown"), [(8.0, "8"), (4.5, "4.5"), (0.0, "0"), (0.25, "0.25")])
def test_whole_numbers_are_shown_whole(number: float, shown: str) -> None:
    """8 FTE, not 8.0."""
    assert str(plain(number)) == shown
