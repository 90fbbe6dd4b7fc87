"""A rulebook that loads may still be wrong: each planted fault is found, with its rule and line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from rules.model import ALWAYS, All, Any, Claim, Consideration, Is, Not, Rule, Rulebook, Within
from rules.proof.lint import lint
from rules.scorecard import Scorecard
from tests import reference, small, strategies, walk
from tests.article import article

INSIGHT = Is("goal", ("insights",))
BUSY = Within("deployment.peak_rps", 1000)
STRONG, SLIGHT = {"ml_engineer": "strong"}, {"ml_engineer": "slight"}


def numbered(*rules: Rule) -> Rulebook:
    """The rules on lines 10, 20, 30 …"""
    return small.rulebook([replace(rule, line=10 * number) for number, rule in enumerate(rules, start=1)])


def found(book: Rulebook, severity: str = "error") -> list[tuple[str, str, int]]:
    return [(item.code, item.subject, item.line) for item in lint(book) if item.severity == severity]


@pytest.mark.parametrize(
    "condition",
    [
        All((INSIGHT, Is("goal", ("prediction",)))),
        All((BUSY, Within("deployment.peak_rps", None, 5))),
        All((INSIGHT, Not(INSIGHT))),
        Any(()),
    ],
)
def test_a_rule_that_can_never_hold_is_an_error(condition):
    """Its condition contradicts itself, so no project meets it."""
    assert found(numbered(small.rule("never", condition, STRONG))) == [("never_holds", "never", 10)]


def test_an_alternative_that_can_never_hold_is_a_warning():
    """The rule still holds by its other alternative."""
    dead = All((INSIGHT, Is("goal", ("prediction",))))
    book = numbered(small.rule("half", Any((dead, BUSY)), STRONG))
    assert ("dead_alternative", "half", 10) in found(book, "warning")
    assert found(book) == []


def test_a_rule_that_is_always_beaten_is_an_error_that_names_what_beats_it():
    """Wherever it holds, a stronger rule of its theme counts for the same role."""
    faster = Within("deployment.peak_rps", 5000)
    book = numbered(small.rule("busy", BUSY, STRONG), small.rule("busier", faster, SLIGHT))
    assert found(book) == [("never_counts", "busier", 20)]
    (message,) = [item.message for item in lint(book) if item.code == "never_counts"]
    assert "busy (line 10)" in message


def test_a_rule_beaten_by_several_together_is_an_error():
    """Neither of the two beats it alone, but one of them always does."""
    low, high = Within("deployment.peak_rps", None, 5), Within("deployment.peak_rps", 5)
    rated = Within("deployment.peak_rps", 1)
    book = numbered(small.rule("low", low, STRONG), small.rule("high", high, STRONG), small.rule("any", rated, SLIGHT))
    assert found(book) == [("never_counts", "any", 30)]


def test_a_rule_beaten_only_at_times_is_no_fault():
    """In another theme, for another role, or where the stronger does not hold, it counts."""
    book = numbered(
        small.rule("busy", BUSY, STRONG),
        small.rule("insight", INSIGHT, SLIGHT),
        small.rule("elsewhere", BUSY, SLIGHT, theme="two"),
        small.rule("other-role", BUSY, {"data_scientist": "slight"}),
    )
    assert found(book) == []


def test_a_rule_without_points_in_any_phase_it_holds_in_is_an_error():
    """A slight raise counts nothing out of season."""
    rule = replace(small.rule("late", Is("phase", ("deployment",)), SLIGHT), line=10)
    book = small.rulebook([rule], seasons={"one": ("modeling",)})
    assert found(book) == [("never_counts", "late", 10)]


def test_a_rule_that_repeats_another_is_an_error():
    """The same condition, however it is written, and the same effect."""
    note = (Consideration("both", "Talk."),)
    one = Rule("one", "One", "It is.", ("C1",), Any((INSIGHT, BUSY)), considers=note)
    other = Rule("other", "Other", "It is.", ("C1",), Any((BUSY, INSIGHT)), considers=note)
    assert found(numbered(one, other)) == [("duplicate", "other", 20)]


def test_rules_that_contradict_each_other_are_an_error():
    """For the same projects one gives a role what the other takes."""
    book = numbered(small.rule("gives", BUSY, STRONG), small.rule("takes", BUSY, lowers=SLIGHT))
    assert found(book) == [("contradiction", "takes", 20)]


def test_a_value_that_no_rule_reads_is_a_warning():
    """Unless it is the value that leaves the question open."""
    rule = small.rule("data", Is("data.quality", ("good", "fair")), STRONG)
    messages = {item.subject: item.message for item in lint(numbered(rule)) if item.code == "unread_value"}
    assert messages["data.quality"].endswith(": poor")


def test_a_negation_reads_all_other_values():
    """Every value but the one named meets it."""
    rule = small.rule("data", Not(Is("data.quality", ("good",))), STRONG)
    values = {item.subject: item.message for item in lint(numbered(rule)) if item.code == "unread_value"}
    assert values["data.quality"].endswith(": good")


def test_a_field_that_no_rule_reads_is_a_warning():
    """The question is asked, and its answer goes nowhere."""
    codes = found(numbered(small.rule("insight", INSIGHT, STRONG)), "warning")
    assert ("unread_field", "languages", 0) in codes
    assert ("unread_field", "goal", 0) not in codes


def test_a_claim_that_no_rule_cites_and_a_theme_without_rules_are_warnings():
    """Each is a promise that the rulebook does not keep."""
    book = numbered(small.rule("insight", ALWAYS, STRONG))
    book = replace(book, claims={**book.claims, "C2": Claim("C2", "A section", 2, "Another", "both")})
    codes = found(book, "warning")
    assert ("uncited_claim", "C2", 0) in codes
    assert ("empty_theme", "two", 0) in codes


def test_the_article_has_no_errors_and_no_claim_without_a_rule():
    """What is left are values between two ends, which no rule needs to read."""
    assert found(article()) == []
    assert {item.code for item in lint(article())} <= {"unread_value"}


@settings(max_examples=30)
@given(strategies.rulebooks())
def test_rules_that_never_count_are_those_of_walking_every_cell(book):
    """No rule that counts somewhere is called beaten, and none that counts nowhere is missed."""
    (book,) = walk.small_enough(book)
    card = Scorecard(book)
    counting, holding = set(), set()
    for at in walk.cells(card.space, book):
        seen = zip(card.axes, at, strict=True)
        answers = {axis.field.name: value for axis, cell in seen if (value := axis.cells[cell].value) is not None}
        for factor in reference.factors(book, answers):
            holding.add((factor.rule, factor.role))
            if factor.counted:
                counting.add((factor.rule, factor.role))
    named = {item.subject for item in lint(book) if item.code == "never_counts"}
    assert named == {rule for rule, role in holding - counting}
