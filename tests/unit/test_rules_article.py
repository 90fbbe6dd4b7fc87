"""The article's rulebook: every claim is carried, neither role is favoured, and its examples come out as it says."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from statistics import fmean
from typing import Any

import pytest

from rules.engine import Engine
from rules.model import Rule
from rules.project import Project
from rules.scorecard import PHASE_AXIS
from rules.vocabulary import ROLES, Answer
from tests.article import article, cells, engine, sampled
from tests.small import BARE

DATA, ENGINEERING = ROLES
RULES = {rule.id: rule for rule in article().rules}
PARAGRAPHS = {
    "the lead": 1,
    "Introduction to Data Scientists and Machine Learning Engineers": 2,
    "Defining the Roles: Design vs. Deployment": 1,
    "Skills and Expertise Required": 1,
    "Educational Background and Training": 1,
    "Challenges and Considerations": 2,
    "Conclusion and Recommendations": 2,
}
SAMPLE = 100_000


def recommend(**answers: Answer) -> dict[str, Any]:
    """The answer to a project that says as little as may be beside the answers given; `__` stands for a dot."""
    given = {**BARE, **{name.replace("__", "."): answer for name, answer in answers.items()}}
    return engine().recommend(Project(given))


def fired_by(rule: Rule) -> Project:
    """A project for which the rule holds: a value of the first cell that its first clause allows, for every field."""
    scorecard = engine().scorecard
    clause = next(iter(scorecard.clauses(rule.id, scorecard.rule_bits[rule.id])))
    answers = dict(BARE)
    for axis in scorecard.axes:
        value = axis.cells[min(clause.get(axis.field.name, [0]))].value
        answers |= {axis.field.name: value} if value is not None else {}
    return Project(answers)


def cited(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every rule and claim that an answer cites."""
    entries = [
        *body["score"]["factors"],
        *body["requirements"],
        *body["considerations"],
        *(entry for role in body["profiles"].values() for kind in role.values() for entry in kind),
    ]
    return ((entry["rule"], claim["id"]) for entry in entries for claim in entry["claims"])


def test_the_claims_are_the_articles() -> None:
    """A1 to A45, each with a section and a paragraph that the article has."""
    claims = article().claims

    assert list(claims) == [f"A{number}" for number in range(1, 46)]
    assert all(1 <= claim.paragraph <= PARAGRAPHS[claim.section] for claim in claims.values())
    assert {claim.role for claim in claims.values()} == {*ROLES, "both"}


def test_every_claim_reaches_an_answer() -> None:
    """Walked from the claim to a rule, from the rule to a project, and from the project's answer back to the claim."""
    reached = {pair for rule in RULES.values() for pair in cited(engine().recommend(fired_by(rule)))}

    assert {claim for _, claim in reached} == set(article().claims)
    assert all(claim in RULES[rule].claims for rule, claim in reached)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_can_hold(name: str) -> None:
    """It has an effect, cites a claim, and some project meets it."""
    rule, scorecard = RULES[name], engine().scorecard
    matched = scorecard.match(scorecard.space.locate(fired_by(rule).answers))

    assert rule in scorecard.holding(matched)
    assert rule.claims
    assert rule.raises or rule.lowers or rule.requires or rule.profiles or rule.considers or rule.warns


@pytest.mark.parametrize("name", RULES)
def test_every_rule_reads_well(name: str) -> None:
    """An id for links, a title without a full stop, a reason that is one sentence or more."""
    rule = RULES[name]

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
    assert rule.title[0].isupper()
    assert not rule.title.endswith(".")
    assert rule.because[0].isupper()
    assert rule.because.endswith(".")


def test_a_role_that_is_raised_cites_a_claim_on_that_role() -> None:
    """A claim about data scientists is no reason to hire engineers."""
    claims = article().claims
    for rule in RULES.values():
        for role in rule.raises:
            assert any(claims[claim].role in (role, "both") for claim in rule.claims), rule.id


def test_the_whole_vocabulary_counts() -> None:
    """Every question that is asked can change the answer, or it would not be asked."""
    scorecard = engine().scorecard
    for axis in scorecard.axes:
        assert any(group.bits & scorecard.bits_reading(axis.field.name) for group in scorecard.groups), axis.field.name


def raw(place: Sequence[int]) -> int:
    """Raw net of one cell a field."""
    scorecard = engine().scorecard
    return scorecard.net(scorecard.match(place), place[PHASE_AXIS] - 1)


def test_it_is_neutral() -> None:
    """Of its cells, each as likely as any other of its field, neither role is favoured, and few are capped."""
    random = Random(2026)
    columns = [random.choices(cells(axis), k=SAMPLE) for axis in engine().scorecard.axes]
    raws = Counter(map(raw, zip(*columns, strict=True)))
    leans, capped = Counter[str](), 0
    for net, number in raws.items():
        leans[engine().ratios.lean(net)] += number
        capped += number * (abs(net) > article().scale.bound)

    assert abs(sum(net * number for net, number in raws.items())) <= SAMPLE
    assert all(0.2 <= leans[lean] / SAMPLE <= 0.5 for lean in (*ROLES, "balanced"))
    assert capped < 0.1 * SAMPLE


