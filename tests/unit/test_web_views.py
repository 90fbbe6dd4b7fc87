"""The page's views, as functions of a recommendation's body."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from io import StringIO
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest

from rules.vocabulary import FIELDS, Choice, Many
from schemas.contract import WIRE
from schemas.faults import InputError
from schemas.flat import nest
from schemas.project import load_project
from service.app import build_recommender
from service.config import Settings, bundled_rulebook
from service.recommender import Recommender
from service.web import catalogue, charts, words
from service.web.answer import Answer, answer
from service.web.compare import compare, query_of, variants
from service.web.form import form
from service.web.sheet import as_csv

Pairs = Sequence[tuple[str, str]]
FRAUD: Pairs = (
    ("industry", "fintech"),
    ("phase", "modeling"),
    ("goal", "decision_automation"),
    ("deployment.pattern", "real_time"),
    ("deployment.latency_ms_p99", "50"),
    ("deployment.serving_platform", "existing"),
    ("data.quality", "poor"),
    ("data.sensitivity", "personal"),
    ("governance.regulated", "true"),
    ("governance.affects_people", "true"),
    ("team.size", "8"),
    ("team.existing.data_scientist", "6"),
    ("team.existing.ml_engineer", "1"),
)


@cache
def recommender() -> Recommender:
    """The bundled rulebook, without a cache worth the name."""
    return build_recommender(Settings(rulebook=bundled_rulebook()))


def body_of(pairs: Pairs) -> dict[str, Any]:
    """The recommendation's body."""
    made = recommender()
    body: dict[str, Any] = orjson.loads(made.compute(made.ticket(load_project(nest(pairs)))))
    return body


def view(pairs: Pairs) -> Answer:
    """The answer's view."""
    claims = {claim.id: claim.says for claim in recommender().engine.rulebook.claims.values()}
    return answer(body_of(pairs), pairs, claims, str(load_project(nest(pairs)).project.answers["phase"]))


def test_every_field_of_the_contract_has_a_label_and_a_control() -> None:
    """A field that is added to the contract can't be forgotten in the page."""
    assert set(words.LABELS) == set(WIRE)
    assert sorted(control.name for control in form(()).controls) == sorted(WIRE)


def test_every_choice_of_the_vocabulary_is_an_option() -> None:
    """Whatever may be answered can be picked."""
    controls = {control.name: control for control in form(()).controls}
    for field in FIELDS:
        if isinstance(field, Choice | Many):
            assert [value for value, _ in controls[field.name].options] == [str(value) for value in field.values]


def test_the_waterfall_ends_at_the_net_points() -> None:
    """Each bar begins where the one before ended, and the last ends at the raw net."""
    fall = view(FRAUD).waterfall
    assert fall.steps[0].bar.start == 0
    for before, after in zip(fall.steps, fall.steps[1:], strict=False):
        assert after.bar.start == before.bar.end
    assert fall.steps[-1].bar.end == fall.net == body_of(FRAUD)["score"]["raw"]


def test_the_strongest_five_factors_are_shown_and_the_rest_folded() -> None:
    """The eye gets at most five; what is folded is no stronger than what is shown; nothing is lost."""
    fall, score = view(FRAUD).waterfall, body_of(FRAUD)["score"]
    assert len(fall.shown) == 5
    assert min(abs(step.points) for step in fall.shown) >= max(abs(step.points) for step in fall.folded)
    assert len(fall.steps) + len(fall.idle) == len(score["factors"])


def test_points_taken_from_a_role_are_drawn_towards_the_other() -> None:
    """A serving platform that is there takes a point from engineers: the bar goes towards data scientists."""
    step = next(step for step in view(FRAUD).waterfall.steps if step.rule == "existing-serving-platform")
    assert (step.role, step.points, step.bar.step, step.towards) == ("ml_engineer", -1, 1, "data_scientist")
    assert step.says == "−1 ML engineers"


def test_every_factor_says_its_input_and_its_claims_in_words() -> None:
    """A line opens to what was said and to what the article says."""
    step = next(step for step in view(FRAUD).waterfall.steps if step.rule == "poor-data")
    assert step.input == "Quality of the data: poor"
    assert [(claim.id, bool(claim.says)) for claim in step.claims] == [("A33", True)]


def test_the_gap_to_todays_team_is_said_both_ways() -> None:
    """Who is missing and who is over; nothing where no team was given."""
    assert view(FRAUD).gap == ["hire 2 ML engineers", "over by 1 data scientist"]
    assert view([pair for pair in FRAUD if "existing" not in pair[0]]).gap == []


def test_a_choice_of_the_next_question_links_to_the_project_with_that_answer() -> None:
    """The link holds all that was said, and the new answer; following it gives the outcome that is promised."""
    shown = view(FRAUD)
    for choice, promised in zip(shown.choices, shown.body["next_question"]["answers"], strict=True):
        followed = parse_qsl(choice.href)
        assert set(FRAUD) < set(followed)
        assert body_of(followed)["ratio"]["text"] == promised["ratio"]


def test_the_flips_link_gives_another_lean() -> None:
    """Trying the smallest change does change the lean."""
    shown = view(FRAUD)
    assert shown.flip is not None
    assert body_of(parse_qsl(shown.flip))["lean"] == shown.body["what_would_change_it"]["smallest_flip"]["lean"]


def test_the_form_holds_what_a_link_says_by_alias() -> None:
    """A link that says `fintech` picks finance; one that says 50.0 keeps its spelling."""
    controls = {control.name: control for control in form((("industry", "fintech"), ("languages", "cpp, R"))).controls}
    assert controls["industry"].value == "finance"
    assert controls["languages"].said == ("c++", "r")


