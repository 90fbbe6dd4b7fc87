"""`staffing rulebook` as an author and a CI meet it: what is printed, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rules.proof import census
from service.commands.rulebook import rulebook
from tests.article import PATH

ARTICLE = PATH.read_text("utf-8")
HIGH_RATE = "when: {deployment.peak_rps: {min: 1000}}"
AVAILABLE = "    when: {deployment.availability_pct: {min: 99.9}}\n    raises: {ml_engineer: moderate}"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(rulebook, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def edited(tmp_path: Path):
    """Return the path of the article's rulebook with one text in place of another."""

    def edit(old: str, new: str, name: str = "edited.yaml") -> Path:
        assert old in ARTICLE
        path = tmp_path / name
        path.write_text(ARTICLE.replace(old, new, 1), "utf-8")
        return path

    return edit


def line_of(text: str, path: Path) -> int:
    lines = path.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_check_passes_the_bundled_rulebook():
    """Warnings are printed, and only `--strict` lets them fail."""
    result = run("check")
    assert result.exit_code == 0
    assert "0 errors" in result.output
    assert run("check", "--strict").exit_code == 1


def test_check_names_a_fault_with_file_line_and_way_out(edited):
    """A rulebook that does not load is a finding, with every fault on its line."""
    path = edited("raises: {ml_engineer: strong}", "raises: {ml_engineer: strng}")
    result = run("check", path)
    assert result.exit_code == 1
    assert f"{path}:{line_of('strng', path)}: error" in result.output
    assert "strong" in result.output


def test_check_names_a_rule_that_never_counts(edited):
    """A threshold above a stronger rule's: the weaker never counts."""
    path = edited("when: {deployment.peak_rps: {min: 50, max: 1000}}", "when: {deployment.peak_rps: {min: 2000}}")
    result = run("check", "--json", path)
    (finding,) = [item for item in json.loads(result.output)["findings"] if item["severity"] == "error"]
    assert result.exit_code == 1
    assert (finding["code"], finding["subject"]) == ("never_counts", "moderate-request-rate")
    assert finding["line"] == line_of("id: moderate-request-rate", path)


def test_check_holds_a_rulebook_to_examples_that_are_named(edited):
    """An example that is not met is an error that says what is expected and what is seen."""
    path = edited(AVAILABLE, AVAILABLE.replace("moderate", "slight"))
    result = run("check", path, "--examples", PATH.parent / "examples")
    assert result.exit_code == 1
    assert "example always-there expects points" in result.output


def test_prove_certifies_and_verify_agrees(tmp_path):
    """The certificate that is written is the one that is printed, and it is verified, recounted too."""
    out = tmp_path / "certificate.json"
    proved = run("prove", "--json", "--out", out)
    assert proved.exit_code == 0
    assert json.loads(proved.output) == json.loads(out.read_bytes())
    assert run("verify", out).exit_code == 0
    assert "Verified." in run("verify", "--recount", out).output


def test_verify_finds_a_count_that_no_witness_can_show(tmp_path):
    """Only counting anew tells, and `--recount` does."""
    out = tmp_path / "certificate.json"
    run("prove", "--out", out)
    certificate = json.loads(out.read_bytes())
    certificate["verdicts"][-1]["figures"]["cells"] = "1"
    out.write_text(json.dumps(certificate), "utf-8")
    assert run("verify", out).exit_code == 0
    recounted = run("verify", "--json", "--recount", out)
    assert recounted.exit_code == 1
    assert json.loads(recounted.output)["objections"] == ["counted anew, verdicts differs"]


def test_prove_shows_a_counterexample_to_a_direction_that_fails(edited):
    """With its line, and the two projects."""
    path = edited(
        "field: deployment.users\n    never_favours: data_scientist",
        "field: deployment.users\n    never_favours: ml_engineer",
    )
    result = run("prove", path)
    assert result.exit_code == 1
    assert "FAILS Not so: More users never favour data scientists." in result.output
    assert f"(line {line_of('id: more-users-never', path)})" in result.output
    assert "deployment.users=" in result.output
    assert "Not proved." in result.output


def test_diff_of_a_rulebook_with_itself_is_no_difference():
    """Status 0: a gate lets it through."""
    result = run("diff", PATH, PATH)
    assert result.exit_code == 0
    assert "Every answer stays the same." in result.output


