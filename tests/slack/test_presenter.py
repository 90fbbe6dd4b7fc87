"""The presenter: what people read, and that any answer at all fits into what Slack takes."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.engine import Engine
from rules.project import Project
from schemas.faults import Fault, InputError
from schemas.flat import flatten
from schemas.project import Request, load_project
from service.slack.present import words as say
from service.slack.present.blocks import LONGEST_MESSAGE
from service.slack.present.form import form_view
from service.slack.present.home import home_view
from service.slack.present.message import (
    answer_message,
    asking_message,
    faulty_message,
    help_message,
    notice,
    shared_message,
)
from service.slack.present.reasons import reasons_view, top_reasons
from service.slack.state import Carried, States, spell
from service.slack.store import Store
from service.slack.turn import Reading, Turn
from tests.article import engine
from tests.slack.block_kit import message_faults, view_faults
from tests.slack.conftest import elements, words
from tests.strategies import projects, rulebooks

GOLDEN = Path(__file__).parent / "golden"
ANSWER = Path(__file__).parent / "answers" / "card_fraud.json"
FRAUD = Project(
    {
        "industry": "finance", "phase": "modeling", "deployment.pattern": "real_time", "deployment.latency_ms_p99": 50,
        "deployment.peak_rps": 900, "model.status": "none", "governance.affects_people": True,
    }
)  # fmt: skip
LINK = "https://staffing.example.org/recommend?industry=finance"


def turn(project: Project, name: str | None = "Card fraud", by: Engine | None = None, link: str | None = LINK) -> Turn:
    """The answer to a project, as the conversation hands it over."""
    answer = {"id": "1", "name": name, "reference": None} | (by or engine()).recommend(project)
    reading = Reading(dict(flatten(Request(project, name))), {"industry": "a bank"}, ("“batch” (negated)",))
    return Turn(reading, orjson.loads(orjson.dumps(answer)), link)


def fraud() -> Turn:
    """An answer that was kept, so that what is read here stays while the rulebook is worked on."""
    return replace(turn(FRAUD), answer=orjson.loads(ANSWER.read_bytes()))


def carried(one: Turn) -> Carried:
    """What controls carry without Redis."""
    return States(Store(None)).pack(one.reading.pairs)


def missing() -> Turn:
    """A turn that still asks for two things."""

    with pytest.raises(InputError) as caught:
        load_project({"deployment": {"pattern": "batch"}})
    return Turn(Reading({"name": "Churn", "deployment.pattern": "batch"}), faults=caught.value.faults)


RECENT = [{"name": "Card fraud", "said": "It leans.", "state": "industry=finance", "at": 1_796_000_000}]
PAYLOADS: dict[str, Any] = {
    "answer": lambda: answer_message(fraud(), carried(fraud())),
    "shared": lambda: shared_message(fraud(), "U1"),
    "asking": lambda: asking_message(missing(), carried(missing())),
    "help": lambda: help_message("/staffing"),
    "notice": lambda: notice("This answer is shared already."),
    "reasons": lambda: reasons_view(fraud().answer or {}),
    "form": lambda: form_view(fraud().reading.pairs, "[]"),
    "home": lambda: home_view(RECENT, "article 1.0.0"),
    "home_without_redis": lambda: home_view(None, "article 1.0.0"),
}


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_a_payload_is_what_somebody_looked_at(name: str) -> None:
    """Each message and view is the golden one to the byte, and within Slack's limits."""
    payload = PAYLOADS[name]()
    path, text = GOLDEN / f"{name}.json", json.dumps(payload, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("STAFFING_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
    assert (view_faults if "type" in payload else message_faults)(payload) == []


@settings(max_examples=60)
@given(projects(), st.none() | st.text(min_size=1, max_size=200), st.none() | st.just(LINK + "x" * 2_900))
def test_any_answer_fits_a_message_and_a_window(project: Project, name: str | None, link: str | None) -> None:
    """Whatever is asked, the answer, the shared answer, the reasons and the form break no limit."""
    one = turn(project, name, link=link)
    held = carried(one)
    assert message_faults(answer_message(one, held)) == []
    assert message_faults(shared_message(one, "U1")) == []
    assert view_faults(reasons_view(one.answer or {})) == []
    assert view_faults(form_view(one.reading.pairs, "")) == []


@settings(max_examples=30)
@given(rulebooks(), projects())
def test_an_answer_under_any_rulebook_fits(rulebook: Any, project: Project) -> None:
    """The presenter depends on the answer's shape, not on the article's rules."""
    one = turn(project, by=Engine(rulebook))
    assert message_faults(answer_message(one, carried(one))) == []
    assert view_faults(reasons_view(one.answer or {})) == []


def test_a_message_that_is_too_long_loses_the_least_important_and_says_so() -> None:
    """What goes first is small print; the answer, its reasons and its controls never go."""
    one = turn(FRAUD)
    wordy = replace(one, reading=replace(one.reading, set_aside=("é" * 900,)))
    message = answer_message(wordy, Carried("x" * 1_900, None))
    assert message_faults(message) == []
    assert len(json.dumps(message["blocks"], ensure_ascii=False)) <= LONGEST_MESSAGE + 300
    assert {"share", "adjust", "reasons"} <= elements(message).keys()
    assert "*Why*" in words(message)
    assert "left out" in words(message)


def test_text_from_people_cannot_format_mention_or_link() -> None:
    """A project's name is shown as it was typed, and calls nobody."""
    one = turn(FRAUD, name="<!channel> *bold* <https://example.org|x> & more")
    message = answer_message(one, carried(one))
    assert message["blocks"][0]["text"] == {"type": "plain_text", "text": one.reading.pairs["name"], "emoji": False}
    assert message["text"].startswith("&lt;!channel&gt; *bold* &lt;https://example.org|x&gt; &amp; more")


def test_the_most_telling_reasons_come_first_and_are_signed() -> None:
    """At most five counted factors, by their weight, each with its sign, its role and its claims."""
    answer = fraud().answer or {}
    chosen = top_reasons(answer)
    assert 0 < len(chosen) <= 5
    assert all(factor["counted"] for factor in chosen)
    weights = [abs(factor["points"]) for factor in chosen]
    assert weights == sorted(weights, reverse=True)
    why = next(line for line in words(answer_message(fraud(), Carried("x", None))).split("\n") if "[A18" in line)
    assert why.startswith("• *+2 MLE* Answers are served while someone waits (pattern: real time) [A18")


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_nothing_is_said_by_an_emoji(name: str) -> None:
    """No emoji stands anywhere, neither as a character nor as a code, so that none carries a meaning."""
    said = words(PAYLOADS[name]())
    assert not any(ord(character) >= 0x2600 for character in said)
    assert ":white_check" not in said


def test_roles_are_spelled_out_once_and_before_they_are_abbreviated() -> None:
    """DS and MLE are explained by the first sentence that uses them."""
    text = words({"blocks": answer_message(turn(FRAUD), Carried("x", None))["blocks"]})
    assert text.count("(DS)") == text.count("(MLE)") == 1
    assert text.index("(DS)") < text.index(" DS ")


@pytest.mark.parametrize(
    ("field", "band", "said"),
    [
        ("deployment.peak_rps", {"min": 0, "max": 5}, "under 5 requests/s"),
        ("deployment.peak_rps", {"min": 5, "max": 1000}, "5 to under 1000 requests/s"),
        ("deployment.peak_rps", {"min": 1000, "max": None}, "1000 or more requests/s"),
        ("deployment.models_in_production", {"min": 0, "max": 1}, "0 models"),
        ("deployment.models_in_production", {"min": 1, "max": 3}, "1 to 2 models"),
        ("deployment.models_in_production", {"min": None, "max": 3}, "0 to 2 models"),
    ],
)
def test_a_band_of_numbers_is_said_in_words(field: str, band: dict[str, Any], said: str) -> None:
    """A button for a number names the whole band that it stands for."""
    assert say.possible(field, {"to": 1, "band": band}) == said


def test_a_question_with_many_answers_is_a_menu_only_where_the_project_comes_back_with_a_choice() -> None:
    """A menu's block id carries the project; where it can't, the form is the way."""
    one = missing()
    assert "answer:industry" in elements(asking_message(one, Carried("x", ";x")))
    assert elements(asking_message(one, Carried("x" * 300, None))).keys() == {"adjust"}


def test_what_is_wrong_is_said_in_the_contracts_own_words() -> None:
    """A fault that is no open question comes with its message and the form."""

    one = Turn(Reading({"team.size": "2.5"}), faults=(Fault("team.size", "not_a_multiple", "2.5 is not whole"),))
    message = faulty_message(one, carried(one))
    assert "2.5 is not whole" in words(message)
    assert elements(message)["adjust"]["value"] == spell({"team.size": "2.5"})