def test_faults_stand_with_their_fields_and_what_is_missing_is_no_fault() -> None:
    """A wrong value has the API's message; a required field that is only missing is asked for."""
    pairs = (("industry", "fintec"), ("team.size", "2.5"), ("nonsense", "1"))
    with pytest.raises(InputError) as wrong:
        load_project(nest(pairs))
    made = form(pairs, wrong.value.faults)
    assert {control.name for control in made.wrong} == {"industry", "team.size"}
    assert {control.name for control in made.missing} == {"phase", "deployment.pattern"}
    assert [fault.field for fault in made.astray] == ["nonsense"]


def test_an_empty_form_asks_for_nothing_yet() -> None:
    """Whoever just arrived is not told off."""
    with pytest.raises(InputError) as wrong:
        load_project({})
    assert form((), wrong.value.faults).missing == []


def test_what_was_read_from_the_sentence_is_noted_unless_said_by_hand() -> None:
    """A picked value overrides what the sentence says, and its note."""
    inferred = [{"field": "industry", "value": "finance", "words": "bank"}]
    read, said = (form(pairs, (), inferred).essentials[0] for pairs in ((), (("industry", "retail"),)))
    assert (read.unsaid, read.words) == ("Finance, as read", "“bank”")
    assert (said.unsaid, said.words) == ("Choose", "")


@pytest.mark.parametrize(
    ("seats", "lot"), [((5, 3), 1), ((20, 1), 1), ((20.5, 1), 2), ((140, 30), 10), ((99_999, 1), 5_000)]
)
def test_a_crowd_never_takes_more_than_twenty_icons_a_role(seats: tuple[float, float], lot: int) -> None:
    """Large teams are drawn in lots."""
    people = dict(zip(("data_scientist", "ml_engineer"), seats, strict=True))
    assert charts.lot(people) == lot
    assert all(len(charts.icons(amount, lot)) <= 20 for amount in seats)


def test_part_of_a_person_is_part_of_an_icon() -> None:
    """Two and a half people are two icons and half of one."""
    assert charts.icons(2.5, 1) == [1, 1, 0.5]


@pytest.mark.parametrize(("amount", "text"), [(1, "1:1"), (0.5, "1:2"), (1.682, "5:3"), (4, "4:1"), (0.25, "1:4")])
def test_a_ratios_value_is_said_as_the_body_says_it(amount: float, text: str) -> None:
    """Ends of the range are spelled as the ratio is."""
    assert words.as_ratio(amount) == text


def test_scenarios_show_what_differs_before_what_is_alike() -> None:
    """The one input that differs is the only row of its section that stands apart."""
    pairs = [FRAUD, [*(pair for pair in FRAUD if pair[0] != "phase"), ("phase", "deployment")]]
    sections = compare([view(one) for one in pairs], [load_project(nest(one)) for one in pairs])
    assert [row.title for row in sections[0].apart] == ["Phase now"]
    assert len(sections[0].alike) == len(FRAUD) - 1


def test_a_pasted_permalink_is_as_good_as_a_query() -> None:
    """With or without the address in front."""
    assert query_of("https://example.org/?industry=finance&goal=") == query_of("industry=finance")


def test_every_variant_is_a_whole_project() -> None:
    """Each option of the comparison can be scored."""
    for choices in variants(view(FRAUD), FRAUD).values():
        for query, said in choices:
            assert said.endswith(body_of(parse_qsl(query))["ratio"]["text"])


def test_a_rule_that_is_one_answer_away_holds_once_that_answer_is_given() -> None:
    """Checked for every rule and every way: the engine agrees with the page."""
    engine = recommender().engine
    project = load_project(nest(FRAUD)).project
    near = catalogue.nearness(engine, project)
    assert near["real-time-serving"] == ()
    assert near["batch-serving"] == ("Delivery from real time to batch",)
    held = {rule for rule, ways in near.items() if not ways}
    factors = body_of(FRAUD)["score"]["factors"]
    assert {factor["rule"] for factor in factors} <= held


def test_a_rules_proof_is_shown_with_it_and_its_lack_is_borne() -> None:
    """A verdict stands with the rule that it is about; without a certificate there is none."""
    verdict = {"kind": "reachable", "subject": "poor-data", "holds": True, "says": "It fires."}
    certificate = {"verdicts": [verdict], "holds": True}
    shown = {entry.rule.id: entry for entry in catalogue.entries(recommender().engine, None, certificate)}
    assert shown["poor-data"].proof == ((True, "It fires."),)
    assert all(not entry.proof for entry in catalogue.entries(recommender().engine, None))


def test_filters_narrow_the_rules_down_together() -> None:
    """Words, theme and effect must all fit."""
    entries = catalogue.entries(recommender().engine, None)
    wanted = catalogue.Filters(find="A33 poor", theme="data", effect="data_scientist")
    assert [entry.rule.id for entry in entries if wanted.show(entry)] == ["poor-data"]


def test_a_spreadsheet_runs_nothing_of_the_csv() -> None:
    """A name that begins like a formula is marked as text."""
    rows = list(csv.DictReader(StringIO(as_csv({**body_of(FRAUD), "name": "=1+1"}))))
    assert rows[0]["item"] == "'=1+1"
    counted = [row for row in rows if row["section"] == "points"]
    score = body_of(FRAUD)["score"]
    assert sum(int(row["data_scientist"] or 0) for row in counted) == score["data_scientist"]
