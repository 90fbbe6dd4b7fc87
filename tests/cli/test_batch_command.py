"""`staffing batch`: a file answered into another, whole or not at all, and gone on with after an interruption."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from schemas.batch_paths import EXAMPLE_CSV
from schemas.batch_plans import LAYOUTS
from service.batch import Batch, Piece
from service.cli import main
from tests.servers import eventually

PLANS = (
    "name,industry,phase,deployment.pattern,schedule.start,schedule.weeks\n"
    "Fraud,finance,modeling,real_time,2027-01-04,13\nChurn,telecom,data preparation,batch,2027-01-04,26\n"
)
PROJECT = {"industry": "finance", "phase": "modeling", "deployment": {"pattern": "batch"}}
HEADER = "name,industry,phase,deployment.pattern,team.size\n"


def staffing(*arguments: object) -> Result:
    """Run the command here."""
    return CliRunner().invoke(main, ["batch", *map(str, arguments)])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The example as a file."""
    path = tmp_path / "in.csv"
    path.write_text(EXAMPLE_CSV)
    return path


@pytest.mark.parametrize("suffix", ["csv", "ndjson", "json"])
def test_the_file_is_what_the_api_answers(client: FlaskClient, source: Path, suffix: str) -> None:
    """Byte for byte, in the format that the target's name says; and nothing else is left behind."""
    target = source.with_name(f"out.{suffix}")
    result = staffing(source, target)
    assert (result.exit_code, result.output) == (0, f"{target}: 2 projects\n")
    served = client.post(f"/recommend/batch?format={suffix}", data=EXAMPLE_CSV, content_type="text/csv")
    assert target.read_bytes() == served.data
    assert {path.name for path in source.parent.iterdir()} == {"in.csv", target.name}


def test_documents_are_taken_too(tmp_path: Path) -> None:
    """Lines of JSON and arrays."""
    (tmp_path / "in.json").write_text(json.dumps([PROJECT, {}]))
    (tmp_path / "in.jsonl").write_text(f"{json.dumps(PROJECT)}\n{{}}\n")
    for name in ("in.json", "in.jsonl"):
        result = staffing(tmp_path / name, tmp_path / "out.csv")
        assert "2 projects, 1 of them with faults" in result.output
        assert (tmp_path / "out.csv").read_text().count("\n") == 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("name,phse\n", "did you mean 'phase'"),
        (f'{HEADER}5" pipe,finance,modeling,batch,2\n', "line 2, column 2: a cell that holds a quote"),
        ("", "the batch is empty"),
    ],
)
def test_what_cannot_be_read_writes_nothing(source: Path, body: str, said: str) -> None:
    """An earlier answer stays as it was, and nothing half-made is left."""
    target = source.with_name("out.csv")
    target.write_text("an earlier answer")
    source.write_text(body)
    result = staffing(source, target)
    assert result.exit_code == 1
    assert said in result.output
    assert target.read_text() == "an earlier answer"
    assert {path.name for path in source.parent.iterdir()} == {"in.csv", "out.csv"}


@pytest.mark.parametrize(("name", "said"), [("out.xls", "no known format"), ("missing/out.csv", "No such file")])
def test_a_wrong_target_is_said(source: Path, name: str, said: str) -> None:
    """Before anything is read."""
    result = staffing(source, source.parent / name)
    assert result.exit_code != 0
    assert said in result.output


@pytest.mark.parametrize("layout", [(), ("--format", "runn")])
def test_the_source_is_never_written_over(source: Path, layout: tuple[str, ...]) -> None:
    """Not by another name of it either."""
    source.write_text(PLANS)
    again = source.with_name("again.csv")
    again.symlink_to(source)
    for target in (source, again):
        result = staffing(source, target, *layout)
        assert result.exit_code == 2
        assert "is the source itself" in result.output
    assert source.read_text() == PLANS


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_for_a_planning_tool_is_the_apis(client: FlaskClient, source: Path, layout: str) -> None:
    """Byte for byte, whatever the target is called, and nothing else is left behind."""
    source.write_text(PLANS)
    result = staffing(source, source.with_name("plans"), "--format", layout)
    assert (result.exit_code, result.output) == (0, f"{source.with_name('plans')}: 2 projects\n")
    served = client.post(f"/recommend/batch?format={layout}", data=PLANS, content_type="text/csv")
    assert source.with_name("plans").read_bytes() == served.data
    assert {path.name for path in source.parent.iterdir()} == {"in.csv", "plans"}


