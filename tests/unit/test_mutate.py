"""Small faults put into rules on purpose: all kinds of them, and the examples of the article notice every one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.model import All, Any, Consideration, Expectation, Is, Not, ProfileEntry, Rule, Within
from rules.proof.examples import Example, mismatches, observed
from rules.proof.mutants import mutants
from rules.proof.mutate import Mutation, summary
from rules.scorecard import Scorecard
from schemas.examples import load_examples
from schemas.rulebook import RulebookError
from tests import small
from tests.article import PATH, article

BUSY = Within("deployment.peak_rps", 5, 1000)
FILES = sorted((PATH.parent / "examples").glob("*.yaml"))
BUSY_PROJECT = {**small.BARE, "deployment.peak_rps": 50}


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return [
        example
        for file in FILES
        for example in load_examples(file.read_text("utf-8"), filename=file.name, rulebook=article())
    ]


def said(rule: Rule) -> list[tuple[str, str]]:
    return [(mutant.kind, mutant.says) for mutant in mutants(small.rulebook([rule]))]


def test_a_rule_is_dropped_shifted_flipped_and_loosened():
    """Every fault of a simple rule, once each."""
    assert said(small.rule("busy", BUSY, {"ml_engineer": "moderate"})) == [
        ("drop", "dropped"),
        ("shift", "raises ml_engineer: moderate becomes slight"),
        ("shift", "raises ml_engineer: moderate becomes strong"),
        ("flip", "points for the other role"),
        ("loosen", "holds always"),
        ("loosen", "deployment.peak_rps without its minimum"),
        ("loosen", "deployment.peak_rps without its maximum"),
    ]


def test_strengths_stay_on_the_scale():
    """The strongest has no step up, the weakest none down."""
    shifts = [says for kind, says in said(small.rule("busy", BUSY, {"ml_engineer": "strong"})) if kind == "shift"]
    assert shifts == ["raises ml_engineer: strong becomes moderate"]


def test_every_part_of_a_condition_is_left_out_once():
    """Tests, alternatives, values and what stands under a negation."""
    condition = All((Is("goal", ("insights", "prediction")), Any((BUSY, Not(Is("data.volume", ("mb", "gb")))))))
    loosened = [says for kind, says in said(small.rule("deep", condition)) if kind == "loosen"]
    assert loosened == [
        "without goal insights, prediction",
        "goal without insights",
        "goal without prediction",
        "without a group",
        "without deployment.peak_rps 5..1000",
        "deployment.peak_rps without its minimum",
        "deployment.peak_rps without its maximum",
        "without not data.volume mb, gb",
        "data.volume without mb",
        "data.volume without gb",
    ]


def test_minimums_profiles_and_considerations_are_faulted_too():
    """A minimum moves by one person, and everything is given to the other role."""
    profile, note = ProfileEntry("ml_engineer", "skills", "Go."), Consideration("data_scientist", "Look.")
    rule = Rule("all", "All", "It is.", ("C1",), requires={"ml_engineer": 1}, profiles=(profile,), considers=(note,))
    assert said(rule) == [
        ("drop", "dropped"),
        ("shift", "requires ml_engineer: 1 becomes 0"),
        ("shift", "requires ml_engineer: 1 becomes 2"),
        ("flip", "minimums for the other role"),
        ("flip", "profiles for the other role"),
        ("flip", "considerations for the other role"),
    ]


def test_a_fault_is_noticed_by_an_example_that_sees_it():
    """The example states the points; the mutants that no example reaches are missed."""
    book = small.rulebook([small.rule("busy", BUSY, {"ml_engineer": "slight"})])
    example = Example("busy", "It is busy.", ("C1",), BUSY_PROJECT, {"points": {"busy": {"ml_engineer": 1}}})
    found = {notice.mutant.says: notice for notice in Mutation(book, [example]).notices()}
    assert found["dropped"].examples == ("busy",)
    assert not found["holds always"].noticed
    missed = summary(book, list(found.values()))["missed"]
    assert [mutant["says"] for mutant in missed] == [
        "holds always",
        "deployment.peak_rps without its minimum",
        "deployment.peak_rps without its maximum",
    ]


def test_a_fault_is_noticed_by_a_direction_that_it_breaks():
    """The proof needs no example for that."""
    rules = [small.rule("busy", Within("deployment.peak_rps", 5), {"ml_engineer": "moderate"})]
    expected = Expectation("busier", "More is theirs.", "deployment.peak_rps", "data_scientist", ("C1",))
    book = replace(small.rulebook(rules), expectations=(expected,))
    found = {notice.mutant.says: notice for notice in Mutation(book, []).notices()}
    assert found["points for the other role"].proof == ("busier",)
    assert found["raises ml_engineer: moderate becomes slight"].proof == ()


def test_a_fault_that_changes_no_answer_is_not_called_missed():
    """Where a stronger rule counts anyway, nothing can be noticed."""
    rules = [
        small.rule("busy", BUSY, {"ml_engineer": "slight"}),
        small.rule("busier", Within("deployment.peak_rps", 1000), {"ml_engineer": "strong"}),
    ]
    book = small.rulebook(rules)
    same = {(notice.mutant.of.id, notice.mutant.says) for notice in Mutation(book, []).notices() if notice.same}
    assert same == {("busy", "deployment.peak_rps without its maximum")}


def test_the_article_meets_its_examples(examples):
    """What every example expects is what the rulebook says."""
    assert list(mismatches(Scorecard(article()), examples)) == []
    assert len({example.name for example in examples}) == len(examples)


def test_every_claim_has_an_example(examples):
    """Each example names the claims that it is about; together they are about all."""
    assert {claim for example in examples for claim in example.claims} == set(article().claims)


def test_the_articles_examples_notice_every_fault(examples):
    """Each mutant of each rule breaks an example, but for those that change no answer."""
    unnoticed = [
        mutant
        for mutant in mutants(article())
        if next(mismatches(Scorecard(mutant.book(article())), examples), None) is None
    ]
    assert [(mutant.of.id, mutant.says) for mutant in unnoticed] == [
        ("moderate-request-rate", "deployment.peak_rps without its maximum"),
        ("some-models", "deployment.models_in_production without its maximum"),
    ]


def test_what_is_observed_is_said_by_rule():
    """Points that count, minimums, and what holds beside points."""
    note = Rule("note", "Note", "It is.", ("C1",), considers=(Consideration("both", "Talk."),), warns="Beware.")
    rules = [small.rule("busy", BUSY, {"ml_engineer": "moderate"}), small.requiring("one", {"ml_engineer": 1}), note]
    assert observed(Scorecard(small.rulebook(rules)), BUSY_PROJECT) == {
        "points": {"busy": {"ml_engineer": 2}},
        "raw": -2,
        "required": {"ml_engineer": 1},
        "profiles": {},
        "considers": {"note": ["both"]},
        "warns": ["note"],
    }


GOOD = """\
examples:
  - name: busy
    says: It is busy.
    claims: [A35]
    project: {industry: mining, phase: modeling, deployment: {pattern: batch}}
    expect: {raw: 0}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("[A35]", "[A99]", 4, "A99"),
        ("mining", "mininng", 5, "mining"),
        ("pattern: batch", "patern: batch", 5, "pattern"),
        ("raw: 0", "net: 0", 6, "raw"),
        ("{raw: 0}", "[]", 6, "expectation"),
        ("    says: It is busy.\n", "", 2, "says"),
        ("examples:", "exampels:", 1, "examples"),
    ],
)
def test_a_wrong_example_is_refused_on_its_line(old, new, line, message):
    """File, line and fault, as for a rulebook."""
    with pytest.raises(RulebookError) as refused:
        load_examples(GOOD.replace(old, new), filename="some.yaml", rulebook=article())
    assert message in str(refused.value)
    assert line in [located.line for located in refused.value.faults]
