"""Numbers with units, read as the fields that hold them."""

from __future__ import annotations

import pytest

from schemas.text import interpret
from schemas.text.numbers import numbers_in
from schemas.text.tokens import tokens_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("80", 80), ("1,800,000", 1_800_000), ("1.800.000", 1_800_000), ("1.8m", 1_800_000), ("4k", 4_000),
        ("2 bn", 2 * 10**9), ("99,9", 99.9), ("twenty-five", 25), ("two and a half", 2.5), ("half a", 0.5),
        ("three hundred", 300), ("1.5 million", 1_500_000), ("a couple of", 2), ("a dozen", 12), ("0.25", 0.25),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text, value):
    """Digits in groups, multipliers and words come to the same."""
    assert [number.value for number in numbers_in(tokens_of(text).words)] == [value]


@pytest.mark.parametrize("text", ["9" * 5000, "1.2.3.4", "1,2,3,4,5" * 50, "k8s", "٣", "²"])
def test_what_is_no_number_that_counts_something_is_none(text):
    """Serial numbers, versions and names are passed over, however long."""
    assert numbers_in(tokens_of(text).words) == []


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("p99 < 80ms", "deployment.latency_ms_p99", 80),
        ("answers within 2 seconds", "deployment.latency_ms_p99", 2000),
        ("p50 12 ms, p99 80 ms", "deployment.latency_ms_p99", 80),
        ("p95 12 ms", "deployment.latency_ms_p99", None),
        ("30 seconds of video", "deployment.latency_ms_p99", None),
        ("~4k rps", "deployment.peak_rps", 4000),
        ("12,000 events per second", "deployment.peak_rps", 12_000),
        ("864k requests/day", "deployment.peak_rps", 10),
        ("99.95 % uptime", "deployment.availability_pct", 99.95),
        ("three nines", "deployment.availability_pct", 99.9),
        ("99.1 % recall", "deployment.availability_pct", None),
        ("40k users", "deployment.users", 40_000),
        ("14 models in prod", "deployment.models_in_production", 14),
        ("connect it to five systems", "deployment.integrations", 5),
        ("approx 3 TB", "data.volume", "tb"),
        ("2,000 GB of logs", "data.volume", "tb"),
        ("64 GB of RAM", "data.volume", None),
        ("we have 12 months", "schedule.weeks", 52),
        ("18 months, starting in May", "schedule.weeks", 78),
        ("two quarters", "schedule.weeks", 26),
        ("three years of data", "schedule.weeks", None),
        ("for the last 6 months", "schedule.weeks", None),
        ("1.8m eur", "budget.amount", 1_800_000),
        ("€400k", "budget.currency", "EUR"),
        ("A$900k", "budget.currency", "AUD"),
        ("$2.4M", "budget.amount", 2_400_000),
        ("GBP 60,000 budget", "budget.amount", 60_000),
        ("we lost $3m to fraud", "budget.amount", None),
    ],
)
def test_a_quantity_fills_its_field(text, field, value):
    """Units are converted, and what only looks like the field is left."""
    assert interpret(text).values().get(field) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("team of 6, two of them DS", {"team.size": 6, "team.existing.data_scientist": 2}),
        ("half a data scientist and two backend devs", {"team.existing.data_scientist": 0.5}),
        ("3 DS, 2 MLE", {"team.existing.data_scientist": 3, "team.existing.ml_engineer": 2}),
        ("2 DS, no MLE", {"team.existing.data_scientist": 2, "team.existing.ml_engineer": 0}),
        ("we have a data scientist", {"team.existing.data_scientist": 1}),
        ("we are 7 people", {"team.size": 7}),
        ("4.5 FTE", {"team.size": 4.5, "team.increment": 0.5}),
        ("we want to hire three ML engineers", {}),
        ("1 MLE wanted", {}),
        ("they promised us two ML engineers", {}),
        ("the two ML engineers left in March", {}),
        ("we lost our two data scientists", {}),
        ("our two ML engineers are busy elsewhere", {}),
        ("two data scientists. The others left", {"team.existing.data_scientist": 2}),
        ("two people understand it", {}),
    ],
)
def test_people_are_counted_by_role_and_only_those_who_are_there(text, expected):
    """Developers and bystanders are neither role; who is still to be hired is not there, nor is who has left."""
    values = interpret(text).values()
    assert {name: value for name, value in values.items() if name.startswith("team.")} == expected


def test_people_of_neither_role_are_set_aside():
    """They are told, and counted as nobody."""
    [aside] = interpret("two backend devs").set_aside
    assert (aside.field, aside.value, aside.words, aside.why) == ("team.size", 2, "two backend devs", "someone_else")


def test_a_tight_limit_says_real_time_unless_another_pattern_is_named():
    """Milliseconds and rates tell that someone waits."""
    assert interpret("p99 of 40 ms").values()["deployment.pattern"] == "real_time"
    assert interpret("on the device, p99 of 40 ms").values()["deployment.pattern"] == "edge"
    assert "deployment.pattern" not in interpret("the job takes 3 hours").values()


def test_a_number_out_of_range_is_set_aside():
    """What the contract would refuse is told and not put into the document."""
    [aside] = interpret("we have 900 years").set_aside
    assert (aside.field, aside.why) == ("schedule.weeks", "out_of_range")