def test_answering_more_questions_moves_no_mean() -> None:
    """From none to all of the optional ones, by less than a point."""
    random = Random(2026)
    means = [fmean(nets) for nets in zip(*(answered_one_by_one(random) for _ in range(5000)), strict=True)]

    assert max(means) - min(means) < 1


def answered_one_by_one(random: Random) -> list[int]:
    """Raw net of a project with no optional question answered, then one more each time, until all are."""
    scorecard = engine().scorecard
    answered = [random.randrange(1, len(axis.cells)) for axis in scorecard.axes]
    optional = [place for place, axis in enumerate(scorecard.axes) if not axis.field.required]
    place = [0 if i in optional else cell for i, cell in enumerate(answered)]
    nets = [raw(place)]
    for asked in random.sample(optional, len(optional)):
        place[asked] = answered[asked]
        nets.append(raw(place))
    return nets


RECOMMENDER: dict[str, Answer] = {
    "industry": "retail",
    "goal": "product_feature",
    "deployment__pattern": "real_time",
    "deployment__latency_ms_p99": 80,
    "deployment__peak_rps": 1500,
    "deployment__users": 2_000_000,
    "model__origin": "custom",
    "data__volume": "tb",
}


def test_a_real_time_recommender_begins_with_data_scientists_and_ends_with_engineers() -> None:
    """The article's example of engineers' work still has to be understood and designed first."""
    phases = recommend(**RECOMMENDER)["phases"]

    assert [row["lean"] for row in phases][:: len(phases) - 1] == ["data_scientist", "ml_engineer"]
    assert all(row["raw"] > phases[4]["raw"] for row in phases[:3])


def test_a_forecast_for_executives_takes_more_of_the_data_scientist_than_live_recommendations() -> None:
    """The article's two examples, side by side: over the whole project, and one against the other in every phase."""
    insight: dict[str, Answer] = {"goal": "insights", "deployment__pattern": "none", "audience": "executives"}
    served, forecast = recommend(**RECOMMENDER), recommend(industry="retail", **insight)
    raws = [[row["raw"] for row in body["phases"]] for body in (served, forecast)]

    assert served["overall"]["net"] < 0
    assert forecast["overall"]["lean"] == "data_scientist"
    assert all(lower < higher for lower, higher in zip(*raws, strict=True))


@pytest.mark.parametrize(("industry", "both"), [("finance", True), ("healthcare", True), ("retail", False)])
def test_finance_and_healthcare_require_both_roles(industry: str, both: bool) -> None:
    """One of each at least, whatever the ratio."""
    body = recommend(industry=industry, phase="deployment", goal="operational_efficiency", deployment__pattern="edge")

    assert body["both_required"] is both
    assert [entry["minimum"] for entry in body["requirements"]] == ([{DATA: 1, ENGINEERING: 1}] if both else [])


def owners(word: str, **answers: Answer) -> list[str]:
    """Who owns the considerations that speak of the word."""
    return [item["owner"] for item in recommend(**answers)["considerations"] if word in item["note"].lower()]


def test_the_fairness_audit_is_engineers_work_where_people_are_decided_about() -> None:
    """It belongs to deployment: with nothing deployed, or about nobody, there is none."""
    assert owners("fairness audit", deployment__pattern="batch", governance__affects_people=True) == [ENGINEERING]
    assert owners("fairness audit", deployment__pattern="none", governance__affects_people=True) == []
    assert owners("fairness audit", deployment__pattern="batch", governance__affects_people=False) == []
    assert owners("fairness audit", deployment__pattern="batch") == []


def test_privacy_is_data_scientists_work_on_personal_data() -> None:
    """Not on data without people in it."""
    assert owners("personal data", data__sensitivity="personal") == [DATA]
    assert owners("personal data", data__sensitivity="special_category") == [DATA]
    assert owners("personal data", data__sensitivity="internal") == []


def test_a_statement_about_law_is_dated_and_no_advice() -> None:
    """Law changes; the reader is told when it was looked up."""
    items = [item for rule in RULES.values() for item in rule.considers]
    legal = [item for item in items if "legal advice" in item.text]

    assert legal == [item for item in items if item.as_of]
    assert legal


def test_requirements_never_touch_points() -> None:
    """With every requirement taken away the score stays what it was, and only people move."""
    asking = [rule for rule in RULES.values() if rule.requires]
    kept = tuple(rule for rule in article().rules if not rule.requires)
    without = Engine(replace(article(), rules=kept))

    assert not any(rule.raises or rule.lowers for rule in asking)
    for project in sampled(50):
        assert without.recommend(project)["score"] == engine().recommend(project)["score"]
