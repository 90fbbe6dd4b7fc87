"""The rulebook in force, and the workers that are to read it, as files that processes share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from schemas.rulebook import RulebookError
from service.app import build_recommender, create_app
from service.config import Settings
from service.reload import preflight
from service.reload.in_force import FOLDER, InForce
from service.reload.workers import Workers


@pytest.fixture
def in_force(tmp_path: Path) -> InForce:
    """What a server keeps, empty."""
    return InForce(tmp_path)


def test_a_rulebook_that_is_accepted_ends_what_was_refused(in_force: InForce) -> None:
    """The one in force stays as it is until then."""
    in_force.accept(b"old")
    in_force.refuse("line 7")
    assert (in_force.rulebook.read_bytes(), in_force.refusal) == (b"old", "line 7")
    in_force.accept(b"new")
    assert (in_force.rulebook.read_bytes(), in_force.refusal) == (b"new", None)


def test_readiness_tells_a_refusal(settings: Settings, in_force: InForce) -> None:
    """Any worker is told of it by the folder that they share, and of its end."""
    in_force.accept(settings.rulebook.read_bytes())
    client = create_app(replace(settings, folder=in_force.rulebook.parent)).test_client()
    assert client.get("/health/ready").json["status"] == "ok"
    in_force.refuse("ours.yaml:7: no")
    told = client.get("/health/ready").json
    assert (told["status"], told["reasons"]) == ("degraded", {"reload": "ours.yaml:7: no"})
    in_force.accept(settings.rulebook.read_bytes())
    assert client.get("/health/ready").json["status"] == "ok"


def test_workers_read_what_is_in_force_and_never_the_file(settings: Settings, in_force: InForce) -> None:
    """Half an edit is nobody's rulebook; what is wrong is said of the user's file all the same."""
    in_force.accept(settings.rulebook.read_bytes())
    ours = in_force.rulebook.with_name("ours.yaml")
    ours.write_text("rulebook: {na")
    served = replace(settings, rulebook=ours, folder=in_force.rulebook.parent)
    assert build_recommender(served).engine.rulebook.name == "article"
    in_force.accept(b"rulebok: {}\n")
    with pytest.raises(RulebookError, match=r"ours\.yaml:1: "):
        build_recommender(served)


def test_the_preflight_puts_a_right_rulebook_into_force(
    settings: Settings, in_force: InForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte by byte, and leaves nothing else in the folder."""
    folder = in_force.rulebook.parent
    monkeypatch.setenv(FOLDER, str(folder))
    monkeypatch.setenv("RULEBOOK", str(settings.rulebook))
    preflight.main()
    assert in_force.rulebook.read_bytes() == settings.rulebook.read_bytes()
    assert list(folder.iterdir()) == [in_force.rulebook]


@pytest.mark.parametrize("text", [None, b"rulebok: {}\n", b"\xff"], ids=["no file", "wrong", "no UTF-8"])
def test_the_preflight_refuses_a_wrong_one_by_its_name(
    text: bytes | None, in_force: InForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was in force stays."""
    in_force.accept(b"old")
    ours = in_force.rulebook.with_name("ours.yaml")
    if text is not None:
        ours.write_bytes(text)
    monkeypatch.setenv(FOLDER, str(ours.parent))
    monkeypatch.setenv("RULEBOOK", str(ours))
    with pytest.raises(SystemExit, match=r"ours\.yaml"):
        preflight.main()
    assert in_force.rulebook.read_bytes() == b"old"


def test_a_worker_is_retired_once_and_only_while_it_lives(tmp_path: Path) -> None:
    """So that the master counts each replacement once, whether the worker was told to end or crashed."""
    workers = Workers(tmp_path)
    for pid in (11, 12):
        workers.begin(pid)
    workers.load(11)
    assert (workers.serving(), workers.ready()) == ([11, 12], {11})
    assert workers.retire(11)
    assert (workers.serving(), workers.ready()) == ([12], {11})
    assert [workers.end(11), workers.end(11), workers.end(12)] == [True, False, False]
    assert not workers.retire(12)
    assert (workers.serving(), workers.ready()) == ([], set())
