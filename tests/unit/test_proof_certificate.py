"""A certificate is re-checked without trust: what is tampered with is found where witnesses or sums can tell."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rules.proof.prove import prove
from schemas.certificate import read_certificate
from schemas.faults import InputError
from schemas.verification import objections
from tests import small
from tests.article import article

Json = dict[str, Any]


@pytest.fixture(scope="module")
def proved() -> Json:
    return json.loads(json.dumps(prove(article())))


@pytest.fixture
def certificate(proved: Json) -> Json:
    return copy.deepcopy(proved)


def verdict(certificate: Json, kind: str, subject: str) -> Json:
    (found,) = [item for item in certificate["verdicts"] if (item["kind"], item["subject"]) == (kind, subject)]
    return found


def objected(certificate: Json) -> str:
    return "\n".join(objections(read_certificate(certificate), article()))


def test_the_articles_certificate_is_verified(certificate):
    """Its witnesses score what they say, and its sums add up."""
    assert objected(certificate) == ""


def test_a_certificate_of_a_small_rulebook_is_verified():
    """Where no rule reads the field of a direction, there is nothing to show and nothing to object to."""
    book = small.rulebook([small.rule("one", raises={"data_scientist": "slight", "ml_engineer": "slight"})])
    assert list(objections(read_certificate(json.loads(json.dumps(prove(book)))), book)) == []


def set_(kind: str, subject: str, key: str, value: object) -> Callable[[Json], None]:
    return lambda certificate: verdict(certificate, kind, subject).update({key: value})


def witness(kind: str, subject: str, key: str, value: object) -> Callable[[Json], None]:
    return lambda certificate: verdict(certificate, kind, subject)["witnesses"][0].update({key: value})


def figure(kind: str, subject: str, key: str, value: object) -> Callable[[Json], None]:
    return lambda certificate: verdict(certificate, kind, subject)["figures"].update({key: value})


def swap_witnesses(certificate: Json) -> None:
    verdict(certificate, "direction", "more-users-never-favour-data-scientists")["witnesses"].reverse()


def forget(certificate: Json) -> None:
    certificate["verdicts"].remove(verdict(certificate, "direction", "worse-data-never-favours-ml-engineers"))


def move_cells(certificate: Json) -> None:
    raw = certificate["distribution"]["raw"]
    raw["+0"], raw["+1"] = str(int(raw["+0"]) - 5), str(int(raw["+1"]) + 5)


def add_cells(certificate: Json) -> None:
    certificate["cells"] = certificate["cells"] + "0"


NOTHING = {"industry": "mining", "phase": "modeling", "deployment": {"pattern": "batch"}}


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (lambda c: c["rulebook"].update(digest="sha256:0"), "whose digest is sha256:0"),
        (lambda c: c.update(format="other/1"), "the format"),
        (lambda c: c.update(holds=False), "holds does not follow"),
        (forget, "no verdict on direction worse-data"),
        (lambda c: c["verdicts"].append(c["verdicts"][0]), "given twice"),
        (set_("reachable", "edge-serving", "subject", "no-such-rule"), "no verdict on this rulebook"),
        (add_cells, "the cells are not those"),
        (move_cells, "does not follow from the counts"),
        (lambda c: c["fields"].update(goal=8), "the cells are not those"),
        (figure("attained", "maximum", "raw", 99), "not where the distribution ends"),
        (figure("neutral", "mean", "mean", 0.0), "does not follow from the distribution"),
        (set_("neutral", "drift", "holds", False), "does not follow from the distribution"),
        (witness("attained", "minimum", "raw", 0), "does not score what it says"),
        (witness("reachable", "edge-serving", "project", NOTHING), "does not hold for its witness"),
        (witness("reachable", "edge-serving", "project", {"industry": "minning"}), "is no project"),
        (set_("reachable", "edge-serving", "witnesses", []), "it has no witness"),
        (lambda c: verdict(c, "decisive", "edge-serving")["witnesses"][0].pop("without"), "without the rule"),
        (witness("decisive", "edge-serving", "project", NOTHING), "without the rule"),
        (swap_witnesses, "more of the field"),
        (figure("direction", "more-users-never-favour-data-scientists", "least", 5), "do not show its figures"),
        (set_("direction", "more-users-never-favour-data-scientists", "holds", False), "show the contrary"),
        (figure("requirements", "met", "smallest_team", 1), "too small"),
        (figure("requirements", "met", "smallest_team", 3), "a smaller team is enough"),
        (figure("requirements", "met", "smallest_team", "two"), "does not say"),
    ],
)
def test_what_is_tampered_with_is_found(certificate, tamper, words):
    """Stamp, list, sums, figures and witnesses."""
    tamper(certificate)
    assert words in objected(certificate)


def test_a_certificate_of_another_rulebook_is_refused(certificate):
    """A rulebook that was edited since has another digest."""
    edited = replace(article(), digest="sha256:1")
    assert any("sha256:1" in objection for objection in objections(certificate, edited))


@pytest.mark.parametrize("document", [None, [], {}, {"format": 1}, {"verdicts": [{}]}])
def test_what_is_no_certificate_is_refused(document):
    """A document of another shape is a fault, never a trace."""
    with pytest.raises(InputError):
        read_certificate(document)


def test_a_count_that_is_no_number_is_refused(certificate):
    """So that every sum can be added up."""
    certificate["distribution"]["raw"]["+0"] = "many"
    with pytest.raises(InputError):
        read_certificate(certificate)
