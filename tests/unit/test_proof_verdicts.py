"""What a proof says of a rulebook is so: every verdict against walking every cell, and planted faults found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.model import All, Expectation, Is, Not, Rulebook, Within
from rules.proof.baseline import Baseline
from rules.proof.bearing import decisive, reachable
from rules.proof.direction import direction
from rules.proof.prove import prove
from rules.proof.verdict import Verdict
from rules.proof.witness import Json, Witnesses
from rules.scorecard import Scorecard
from rules.space import Space
from rules.vocabulary import ROLES, Answer
from schemas.project import load_project
from tests import reference, small, strategies, walk
from tests.article import article

MODERATE = {"data_scientist": "moderate"}
RISING = Expectation("rising", "More never favours it.", "deployment.peak_rps", "ml_engineer", ("C1",), line=7)


def answers(witness: Json) -> Mapping[str, Answer]:
    """The answers of a witness, read as the service reads them."""
    return load_project(witness["project"]).project.answers


def verdicts(book: Rulebook, kind: str) -> dict[str, Json]:
    return {verdict["subject"]: verdict for verdict in prove(book)["verdicts"] if verdict["kind"] == kind}


@pytest.fixture(scope="module")
def certificate() -> Json:
    return prove(article())


def test_the_article_is_proved(certificate):
    """Every verdict on the article's rulebook holds, over more cells than could be walked."""
    assert [verdict["says"] for verdict in certificate["verdicts"] if not verdict["holds"]] == []
    assert certificate["holds"]
    assert int(certificate["cells"]) > 10**15


def test_a_certificate_is_the_same_on_every_run(certificate):
    """It holds no date and no chance, so that two can be compared byte by byte."""
    assert json.dumps(prove(article())) == json.dumps(certificate)


def test_a_certificate_survives_any_reader_of_json(certificate):
    """Numbers of cells are texts: some readers hold whole numbers up to 2 ** 53 only."""

    def numbers(value: object) -> Iterator[float]:
        if isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                yield from numbers(inner)
        elif isinstance(value, int | float):
            yield value

    assert all(abs(number) < 2**53 for number in numbers(certificate))


def test_every_witness_scores_what_it_says(certificate):
    """The slow reading of the design gives each witness the net that the certificate has."""
    for verdict in certificate["verdicts"]:
        for witness in verdict["witnesses"]:
            assert reference.raw(article(), answers(witness)) == witness["raw"]


@settings(max_examples=25)
@given(strategies.rulebooks())
def test_rules_are_reachable_and_decisive_as_walking_every_cell_says(book):
    """In how many cells a rule holds, and in how many its absence moves ratio or minimums, is exact."""
    (book,) = walk.small_enough(book)
    baseline, card = Baseline(book), Scorecard(book)
    witnesses, times = Witnesses(card, baseline.ratios), walk.times(card.space, book)
    for rule in book.rules:
        less = Scorecard(replace(book, rules=tuple(other for other in book.rules if other is not rule)), card.space)
        held = changed = 0
        for at in walk.cells(card.space, book):
            said, other = walk.said(card, at), walk.said(less, at)
            held += rule in card.holding(card.match(at))
            changed += baseline.ratios.of(said.raw) != baseline.ratios.of(other.raw) or said.minimums != other.minimums
        found = reachable(baseline, rule, witnesses, 1), decisive(baseline, rule, witnesses, 1)
        assert found[0].figures["cells"] == str(held * times)
        assert found[0].holds is (held > 0)
        if found[1] is not None:
            assert found[1].figures["cells"] == str(changed * times)
            assert found[1].holds or not changed


@settings(max_examples=25)
@given(strategies.rulebooks(), st.data())
def test_directions_hold_as_walking_every_cell_says(book, data):
    """A direction is found broken where a step of its field moves net the wrong way in some cell, and only there."""
    (book,) = walk.small_enough(book)
    space, card = Space(book), Scorecard(book)
    place = data.draw(st.sampled_from([at for at, axis in enumerate(space.axes) if axis.field.name in DIRECTED]))
    field, role = space.axes[place].field.name, data.draw(st.sampled_from(ROLES))
    expected = Expectation("drawn", "Drawn.", field, role, ("C1",), DIRECTED[field])
    ordered = [space.axes[place].locate(value) for value in DIRECTED[field]] or list(space.axes[place].answers)
    sign = 1 if role == ROLES[0] else -1
    broken = any(
        sign * (walk.said(card, (*at[:place], after, *at[place + 1 :])).raw - walk.said(card, at).raw) > 0
        for before, after in pairwise(ordered)
        for at in {(*at[:place], before, *at[place + 1 :]) for at in walk.cells(space, book)}
    )
    baseline = Baseline(replace(book, expectations=(expected,)))
    verdict = direction(baseline, expected, Witnesses(card, baseline.ratios))
    assert verdict.holds is not broken
    if verdict.witnesses:
        before, after = (reference.raw(book, answers(witness)) for witness in verdict.witnesses)
        assert (sign * (after - before) > 0) is broken
    else:
        assert len(ordered) == 1