def test_no_file_for_a_planning_tool_has_holes(source: Path) -> None:
    """Every fault is told with its line, and an earlier file stays as it was."""
    source.write_text(PLANS.replace("modeling", "modelling x").replace(",26", ","))
    target = source.with_name("plans.json")
    target.write_text("an earlier file")
    result = staffing(source, target, "--format", "float")
    assert result.exit_code == 1
    assert "\n  line.2.phase: 'modelling x' is not a phase" in result.output
    assert "\n  line.3.schedule.weeks: schedule.weeks is required" in result.output
    assert target.read_text() == "an earlier file"


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_run_is_gone_on_with(tmp_path: Path, by: signal.Signals) -> None:
    """Killed in the middle: no target; the same command then ends with the bytes of an unbroken run."""
    source, target, whole = (tmp_path / name for name in ("in.csv", "out.csv", "whole.csv"))
    rows = (f"Project {number},finance,modeling,real_time,{number % 40 + 1}\n" for number in range(120_000))
    source.write_text("".join([HEADER, *rows]))
    command = [sys.executable, "-m", "service.cli", "batch", source, target]
    run = subprocess.Popen(command, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE)
    checkpoint = tmp_path / "out.csv.part.json"
    eventually(checkpoint.exists, within=60)
    run.send_signal(by)
    _, said = run.communicate(timeout=60)
    assert run.returncode != 0
    assert (b"give the same command again" in said) == (by == signal.SIGINT)
    assert not target.exists()
    result = staffing(source, target)
    assert "Going on from line" in result.output
    assert result.output.endswith(f"{target}: 120,000 projects\n")
    staffing(source, whole)
    assert target.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("name", ["in.csv", "in.ndjson"])
def test_a_run_interrupted_before_its_first_answer_begins_anew(
    source: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The head alone is nothing to go on from: no row is taken for a header, and no header is written twice."""
    answer = Batch.answer

    def interrupted(self: Batch, *arguments: Any, **options: Any) -> Iterator[Piece]:
        yield next(answer(self, *arguments, **options))
        raise KeyboardInterrupt

    source = source.rename(source.with_name(name))
    if name == "in.ndjson":
        source.write_text(f"{json.dumps(PROJECT)}\n")
    target, whole = source.with_name("out.csv"), source.with_name("whole.csv")
    staffing(source, whole)
    with monkeypatch.context() as patch:
        patch.setattr(Batch, "answer", interrupted)
        assert "Interrupted" in staffing(source, target).output
    assert staffing(source, target).exit_code == 0
    assert target.read_bytes() == whole.read_bytes()


def test_a_run_is_not_gone_on_with_when_its_source_has_changed(source: Path) -> None:
    """Nor with rubbish for a checkpoint: it begins anew."""
    target = source.with_name("out.csv")
    part, checkpoint = (source.with_name(name) for name in ("out.csv.part", "out.csv.part.json"))
    for rubbish in ("rubbish", "[1]", json.dumps({"of": "another", "line": 9}), json.dumps({"of": "x", "many": 1})):
        part.write_text("half of an answer to something else")
        checkpoint.write_text(rubbish)
        assert staffing(source, target).output == f"{target}: 2 projects\n"
        assert target.read_text().startswith("line,")


def test_two_runs_do_not_write_one_file(source: Path) -> None:
    """The second is told."""
    with source.with_name("out.csv.part").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        result = staffing(source, source.with_name("out.csv"))
    assert result.exit_code == 1
    assert "is being written by another run" in result.output
    assert Path(file.name).stat().st_size == 0
