"""What changes from one rulebook to another, over every cell of a space that divides the fields for both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from rules.model import Rulebook
from rules.proof.baseline import Baseline, Pair, Test, card_of, joint_space
from rules.proof.census import Census
from rules.proof.edits import Edit, alone, edits
from rules.proof.terms import Holding
from rules.proof.where import Regions, described
from rules.proof.witness import Json, Witnesses, document, share
from rules.scorecard import Scorecard

FORMAT = "staffing-diff/1"
NOTE = (
    "Cells are those of both rulebooks' thresholds together, all weighing the same. `where` is found greedily: "
    "it covers what changes, though a shorter cover may exist. An edit `alone` is made to the old rulebook by itself."
)


class Difference:
    """The differences of two rulebooks. `steps` is how many of `edits` there will be."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        self.old, self.new = old, new
        self._baseline = Baseline(old, joint_space(old, new))
        self._comparison = self._baseline.versus(new)
        self._pairs = self._comparison.pairs()
        self._cells = sum(cells for _, cells in self._pairs)
        self._edits = list(edits(old, new))
        self._sides = [
            Witnesses(Scorecard(book, self._baseline.space), self._baseline.ratios_of(book)) for book in (old, new)
        ]
        self.steps = len(self._edits)

    def edits(self) -> Iterator[Json]:
        """Every edit: where its rule holds, and what it alone changes."""
        for edit in self._edits:
            yield {
                "subject": edit.subject,
                "edit": edit.kind,
                "parts": list(edit.parts),
                "line": edit.line,
                "only_words": edit.only_words,
                "holds": self._holding(edit),
                "alone": self._alone(edit),
            }

    def report(self, edits: list[Json]) -> Json:
        """The whole difference as JSON-ready values."""
        changed = {name: sum(n for pair, n in self._pairs if test(pair)) for name, test in self._kinds().items()}
        return {
            "format": FORMAT,
            "old": _named(self.old),
            "new": _named(self.new),
            "same": not changed["any"] and all(edit["only_words"] for edit in edits),
            "note": NOTE,
            "cells": str(self._cells),
            "changed": {name: share(cells, self._cells) for name, cells in changed.items()},
            "points": self._points(),
            "leans": self._leans(),
            "where": self._where() if changed["any"] else [],
            "edits": edits,
            "witnesses": {
                name: self._witness(test) for name, test in self._kinds().items() if changed[name] and name != "any"
            },
        }

    def _kinds(self) -> dict[str, Test]:
        comparison = self._comparison
        return {
            "ratio": comparison.moves,
            "lean": comparison.tips,
            "required": lambda pair: pair.required,
            "any": comparison.differs,
        }

    def _holding(self, edit: Edit) -> Json | None:
        rules = [rule for rule in (edit.old, edit.new) if rule]
        if not rules:
            return None
        cards = [card_of(self.old, [rule], self._baseline.space) for rule in rules]
        census = Census(self._baseline.weights, [Holding(self._baseline.weights, cards)])
        return share(census.counts().get(1, 0), self._cells)

    def _alone(self, edit: Edit) -> Json | None:
        book = alone(edit, self.old, self.new)
        if book is None:
            return None
        comparison = self._baseline.versus(book)
        return share(comparison.count(comparison.differs), self._cells)

    def _points(self) -> Json:
        """Cells by how much net, within the bound, changes."""
        steps: Counter[int] = Counter()
        for pair, cells in self._pairs:
            old, new = self._comparison.ratios(pair)
            steps[new.net - old.net] += cells
        return {f"{step:+d}": share(steps[step], self._cells) for step in sorted(steps) if step}

    def _leans(self) -> list[Json]:
        """Cells by the lean they go from and to, each with a witness."""
        moves: Counter[tuple[str, str]] = Counter()
        for pair, cells in self._pairs:
            moves[self._leaning(pair)] += cells
        return [
            {"from": move[0], "to": move[1], **share(cells, self._cells)}
            | {"witness": self._witness(partial(self._goes, move))}
            for move, cells in sorted(moves.items(), key=lambda item: (-item[1], item[0]))
            if move[0] != move[1]
        ]

    def _leaning(self, pair: Pair) -> tuple[str, str]:
        old, new = self._comparison.ratios(pair)
        return old.lean, new.lean

    def _goes(self, move: tuple[str, str], pair: Pair) -> bool:
        return self._leaning(pair) == move

    def _where(self) -> list[Json]:
        of_rules = all(edit.conditions for edit in self._edits if edit.subject not in ("sizing", "phase_effort"))
        conditions = [condition for edit in self._edits if not edit.only_words for condition in edit.conditions]
        regions = Regions(self._baseline, self._comparison).cover(conditions if of_rules else None)
        return [described(region, self._baseline.axes) for region in regions]

    def _witness(self, test: Test) -> Json | None:
        cells = self._comparison.find(test)
        if cells is None:
            return None
        old, new = (side.score(cells) for side in self._sides)
        return {"project": document(self._baseline.axes, cells), "old": old, "new": new}


def diff(old: Rulebook, new: Rulebook) -> Json:
    """The difference of two rulebooks."""
    difference = Difference(old, new)
    return difference.report(list(difference.edits()))


def _named(book: Rulebook) -> Json:
    return {"name": book.name, "version": book.version, "digest": book.digest}
