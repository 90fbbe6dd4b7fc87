"""Whether a small fault in a rule would be noticed: by the rulebook's examples, by its check or by its proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.model import Rulebook
from rules.proof.baseline import Baseline, joint_space
from rules.proof.direction import direction
from rules.proof.distribution import distribution
from rules.proof.examples import Example, mismatches
from rules.proof.lint import lint
from rules.proof.mutants import Mutant, mutants
from rules.proof.neutral import neutral
from rules.proof.witness import Json, Witnesses
from rules.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Notice:
    """What notices a mutant: examples by name, findings, verdicts by subject. With `same`, no answer changes."""

    mutant: Mutant
    examples: tuple[str, ...]
    check: tuple[str, ...]
    proof: tuple[str, ...]
    same: bool = False

    @property
    def noticed(self) -> bool:
        return bool(self.examples or self.check or self.proof)

    def body(self) -> Json:
        """The notice as JSON-ready values."""
        return {
            "rule": self.mutant.of.id,
            "line": self.mutant.of.line,
            "kind": self.mutant.kind,
            "says": self.mutant.says,
            "noticed": self.noticed,
            "same": self.same,
            "examples": list(self.examples),
            "check": list(self.check),
            "proof": list(self.proof),
        }


class Mutation:
    """The mutants of one rulebook, against its examples."""

    def __init__(self, book: Rulebook, examples: Sequence[Example]) -> None:
        self._book, self._examples = book, examples
        self._mutants = list(mutants(book))
        self._findings = _errors(book)
        self._broken = {subject for theme in book.themes for subject in _broken(book, theme)}
        self.steps = len(self._mutants)

    def notices(self) -> Iterator[Notice]:
        """Every mutant and what notices it."""
        for mutant in self._mutants:
            book = mutant.book(self._book)
            seen = tuple(dict.fromkeys(found.example for found in mismatches(Scorecard(book), self._examples)))
            check = tuple(sorted(_errors(book) - self._findings))
            proof = tuple(subject for subject in _broken(book, mutant.of.theme) if subject not in self._broken)
            unseen = not (seen or check or proof)
            yield Notice(mutant, seen, check, proof, unseen and _same(self._book, book, mutant))


def summary(book: Rulebook, notices: Sequence[Notice]) -> Json:
    """The report as JSON-ready values; `missed` are those that change an answer and go unnoticed."""
    by_kind = {
        kind: {
            "mutants": len(of_kind),
            "examples": sum(bool(notice.examples) for notice in of_kind),
            "check": sum(bool(notice.check) for notice in of_kind),
            "proof": sum(bool(notice.proof) for notice in of_kind),
            "missed": sum(not notice.noticed and not notice.same for notice in of_kind),
        }
        for kind in dict.fromkeys(notice.mutant.kind for notice in notices)
        for of_kind in [[notice for notice in notices if notice.mutant.kind == kind]]
    }
    return {
        "format": "staffing-mutation/1",
        "rulebook": {"name": book.name, "version": book.version, "digest": book.digest},
        "kinds": by_kind,
        "missed": [notice.body() for notice in notices if not notice.noticed and not notice.same],
        "same": [notice.body() for notice in notices if notice.same],
        "mutants": [notice.body() for notice in notices],
    }


def _errors(book: Rulebook) -> set[str]:
    return {f"{finding.code} {finding.subject}" for finding in lint(book) if finding.severity == "error"}


def _broken(book: Rulebook, theme: str | None) -> Iterator[str]:
    """The bounds that do not hold, and the directions on fields that the theme reads; without points, none."""
    if theme is None:
        return
    baseline = Baseline(book)
    spread = distribution(book, baseline.space)
    yield from (verdict.subject for verdict in neutral(spread, spread.drift) if not verdict.holds)
    witnesses = Witnesses(Scorecard(book, baseline.space), baseline.ratios)
    for expected in book.expectations:
        reads = baseline.themes[theme].bits_reading(expected.field)
        if reads and not direction(baseline, expected, witnesses).holds:
            yield expected.id


def _same(old: Rulebook, new: Rulebook, mutant: Mutant) -> bool:
    """Whether the fault changes no ratio, lean, requirement or text in any cell."""
    rule = mutant.of
    if rule.profiles or rule.considers or rule.warns:
        return False
    comparison = Baseline(old, joint_space(old, new)).versus(new)
    return not comparison.count(comparison.differs)
