"""`staffing recommend`: the same answer on the command line, and clear words where there is none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from schemas.openapi import EXAMPLE
from service.cli import main

LEAST = ["--industry", "finance", "--phase", "modeling", "--deployment.pattern", "batch"]


def staffing(*arguments: str, given: str | bytes | None = None, **environment: str | None) -> Result:
    """Run `staffing recommend`; whatever happens, it is no traceback."""
    settings = dict.fromkeys(("RULEBOOK", "REDIS_URL", "LOG_LEVEL")) | environment
    result = CliRunner(env=settings).invoke(main, ["recommend", *arguments], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.fixture
def project(tmp_path: Path) -> str:
    """The example of the documentation as a YAML file."""
    path = tmp_path / "project.yaml"
    path.write_text(yaml.safe_dump(EXAMPLE))
    return str(path)


def test_json_is_the_body_of_the_api(project: str, client: FlaskClient) -> None:
    """Byte for byte, with a line end."""
    printed = staffing("--json", project)
    assert printed.exit_code == 0
    assert printed.stdout_bytes == client.post("/recommend", json=EXAMPLE).data + b"\n"


def test_a_project_may_come_by_standard_input(project: str) -> None:
    """As YAML or as JSON, with or without a byte order mark."""
    by_file = staffing("--json", project)
    text = json.dumps(EXAMPLE)
    for given in (Path(project).read_text(), text, "\ufeff" + text):
        assert staffing("--json", "-", given=given).stdout == by_file.stdout


def test_a_project_may_come_by_flags() -> None:
    """Each field by its dotted name, lists with commas."""
    by_flags = staffing("--json", *LEAST, "--team.size", "8", "--languages", "r,python")
    given = {"industry": "finance", "phase": "modeling", "deployment": {"pattern": "batch"}}
    by_input = staffing("--json", "-", given=json.dumps({**given, "team": {"size": 8}, "languages": ["python", "r"]}))
    assert by_flags.exit_code == 0
    assert by_flags.stdout == by_input.stdout


def test_flags_win_over_the_file(project: str) -> None:
    """Field by field: the rest of a group stays as the file has it."""
    answer = json.loads(staffing("--json", project, "--team.size", "11", "--name", "Another").stdout)
    assert (answer["name"], answer["reference"]) == ("Another", "PLAN-142")
    assert answer["headcount"]["total"] == 11
    assert answer["headcount"]["hire"] is not None, "the people who are there already stand in the file"


def test_the_report_tells_the_answer_its_reasons_and_what_would_change_it(project: str) -> None:
    """To a reader, with nothing that a terminal would take for an order."""
    report = staffing(project)
    answer = json.loads(staffing("--json", project).stdout)
    assert report.exit_code == 0
    text = " ".join(report.stdout.split())
    assert text.startswith(f"Card fraud {answer['ratio']['text']} data scientists to ML engineers")
    for factor in answer["score"]["factors"]:
        assert not factor["counted"] or " ".join(factor["title"].split()[:2]) in text
    for said in ("FTE", "Points", "Phases", "What would change it", "Answer next", answer["rulebook"]["version"]):
        assert said in text
    assert "\x1b" not in report.stdout


def test_a_name_is_printed_as_it_is() -> None:
    """Even where it looks like markup."""
    assert staffing(*LEAST, "--name", "[bold]A[/nothing]").stdout.startswith("[bold]A[/nothing]\n")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("industry: fintec", "industry: 'fintec' is not an industry; did you mean 'fintech'?"),
        ("industry: fintec", "phase: phase is required"),
        ("industry: no", "industry: 'no' is not an industry"),
        ("team: {size: 1e400}", "team.size: '1e400' is not a number"),
        ("team: {size: .nan}", "team.size: '.nan' is not a number"),
        ("team: [8]", "team: a list is not an object"),
        ("patern: batch", "did you mean 'deployment.pattern'?"),
        ("a: 1\na: 2", "'a' is given twice"),
        ("a: &b [*b]", "'&b' is an anchor"),
        ("a: [", "not YAML"),
        ("- finance", "a list is not a project"),
        ("", "null is not a project"),
        ("a\0", "line 1, column 2: a character that cannot be printed"),
        (b"name: \xff", "line 1, column 7: a character that cannot be printed"),
        ("[" * 100_000, "nested more than 20 deep"),
    ],
)
def test_what_is_wrong_is_said_on_standard_error(given: str | bytes, said: str) -> None:
    """All of it at once, with exit status 2 and nothing on standard output."""
    result = staffing("-", given=given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.yaml"],
        ["/"],
        ["--patern", "batch"],
        ["--industry"],
        [*LEAST, "--team.size", "eight"],
        [*LEAST, "--name", "\udcff"],
    ],
)
def test_wrong_arguments_are_said_on_standard_error(arguments: list[str]) -> None:
    """Exit status 2, as for every wrong use of a command."""
    result = staffing(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("RULEBOOK", "nowhere.yaml", "nowhere.yaml"),
        ("RULEBOOK", "/", "Is a directory"),
        ("RULEBOOK", sys.executable, f"{sys.executable}:1: "),
        ("REDIS_URL", "http://localhost", "redis://"),
        ("LOG_LEVEL", "loud", '"LOG_LEVEL" invalid'),
    ],
)
def test_a_wrong_setting_is_said_on_standard_error(setting: str, value: str, said: str) -> None:
    """Exit status 1: the call was right, the surroundings are not."""
    result = staffing(*LEAST, **{setting: value})
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr


def test_every_field_is_a_flag_with_its_meaning() -> None:
    """`--help` is made of the contract."""
    context = click.Context(main)
    command = main.get_command(context, "recommend")
    assert command is not None
    options = {name for parameter in command.params for name in parameter.opts}
    assert {"--industry", "--deployment.pattern", "--budget.annual_cost.ml_engineer", "--json"} <= options
    assert "Which industry is the project for?" in " ".join(staffing("--help").stdout.split())
