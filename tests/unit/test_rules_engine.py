"""The whole answer: its sum can be re-done, its bytes never differ, and its parts agree with one another."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any as Anything

import pytest
from hypothesis import given, settings

from rules.engine import Engine
from rules.model import ALWAYS, All, Any, Condition, Is, Not, Rulebook
from rules.project import Project, Team
from rules.vocabulary import PHASES, ROLES, Answer
from tests import article, reference, small
from tests.recheck import recheck
from tests.small import rule, rulebook
from tests.strategies import ENOUGH, projects, rulebooks

DATA, ENGINEERING = ROLES
ROOT = Path(__file__).parents[2]

# Prints one body a line. Run in processes of their own, with other seeds for the order of sets.
PRINT_BODIES = """
import json
from tests.article import engine, sampled
for project in sampled(25):
    print(json.dumps(engine().recommend(project), allow_nan=False))
"""


def recommend(book: Rulebook, team: Team | None = None, **answers: Answer) -> dict[str, Anything]:
    return Engine(book).recommend(Project({**small.BARE, **answers}, team or Team()))


def changed(project: Project, moves: list[dict[str, Anything]]) -> Project:
    """The project as the moves of an answer would have it."""
    answers = {move["field"]: tuple(move["to"]) if isinstance(move["to"], list) else move["to"] for move in moves}
    return replace(project, answers={**project.answers, **answers})


def outcome(body: dict[str, Anything]) -> dict[str, Anything]:
    """What an alternative promises of a body."""
    people = {role: body["headcount"][role] for role in ROLES}
    return {"ratio": body["ratio"]["text"], "net": body["score"]["net"], "lean": body["lean"], **people}


def run(program: str, *arguments: str, text: str = "", seed: str = "0") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
    command = [sys.executable, program, *arguments]
    return subprocess.run(command, input=text, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


@settings(max_examples=ENOUGH * 3)
@given(projects())
def test_the_sum_of_every_answer_can_be_redone_from_its_body(project: Project) -> None:
    """Under the article's rulebook, by a checker that knows nothing but the body as JSON."""
    recheck(json.loads(json.dumps(article.engine().recommend(project), allow_nan=False)))


@given(rulebooks(), projects())
def test_so_it_can_under_any_rulebook(book: Rulebook, project: Project) -> None:
    """Whatever the scale, the themes and the requirements."""
    recheck(json.loads(json.dumps(Engine(book).recommend(project), allow_nan=False)))


def test_the_checker_runs_by_itself() -> None:
    """`python tests/recheck.py < body.json`, with the standard library alone."""
    (project,) = article.sampled(1)
    body = article.engine().recommend(project)
    right = run("-I", "tests/recheck.py", text=json.dumps(body))
    wrong = run("-I", "tests/recheck.py", text=json.dumps({**body, "score": {**body["score"], "net": 99}}))

    assert (right.returncode, right.stdout) == (0, "The sum holds.\n")
    assert (wrong.returncode, "AssertionError: the net" in wrong.stderr) == (1, True)


@pytest.mark.parametrize(
    "path",
    ["score.data_scientist", "score.raw", "score.net", "ratio.value", "headcount.total", "headcount.ml_engineer"],
)
def test_the_checker_notices_a_number_that_is_wrong(path: str) -> None:
    """One number off by one and the sum no longer holds."""
    (project,) = article.sampled(1)
    body = article.engine().recommend(project)
    part, name = path.split(".")
    body[part] = {**body[part], name: body[part][name] + 1}

    with pytest.raises(AssertionError):
        recheck(body)


@pytest.mark.parametrize("name", ["points", "counted"])
def test_the_checker_notices_a_factor_that_is_wrong(name: str) -> None:
    """More points than the sum has, or a strongest reason that was left out."""
    (project,) = article.sampled(1)
    body = article.engine().recommend(project)
    factor = next(factor for factor in body["score"]["factors"] if factor["counted"])
    factor[name] = not factor[name] if name == "counted" else factor[name] + 1

    with pytest.raises(AssertionError):
        recheck(body)


def test_any_process_gives_the_same_bytes() -> None:
    """However Python orders its sets that day."""
    first, second = (run("-c", PRINT_BODIES, seed=seed) for seed in ("1", "2"))

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert len(first.stdout.splitlines()) == 25
    assert first.stdout == second.stdout