DIRECTED: Mapping[str, tuple[Answer, ...]] = {
    "deployment.peak_rps": (),
    "deployment.users": (),
    "data.volume": ("mb", "gb", "tb", "pb"),
    "governance.regulated": (False, True),
    "goal": ("insights", "prediction", "product_feature"),
}


def test_a_wrong_direction_comes_with_two_projects_that_break_it():
    """They differ in the field alone, and the verdict names the line."""
    rule = small.rule("busy", Within("deployment.peak_rps", 5, 1000), MODERATE)
    book = replace(small.rulebook([rule]), expectations=(RISING,))
    verdict = verdicts(book, "direction")["rising"]
    before, after = verdict["witnesses"]
    assert not verdict["holds"]
    assert verdict["line"] == 7
    assert {*answers(before).items()} ^ {*answers(after).items()} == {
        ("deployment.peak_rps", 5),
        ("deployment.peak_rps", 1000),
    }
    assert (before["raw"], after["raw"]) == (2, 0)


def test_a_direction_that_nothing_reads_holds():
    """No step of a field that no rule reads moves anything."""
    assert verdicts(replace(small.rulebook(), expectations=(RISING,)), "direction")["rising"]["holds"]


def test_a_rule_that_contradicts_itself_is_not_reachable():
    """Both tests of its condition are about the same choice."""
    rule = small.rule("never", All((Is("goal", ("insights",)), Not(Is("goal", ("insights",))))), MODERATE)
    verdict = verdicts(small.rulebook([rule]), "reachable")["never"]
    assert not verdict["holds"]
    assert verdict["witnesses"] == []


def test_a_rule_that_another_repeats_is_not_decisive():
    """Without either, the other gives the same points."""
    twins = [small.rule(name, Is("goal", ("insights",)), MODERATE) for name in ("one", "other")]
    found = verdicts(small.rulebook(twins), "decisive")
    assert [found[name]["holds"] for name in ("one", "other")] == [False, False]


def test_a_rule_that_gives_both_roles_alike_is_decisive_for_their_points():
    """No ratio changes without it, but the points do, and the verdict says so."""
    rule = small.rule("both", raises={"data_scientist": "slight", "ml_engineer": "slight"})
    verdict = verdicts(small.rulebook([rule]), "decisive")["both"]
    assert verdict["holds"]
    assert "no ratio does" in verdict["says"]
    assert verdict["witnesses"][0]["points"] != verdict["witnesses"][0]["without"]["points"]


def test_requirements_that_meet_add_up_to_the_smallest_team():
    """The verdict's team is the least that meets whatever can be required at once."""
    rules = [
        small.requiring("insight", {"data_scientist": 1.5}, Is("goal", ("insights",))),
        small.requiring("scale", {"ml_engineer": 3}, Within("deployment.peak_rps", 1000)),
        small.requiring("never-with-insight", {"ml_engineer": 9}, Is("goal", ("prediction",))),
    ]
    assert verdicts(small.rulebook(rules), "requirements")["met"]["figures"] == {"smallest_team": 9}
    assert verdicts(small.rulebook(rules[:2]), "requirements")["met"]["figures"] == {"smallest_team": 5}


def test_a_rulebook_that_favours_a_role_is_not_neutral():
    """Points that every project gets shift the mean, and every cell leans one way."""
    rules = [
        small.rule(f"always-{theme}", raises={"data_scientist": "strong"}, theme=theme) for theme in small.ALL_YEAR
    ]
    found = verdicts(small.rulebook(rules), "neutral")
    assert {subject for subject, verdict in found.items() if not verdict["holds"]} >= {
        "mean",
        "data_scientist",
        "ml_engineer",
        "balanced",
        "capped",
    }


def test_a_verdict_is_written_with_its_line_where_it_has_one():
    """A verdict on the whole rulebook has none."""
    assert "line" not in Verdict("neutral", "mean", True, "It is.").body()
    assert Verdict("reachable", "a", True, "It is.", line=3).body()["line"] == 3
