"""`staffing compare` and `staffing portfolio`: several projects in a terminal, or as the API gives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from schemas.plan_paths import COMPARE_EXAMPLE, PORTFOLIO_EXAMPLE
from service.cli import main

EXAMPLES = {"compare": COMPARE_EXAMPLE, "portfolio": PORTFOLIO_EXAMPLE}


def staffing(command: str, document: Any, *options: str) -> Result:
    """Run a command on a document from standard input."""
    return CliRunner().invoke(main, [command, "-", *options], input=json.dumps(document))


def printed(command: str, document: Any) -> str:
    """What is printed, in one line; the command must succeed."""
    result = staffing(command, document)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


@pytest.mark.parametrize("command", EXAMPLES)
def test_the_body_is_the_apis(client: FlaskClient, command: str) -> None:
    """Byte for byte, and a new line."""
    served = client.post(f"/{command}", json=EXAMPLES[command]).data
    assert staffing(command, EXAMPLES[command], "--json").stdout_bytes == served + b"\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "scenarios.yaml"],
        ["portfolio", "portfolio.yaml"],
        ["batch", "portfolio.csv", "answers.csv"],
        ["batch", "portfolio.csv", "plans.json", "--format", "float"],
    ],
)
def test_the_examples_are_answered(tmp_path: Path, arguments: list[str]) -> None:
    """Those that README names, as they are."""
    command, source, *others = arguments
    others = [str(tmp_path / other) if "." in other else other for other in others]
    result = CliRunner().invoke(main, [command, str(Path(__file__).parents[2] / "examples" / source), *others])
    assert result.exit_code == 0, result.output
    assert "fault" not in result.output


@pytest.mark.parametrize(
    ("command", "document", "said"),
    [
        ("compare", {}, "the comparison cannot be read as it is:\n  base: null is not a project"),
        ("compare", {**COMPARE_EXAMPLE, "changes": []}, "\n  changes: changes is a list of 1 to 20 changes"),
        ("portfolio", [], "the portfolio cannot be read as it is:\n  portfolio: a list is no portfolio"),
        ("portfolio", {**PORTFOLIO_EXAMPLE, "people": {"analyst": 1}}, "\n  people.analyst: 'analyst' has no place"),
    ],
)
def test_what_is_wrong_is_a_wrong_use(command: str, document: Any, said: str) -> None:
    """Told as the API tells it, by the path in the document."""
    result = staffing(command, document)
    assert result.exit_code == 2
    assert said in result.output


def test_scenarios_are_side_by_side_with_what_differs_and_why() -> None:
    """A column a scenario, and beneath it the factors that moved."""
    said = printed("compare", COMPARE_EXAMPLE)
    assert "Differs base Nightly scores Two more people" in said
    assert "headcount.total 8 8 10" in said
    assert "Nightly scores: sets deployment.pattern to batch" in said
    assert "for ML engineers: Answers are served while someone waits" in said


def test_scenarios_that_change_nothing_say_so() -> None:
    """In place of an empty table; what is taken away is said to be nothing."""
    change = {"name": "[b]Same[/b]", "set": {"governance.regulated": None, "deployment.pattern": "real_time"}}
    said = printed("compare", {**COMPARE_EXAMPLE, "changes": [change]})
    assert said.startswith("Nothing that is decided differs.")
    assert "[b]Same[/b]: sets governance.regulated to nothing, deployment.pattern to real_time" in said


def test_a_portfolio_is_a_row_a_phase_then_what_is_short_and_why() -> None:
    """By project and by month, with the hire that helps."""
    said = printed("portfolio", PORTFOLIO_EXAMPLE)
    assert "Card fraud modeling 2027-01-04 2027-03-05 4 of 4 4 of 4" in said
    assert "2 short. Churn, data preparation, data scientist: On 2027-03-01 the pool has" in said
    assert "2027-03 data scientist" in said
    assert "Hire: 1 ML engineer" in said


def test_requirements_that_cannot_be_met_come_first() -> None:
    """Finance needs both roles."""
    said = printed("portfolio", {**PORTFOLIO_EXAMPLE, "people": {"data_scientist": 5}, "hire": None})
    assert said.startswith("Cannot be met: 1 required. Card fraud, modeling, ML engineer: On 2027-01-04 the pool has 0")
    assert "Hire: nobody" in said