def test_two_engines_give_the_same_bytes() -> None:
    """In whatever order they were asked, and asked again: nothing of a project stays behind."""
    one, other, asked = Engine(article.article()), Engine(article.article()), article.sampled(40)
    first = [json.dumps(one.recommend(project)) for project in asked]
    second = [json.dumps(other.recommend(project)) for project in reversed(asked)][::-1]
    again = [json.dumps(one.recommend(project)) for project in asked]

    assert first == second == again


@settings(max_examples=ENOUGH)
@given(projects())
def test_the_parts_of_an_answer_agree(project: Project) -> None:
    """The phase of the project in the curve, the range around the ratio, hires against staff, the questions left."""
    body = article.engine().recommend(project)
    here = next(row for row in body["phases"] if row["phase"] == project.answers["phase"])
    head, existing = body["headcount"], project.team.existing

    assert [row["phase"] for row in body["phases"]] == list(PHASES)
    assert (here["net"], here["raw"], here["lean"]) == (body["score"]["net"], body["score"]["raw"], body["lean"])
    assert [here[role] for role in ROLES] == [head[role] for role in ROLES]
    assert body["ratio"]["low"] <= body["ratio"]["high"]
    assert 0 <= body["confidence"] <= 1
    assert head["total"] == head[DATA] + head[ENGINEERING]
    if existing is None:
        assert head["hire"] is head["surplus"] is None
    else:
        for role in ROLES:
            have = existing.get(role, 0)
            assert head["hire"][role] - head["surplus"][role] == pytest.approx(head[role] - have)
            assert 0 in (head["hire"][role], head["surplus"][role])
    assert not set(body["unanswered"]) & (set(project.answers) - {"deployment.pattern", "data.quality"})


@given(rulebooks(), projects())
def test_every_alternative_is_the_answer_to_the_changed_project(book: Rulebook, project: Project) -> None:
    """Asked with the other value, the service gives the ratio, lean and people that the alternative promised."""
    engine = Engine(book)
    for offer in engine.recommend(project)["what_would_change_it"]["alternatives"][::7]:
        assert outcome(engine.recommend(changed(project, [offer]))).items() <= offer.items()


@settings(max_examples=ENOUGH)
@given(rulebooks(), projects())
def test_the_smallest_flip_does_what_it_says(book: Rulebook, project: Project) -> None:
    """Its changes, made, give its lean, which is another one."""
    engine = Engine(book)
    body = engine.recommend(project)
    flip = body["what_would_change_it"]["smallest_flip"]
    if not flip["changes"]:
        assert flip["statement"] == "No change of one or two answers gives another lean."
        return
    flipped = engine.recommend(changed(project, flip["changes"]))

    assert outcome(flipped).items() <= flip.items()
    assert flip["lean"] != body["lean"]


@given(rulebooks(), projects())
def test_the_next_question_is_the_widest_that_is_open(book: Rulebook, project: Project) -> None:
    """The first of the contract on a tie; none where no answer would move anything."""
    axes, widths = Engine(book).scorecard.axes, {}
    for axis in axes:
        if axis.locate(project.answers.get(axis.field.name)) in axis.open:
            moves = [{"field": axis.field.name, "to": axis.cells[i].value} for i in axis.answers]
            nets = [reference.raw(book, changed(project, [move]).answers) for move in moves]
            widths[axis.field.name] = max(nets) - min(nets)
    widest = max(widths, key=lambda name: widths[name], default=None)
    body = Engine(book).recommend(project)
    asked = body["next_question"]

    assert body["unanswered"] == list(widths)
    assert (asked and asked["field"]) == (widest if widest and widths[widest] else None)


def test_the_next_question_says_how_far_it_could_move_the_ratio() -> None:
    """From the lowest to the highest of its answers, and what each of them would give."""
    book = rulebook(
        [
            rule("yes", Is("governance.regulated", (True,)), {DATA: "strong"}),
            rule("no", Is("governance.regulated", (False,)), {ENGINEERING: "slight"}),
        ]
    )
    asked = recommend(book, Team(4))["next_question"]

    assert (asked["field"], asked["could_move"]) == ("governance.regulated", ["5:6", "5:3"])
    assert [(answer["to"], answer["net"], answer[DATA]) for answer in asked["answers"]] == [
        (True, 3, 3),
        (False, -1, 2),
    ]


