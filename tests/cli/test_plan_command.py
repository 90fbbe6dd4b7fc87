"""`staffing plan`: the plan in a terminal, or as the API gives it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from schemas.plan_paths import PLAN_EXAMPLE
from service.cli import main
from service.exports import FORMATS


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A file with the example."""
    path = tmp_path / "project.yaml"
    path.write_text(json.dumps(PLAN_EXAMPLE))  # JSON is YAML
    return str(path)


def staffing(*arguments: str) -> str:
    """What the command prints; it must succeed."""
    result = CliRunner().invoke(main, ["plan", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_plan_is_printed_as_a_table(source: str) -> None:
    """With its span, its cost and what that is rounded to."""
    printed = staffing(source)

    assert "Card fraud: 2027-01-04 to 2027-07-02, 130 working days" in printed
    assert "ML engineer" in printed
    assert "EUR" in printed


@pytest.mark.parametrize("layout", FORMATS)
def test_every_layout_is_the_apis(client: FlaskClient, source: str, layout: str) -> None:
    """Byte for byte, so that it can be sent to a file."""
    served = client.post(f"/plan?format={layout}", json=PLAN_EXAMPLE).data
    result = CliRunner().invoke(main, ["plan", source, "--format", layout])

    assert result.stdout_bytes == served


def test_flags_win_over_the_file(source: str) -> None:
    """As for the recommendation."""
    body = json.loads(staffing(source, "--schedule.weeks", "4", "--format", "json"))

    assert body["schedule"]["working_days"] == 20


def test_a_plan_without_dates_is_a_wrong_use(source: str) -> None:
    """Said with the field that is missing."""
    result = CliRunner().invoke(main, ["plan", source, "--schedule.start", "soon"])

    assert result.exit_code == 2
    assert "schedule.start: 'soon' is no schedule.start" in result.output
