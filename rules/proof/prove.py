"""The proof of a rulebook: every verdict that it must pass, over every input, and the certificate that says so."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from operator import eq

from rules.headcount import LARGEST_TEAM
from rules.model import Rulebook
from rules.proof.baseline import Baseline, card_of
from rules.proof.bearing import decisive, reachable
from rules.proof.census import Census
from rules.proof.direction import direction
from rules.proof.distribution import Distribution, distribution
from rules.proof.neutral import neutral
from rules.proof.part import Part
from rules.proof.terms import Needed
from rules.proof.verdict import Verdict
from rules.proof.witness import Json, Witnesses
from rules.scorecard import Scorecard

FORMAT = "staffing-proof/1"
NOTE = (
    "A cell is one case of every field, unanswered or, for a number, a band between the rulebook's thresholds. "
    "Counts are exact and cover every cell, all weighing the same. An answer that leaves a question open "
    "(undecided, unknown) does not count as answered."
)


class Proof:
    """The verdicts on one rulebook, one by one. `steps` is how many there will be, or nearly."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        self._baseline = Baseline(book)
        self._witnesses = Witnesses(Scorecard(book, self._baseline.space), self._baseline.ratios)
        self.spread: Distribution = distribution(book, self._baseline.space)
        self.steps = 8 + 2 * len(book.rules) + len(book.expectations)

    def verdicts(self) -> Iterator[Verdict]:
        """Every verdict, in the order of a certificate."""
        yield from self._attained()
        yield from neutral(self.spread, self.spread.drift)
        yield self._met()
        for expected in self._book.expectations:
            yield direction(self._baseline, expected, self._witnesses)
        for rule in self._book.rules:
            yield reachable(self._baseline, rule, self._witnesses, self.spread.cells)
            if verdict := decisive(self._baseline, rule, self._witnesses, self.spread.cells):
                yield verdict

    def certificate(self, verdicts: list[Verdict]) -> Json:
        """The proof as JSON-ready values: the same for the same rulebook on any machine."""
        return {
            "format": FORMAT,
            "rulebook": {"name": self._book.name, "version": self._book.version, "digest": self._book.digest},
            "holds": all(verdict.holds for verdict in verdicts),
            "note": NOTE,
            "cells": str(self.spread.cells),
            "fields": {axis.field.name: len(axis.cells) - axis.field.required for axis in self._baseline.axes},
            "distribution": self.spread.body(),
            "verdicts": [verdict.body() for verdict in verdicts],
        }

    def _attained(self) -> Iterator[Verdict]:
        """The least and the greatest net there is, each with a project that gets it."""
        weights, themes = self._baseline.weights, self._baseline.themes
        census = Census(weights, [Part(weights, [card]) for card in themes.values()])
        for subject, raw in (("minimum", min(self.spread.raw)), ("maximum", max(self.spread.raw))):
            cells = census.find(partial(eq, raw))
            says = f"the {subject} of raw net is {raw:+d}"
            yield Verdict("attained", subject, cells is not None, says, {"raw": raw}, self._witnesses.show(cells))

    def _met(self) -> Verdict:
        """Whether a team can be large enough for all that is ever required together."""
        weights, space = self._baseline.weights, self._baseline.space
        requiring = [rule for rule in self._book.rules if rule.requires]
        census = Census(weights, [Needed(weights, [card_of(self._book, requiring, space)])])
        most = max(census.counts())
        says = f"a team of {most} meets every combination of requirements"
        shown = self._witnesses.show(census.find(lambda key: key == most))
        return Verdict("requirements", "met", most <= LARGEST_TEAM, says, {"smallest_team": most}, shown)


def prove(book: Rulebook) -> Json:
    """The certificate of a rulebook."""
    proof = Proof(book)
    return proof.certificate(list(proof.verdicts()))
