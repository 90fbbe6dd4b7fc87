"""A declared direction is data in the rulebook, and a wrong one is refused on its line."""

from __future__ import annotations

import pytest

from schemas.rulebook import RulebookError, load_rulebook
from tests.article import PATH

TEXT = PATH.read_text("utf-8").partition("\nexpect:")[0]
GOOD = """
expect:
  - id: busier-is-theirs
    field: deployment.peak_rps
    never_favours: data_scientist
    says: More requests never favour data scientists.
    claims: [A35]
"""
FIRST = TEXT.count("\n") + 3  # the line of the first expectation's id


def test_a_direction_is_loaded_with_its_line():
    """Numbers rise by themselves; the values of a choice are listed from less to more."""
    (number,) = load_rulebook(TEXT + GOOD, filename="some.yaml").expectations
    assert (number.field, number.never_favours, number.order) == ("deployment.peak_rps", "data_scientist", ())
    assert number.line == FIRST
    choice = GOOD.replace("deployment.peak_rps", "data.volume\n    order: [mb, tb]")
    assert load_rulebook(TEXT + choice, filename="some.yaml").expectations[0].order == ("mb", "tb")


def test_a_rulebook_need_not_declare_any():
    """Then the proof holds it to none."""
    assert load_rulebook(TEXT, filename="some.yaml").expectations == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("deployment.peak_rps", "deployment.peak_rp", 1, "deployment.peak_rps"),
        ("deployment.peak_rps", "languages", 1, "languages"),
        ("deployment.peak_rps", "phase", 1, "phase"),
        ("deployment.peak_rps", "data.volume", 0, "from less to more"),
        ("deployment.peak_rps", "data.volume\n    order: [mb]", 2, "at least two"),
        ("deployment.peak_rps", "data.volume\n    order: mb", 2, "at least two"),
        ("deployment.peak_rps", "data.volume\n    order: [mb, gbb]", 2, "gb"),
        ("deployment.peak_rps", "data.volume\n    order: [mb, mb]", 2, "list already"),
        ("deployment.peak_rps", "deployment.peak_rps\n    order: [1, 5]", 2, "rises by itself"),
        ("data_scientist\n", "both\n", 2, "role"),
        ("[A35]", "[A350]", 4, "A35"),
        ("    claims: [A35]\n", "", 0, "claims"),
        ("    says:", "    sais:", 3, "says"),
        ("busier-is-theirs", "Busier is theirs", 0, "kebab"),
    ],
)
def test_a_wrong_direction_is_refused_on_its_line(old, new, line, message):
    """A direction that cannot be meant is not proved by accident."""
    with pytest.raises(RulebookError) as refused:
        load_rulebook(TEXT + GOOD.replace(old, new, 1), filename="some.yaml")
    faults = {located.line: located.fault.message for located in refused.value.faults}
    assert message in faults[FIRST + line]


def test_an_id_stands_for_one_direction():
    """Verdicts are named by it."""
    with pytest.raises(RulebookError, match="busier-is-theirs"):
        load_rulebook(TEXT + GOOD + GOOD.removeprefix("\nexpect:\n"), filename="some.yaml")
