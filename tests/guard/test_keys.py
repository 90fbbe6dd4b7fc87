"""The file of keys: what it holds, who may read it, and what several changes at once leave of it."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from service.cli import main
from service.guard.keys import Keys, list_keys, make_key, read_keys, revoke_key
from service.guard.ring import KeyRing
from service.logs import configure_logging
from service.watch.readiness import State


def staffing(path: Path, *arguments: str) -> Result:
    """Run `staffing keys` on a file."""
    return CliRunner().invoke(main, ["keys", *arguments], env={"API_KEYS_FILE": str(path)})


def test_a_secret_is_printed_once_and_never_kept(keys_file: Path) -> None:
    """The file has its digest alone, and is its owner's alone."""
    made = staffing(keys_file, "make", "dashboard", "--scope", "recommend", "--scope", "batch", "--expires", "90d")
    presented = made.stdout.strip()
    assert re.fullmatch(r"stf_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", presented)
    kept = keys_file.read_text()
    assert presented[17:] not in kept
    assert stat.S_IMODE(keys_file.stat().st_mode) == 0o600
    (key,) = list_keys(keys_file)
    assert (key.name, key.scopes) == ("dashboard", ("batch", "recommend"))
    assert key.expires
    assert key.expires - key.created == timedelta(days=90)
    listed = staffing(keys_file, "list").output
    assert key.id in listed
    assert presented[17:] not in listed


def test_a_revoked_key_is_gone_and_the_others_stay(keys_file: Path) -> None:
    """By its id; an id that is not there is said, and nothing changes."""
    one, two = (make_key(keys_file, name, ["recommend"], None)[0] for name in ("one", "two"))
    assert staffing(keys_file, "revoke", one.id).exit_code == 0
    assert list_keys(keys_file) == [two]
    again = staffing(keys_file, "revoke", one.id)
    assert (again.exit_code, again.output) == (1, f"Error: There is no key of the id '{one.id}'.\n")
    assert list_keys(keys_file) == [two]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["make", "x"], "--scope"),
        (["make", "x", "--scope", "open"], "'open' is not one of"),
        (["make", "x", "--scope", "batch", "--expires", "soon"], "such as 90d or 12h"),
        (["list"], "No such file"),
    ],
)
def test_what_cannot_be_done_is_said(keys_file: Path, arguments: list[str], said: str) -> None:
    """In one line, and nothing is written."""
    ended = staffing(keys_file, *arguments)
    assert ended.exit_code != 0
    assert said in ended.output
    assert not keys_file.exists()


def test_keys_that_are_made_at_the_same_time_are_all_kept(keys_file: Path) -> None:
    """Eight processes, one file."""
    command = [sys.executable, "-m", "service.cli", "keys", "make", "--scope", "batch", "--file", str(keys_file)]
    processes = [subprocess.Popen([*command, f"n{number}"], stdout=subprocess.DEVNULL) for number in range(8)]
    assert [process.wait(60) for process in processes] == [0] * 8
    assert {key.name for key in list_keys(keys_file)} == {f"n{number}" for number in range(8)}
    assert {path.name for path in keys_file.parent.iterdir()} == {"keys.json", "keys.json.lock"}


def test_who_could_read_the_file_can_read_its_next_version(keys_file: Path) -> None:
    """A change keeps the mode that somebody gave it."""
    key, _ = make_key(keys_file, "x", ["batch"], None)
    keys_file.chmod(0o640)
    revoke_key(keys_file, key.id)
    assert stat.S_IMODE(keys_file.stat().st_mode) == 0o640


def test_a_link_to_the_file_stays_a_link(keys_file: Path) -> None:
    """What is replaced is the file behind it."""
    link = keys_file.with_name("link.json")
    link.symlink_to(keys_file)
    make_key(link, "x", ["batch"], None)
    assert link.is_symlink()
    assert len(list_keys(keys_file)) == 1


def test_only_the_whole_key_is_taken(keys_file: Path) -> None:
    """Not another's secret, nor a piece, nor what only looks like one."""
    key, presented = make_key(keys_file, "x", ["batch"], None)
    other, others = make_key(keys_file, "y", ["batch"], None)
    keys = Keys(list_keys(keys_file))
    assert keys.find(presented) == key
    assert keys.find(others) == other
    wrong = ["", "stf", key.id, presented[:-1], f"{presented}A", f"{presented}\n", presented.upper(), f" {presented}"]
    wrong += [f"stf_{key.id}_{others[17:]}", f"stf_{'0' * 12}_{presented[17:]}", key.sha256]
    assert not any(keys.find(said) for said in wrong)


def test_a_key_ends_at_its_time(keys_file: Path) -> None:
    """From that second on it is as unknown."""
    now = datetime.now(UTC)
    _, past = make_key(keys_file, "past", ["batch"], now)
    _, ahead = make_key(keys_file, "ahead", ["batch"], now + timedelta(hours=1))
    keys = Keys(list_keys(keys_file))
    assert keys.find(past) is None
    assert keys.find(ahead)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[]", "not a list of keys: _schema"),
        (b"{}", "not a list of keys: keys"),
        (b'{"keys": [{"id": "s3cret"}]}', "not a list of keys: keys.0."),
        (b'{"keys": [], "s3cret": 1}', "not a list of keys: s3cret"),
    ],
)
def test_a_file_of_something_else_is_refused(text: bytes, said: str) -> None:
    """By where it is wrong, without the values that stand there."""
    with pytest.raises(ValueError, match=said) as caught:
        read_keys(text)
    assert '"s3cret"' not in str(caught.value)


def test_a_change_is_noticed_with_the_next_request(keys_file: Path) -> None:
    """A key that was made is taken, one that was revoked is not."""
    _, first = make_key(keys_file, "first", ["batch"], None)
    ring = KeyRing(keys_file)
    made, second = make_key(keys_file, "second", ["batch"], None)
    assert ring.find(second) == made
    revoke_key(keys_file, made.id)
    assert ring.find(second) is None
    assert ring.find(first)


@pytest.mark.parametrize("harm", ["gone", "wrong", "empty"])
def test_a_file_that_goes_bad_leaves_the_keys_as_they_were(keys_file: Path, harm: str) -> None:
    """Nobody else is let in, the log says it once, readiness is degraded; then a good file is taken up again."""
    _, known = make_key(keys_file, "known", ["batch"], None)
    ring, good = KeyRing(keys_file), keys_file.read_bytes()
    configure_logging("info")  # whatever another test left
    with capture_logs() as lines:
        if harm == "gone":
            keys_file.rename(keys_file.with_name("away"))
        else:
            keys_file.write_text("" if harm == "empty" else json.dumps({"keys": [{"id": "*"}]}))
        for _ in range(3):
            assert ring.find(known)
            assert ring.find(f"stf_{'0' * 12}_{'A' * 43}") is None
        condition = ring.condition()
        assert (condition.state, bool(condition.reason)) == (State.DEGRADED, True)
        keys_file.write_bytes(good)
        assert ring.find(known)
        assert ring.condition().state is State.OK
    assert [line["event"] for line in lines] == ["keys_unreadable", "keys_reloaded"]


def test_the_same_file_put_back_is_well_again(keys_file: Path) -> None:
    """Moved away and back, it is what it was."""
    make_key(keys_file, "known", ["batch"], None)
    ring, away = KeyRing(keys_file), keys_file.with_name("away")
    keys_file.rename(away)
    assert ring.condition().state is State.DEGRADED
    away.rename(keys_file)
    assert ring.condition().state is State.OK