def test_diff_says_how_much_where_and_because_of_what(edited):
    """Status 1, and all that a reviewer asks."""
    result = run("diff", PATH, edited(HIGH_RATE, HIGH_RATE.replace("1000", "800")))
    assert result.exit_code == 1
    assert "high-request-rate changed (when)" in result.output
    assert "deployment.peak_rps: 800 to under 1000" in result.output
    assert "The rulebooks differ." in result.output


def test_diff_prints_json(edited):
    """The same for machines."""
    result = run("diff", "--json", PATH, edited(AVAILABLE, AVAILABLE.replace("moderate", "strong")))
    changes = json.loads(result.output)
    assert [edit["subject"] for edit in changes["edits"]] == ["high-availability"]
    assert int(changes["changed"]["ratio"]["cells"]) > 0


@pytest.mark.parametrize(
    "words",
    [
        ["diff", "missing.yaml", PATH],
        ["diff", PATH, "missing.yaml"],
        ["prove", "missing.yaml"],
        ["check", "missing.yaml"],
        ["verify", "missing.json"],
        ["mutate", PATH, "--examples", "missing.yaml"],
        ["diff", PATH],
    ],
)
def test_what_cannot_be_read_ends_with_status_2(words):
    """A gate can tell it from a difference."""
    assert run(*words).exit_code == 2


def test_a_rulebook_that_does_not_load_cannot_be_compared(edited):
    """Its faults are printed with file and line."""
    path = edited("theme: operations", "theme: operatoins")
    result = run("diff", PATH, path)
    assert result.exit_code == 2
    assert f"{path}:{line_of('operatoins', path)}" in result.output


def test_a_rulebook_too_tangled_to_count_is_refused_in_words(monkeypatch):
    """Counting gives up where themes share so many fields that it would not end."""
    monkeypatch.setattr(census, "MOST", 2)
    result = run("prove")
    assert result.exit_code == 2
    assert "share too many fields" in result.output


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "staffing-proof/1"}'])
def test_a_certificate_that_is_none_cannot_be_verified(tmp_path, text):
    """Not JSON, or not of a certificate's shape."""
    path = tmp_path / "certificate.json"
    path.write_text(text, "utf-8")
    assert run("verify", path).exit_code == 2


SMALL = """\
name: small
version: 1.0.0
title: A small rulebook
source: A test
scale: {points_to_double: 4, strengths: {slight: 1, strong: 3}, bound: 8, balanced: 2}
phase_effort: {business_and_data_understanding: 15, data_preparation: 25, modeling: 20, evaluation: 10, deployment: 15,
  monitoring_and_maintenance: 15}
sizing: [{size: 4, because: Always.}]
themes: [{id: operations, title: Operations, phases: all}]
claims: [{id: A1, section: Start, paragraph: 1, role: both, says: They differ.}]
rules:
  - id: busy
    theme: operations
    title: Busy
    when: {deployment.peak_rps: {min: 1000}}
    raises: {ml_engineer: slight}
    because: It is.
    claims: [A1]
"""
EXAMPLES = """\
examples:
  - name: busy
    says: It is busy.
    claims: [A1]
    project: {industry: mining, phase: modeling, deployment: {pattern: batch, peak_rps: 5000}}
    expect: {raw: -1}
  - name: quiet
    says: It is not.
    claims: [A1]
    project: {industry: mining, phase: modeling, deployment: {pattern: batch, peak_rps: 1}}
    expect: {raw: 0}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A rulebook with examples beside it."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "some.yaml").write_text(EXAMPLES, "utf-8")
    (tmp_path / "own.yaml").write_text(SMALL, "utf-8")
    return tmp_path / "own.yaml"


def test_mutate_tells_what_notices_each_fault(own):
    """With an example on either side of the threshold, every fault is noticed."""
    result = run("mutate", own)
    assert result.exit_code == 0
    assert "by 2 examples" in result.output
    assert "Every fault is noticed." in result.output


def test_mutate_names_a_fault_that_nothing_notices(own):
    """Without the quiet example, nothing tells a rule that holds always."""
    (own.parent / "examples" / "some.yaml").write_text(EXAMPLES.partition("  - name: quiet")[0], "utf-8")
    result = run("mutate", "--json", own)
    assert result.exit_code == 1
    assert [mutant["says"] for mutant in json.loads(result.output)["missed"]] == ["holds always"]


def test_mutate_refuses_a_rulebook_that_fails_its_own_examples(own):
    """A fault cannot be told from what is wrong already."""
    own.write_text(SMALL.replace("slight}\n", "strong}\n"), "utf-8")
    result = run("mutate", own)
    assert result.exit_code == 1
    assert "does not meet its own examples" in result.output