def test_an_undecided_answer_is_asked_about() -> None:
    """`undecided` is what the planner would like to be asked again."""
    body = recommend(rulebook([rule("edge", Is("deployment.pattern", ("edge",)), {ENGINEERING: "strong"})]))

    assert body["next_question"]["field"] == "deployment.pattern"
    assert "deployment.pattern" in body["unanswered"]


def test_beyond_the_bound_the_answer_says_that_it_is_capped() -> None:
    """And gives the sum before it."""
    rules = [rule(name, raises={DATA: "strong"}, theme=name) for name in small.ALL_YEAR]
    score = recommend(rulebook(rules))["score"]

    assert (score["net"], score["raw"], score["capped"]) == (8, 9, True)
    assert recommend(rulebook(rules[:2]))["score"]["capped"] is False


@pytest.mark.parametrize(
    ("phases", "strength", "net"),
    [
        (PHASES[:4], "strong", 2),  # 70 % of 3 is 2.1
        ((PHASES[1], PHASES[2], PHASES[3], PHASES[4]), "strong", 2),
        ((PHASES[1], PHASES[3], PHASES[4]), "strong", 1),  # 50 % of 3 is 1.5: halves go towards nought
        ((PHASES[1], PHASES[3], PHASES[4]), "slight", 0),  # 0.5
        (PHASES, "strong", 3),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_overall_is_the_nearest_whole_point(phases: tuple[str, ...], strength: str, net: int, sign: int) -> None:
    """For either role alike."""
    role = DATA if sign > 0 else ENGINEERING

    assert recommend(rulebook([rule("r", Is("phase", phases), {role: strength})]))["overall"]["net"] == sign * net


R, JAVA = Is("languages", ("r",)), Is("languages", ("java",))
REGULATED = Is("governance.regulated", (True,))


@pytest.mark.parametrize(
    ("when", "matched"),
    [
        (ALWAYS, {}),
        (REGULATED, {"governance.regulated": True}),
        (Not(Is("governance.regulated", (False,))), {"governance.regulated": True}),
        (Any((REGULATED, Is("goal", ("insights",)))), {"governance.regulated": True}),
        (R, {"languages": ["r"]}),
        (Not(Is("languages", ("sas",))), {"languages": ["java", "python", "r"]}),
        (Any((R, JAVA)), {"languages": ["java", "r"]}),
        (All((R, JAVA)), {"languages": ["java", "r"]}),
    ],
    ids=str,
)
def test_a_factor_shows_the_inputs_that_fired_it(when: Condition, matched: dict[str, object]) -> None:
    """The values of the conditions that held: of a list the part that met them, for a negation the value seen."""
    book = rulebook([rule("r", when, {DATA: "strong"})])
    answers = {**small.BARE, "governance.regulated": True, "languages": ("java", "python", "r")}
    (factor,) = Engine(book).recommend(Project(answers))["score"]["factors"]

    assert factor["matched"] == matched


def test_a_size_that_is_given_is_taken() -> None:
    """And nothing is suggested."""
    head = recommend(rulebook(), Team(7.5, 0.5))["headcount"]

    assert (head["total"], head["basis"], head["suggested"], head["because"]) == (7.5, "team.size", False, None)


def test_a_size_that_is_not_given_is_suggested() -> None:
    """From the rulebook's table, with its reason."""
    head = recommend(rulebook())["headcount"]

    assert (head["total"], head["basis"], head["suggested"], head["because"]) == (4, "rulebook.sizing", True, "Always.")


@pytest.mark.parametrize(
    ("existing", "increment", "total"),
    [({DATA: 9}, 1, 9), ({DATA: 3, ENGINEERING: 3.25}, 1, 7), ({DATA: 3, ENGINEERING: 3.25}, 0.25, 6.25), ({}, 1, 4)],
)
def test_a_suggested_team_is_never_below_the_people_who_are_there(
    existing: dict[str, float], increment: float, total: float
) -> None:
    """Nobody is suggested away; a part of a person rounds up to the increment."""
    assert recommend(rulebook(), Team(None, increment, existing))["headcount"]["total"] == total


def test_a_suggested_team_meets_its_requirements() -> None:
    """Only a size that was given can be too small."""
    body = recommend(rulebook([small.requiring("many", {DATA: 3, ENGINEERING: 4})]))

    assert (body["headcount"]["total"], body["both_required"], body["warnings"]) == (7, True, [])


def test_one_required_role_is_not_both() -> None:
    """`both_required` needs a minimum of each."""
    assert recommend(rulebook([small.requiring("one", {DATA: 1})]))["both_required"] is False
