"""A rulebook compiled to be compared with others: its themes as parts, exchanged where another differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from rules.model import Rule, Rulebook
from rules.proof.census import EVERYWHERE, Box, Census, weigh
from rules.proof.part import Part, Weights, lanes
from rules.proof.terms import Reneeded
from rules.ratio import Ratio, RatioTable
from rules.scorecard import PHASE_AXIS, Scorecard
from rules.space import Space


@dataclass(frozen=True, slots=True)
class Pair:
    """What two rulebooks say in one cell: raw net, and whether they require other minimums."""

    old: int
    new: int
    required: bool


Test = Callable[[Pair], bool]


class Comparison:
    """Two rulebooks in every cell. `axes` are those that the parts read in which the two differ, and the phase's."""

    def __init__(self, census: Census, old: RatioTable, new: RatioTable, differing: Iterable[Part]) -> None:
        self._census, self._old, self._new = census, old, new
        self.axes = sorted({PHASE_AXIS}.union(*(part.reads for part in differing)))

    def pairs(self, box: Box = EVERYWHERE) -> list[tuple[Pair, int]]:
        """What both say, and in how many cells."""
        return [(_pair(key), cells) for key, cells in sorted(self._census.counts(box).items())]

    def count(self, test: Test, box: Box = EVERYWHERE) -> int:
        """In how many cells the test holds."""
        return sum(cells for pair, cells in self.pairs(box) if test(pair))

    def find(self, test: Test) -> list[int] | None:
        """A cell on every axis where the test holds, with net near 0 if it can be."""
        return self._census.find(lambda key: test(_pair(key)), rank=lambda key: sum(map(abs, lanes(key, 2))))

    def ratios(self, pair: Pair) -> tuple[Ratio, Ratio]:
        return self._old.of(pair.old), self._new.of(pair.new)

    def moves(self, pair: Pair) -> bool:
        """Whether the ratio changes."""
        old, new = self.ratios(pair)
        return (old.value, old.text) != (new.value, new.text)

    def tips(self, pair: Pair) -> bool:
        """Whether the lean changes."""
        old, new = self.ratios(pair)
        return old.lean != new.lean

    def differs(self, pair: Pair) -> bool:
        """Whether ratio, lean or requirements change."""
        return pair.required or self.moves(pair) or self.tips(pair)


class Baseline:
    """A rulebook over a space that divides the fields for it and for all that it is compared with."""

    def __init__(self, book: Rulebook, space: Space | None = None) -> None:
        self.book = book
        self.space = space or Space(book)
        self.axes = self.space.axes
        self.ratios = RatioTable(book.scale)
        self.weights: Weights = weigh(self.space)
        self.themes = {theme: theme_card(book, theme, self.space) for theme in book.themes}
        self._parts = {theme: Part(self.weights, (card, card)) for theme, card in self.themes.items()}
        self._duties = self._duty_card(book)
        self._census = Census(self.weights, list(self._parts.values()))

    def versus(self, other: Rulebook) -> Comparison:
        """The rulebook and another, cell by cell."""
        changed, added = {}, []
        for theme in {**self.book.themes, **other.themes}:
            if _scoring(self.book, theme) != _scoring(other, theme):
                part = self._beside(theme, other)
                if theme in self._parts:
                    changed[self._parts[theme]] = part
                else:
                    added.append(part)
        if _duties(self.book) != _duties(other):
            added.append(Reneeded(self.weights, (self._duties, self._duty_card(other))))
        differing = [*changed.values(), *added]
        return Comparison(self._census.replacing(changed, added), self.ratios, self.ratios_of(other), differing)

    def ratios_of(self, other: Rulebook) -> RatioTable:
        """The other's ratios: mostly the same scale's."""
        return self.ratios if other.scale == self.book.scale else RatioTable(other.scale)

    def _beside(self, theme: str, other: Rulebook) -> Part:
        mine = self.themes.get(theme) or theme_card(self.book, theme, self.space)
        return Part(self.weights, (mine, theme_card(other, theme, self.space)))

    def _duty_card(self, book: Rulebook) -> Scorecard:
        return card_of(book, _requiring(book), self.space)


def joint_space(*books: Rulebook) -> Space:
    """A space whose cells are cells of every one of the rulebooks."""
    rules = tuple(rule for book in books for rule in book.rules)
    sizing = tuple(row for book in books for row in book.sizing)
    return Space(replace(books[0], rules=rules, sizing=sizing))


def card_of(book: Rulebook, rules: Iterable[Rule], space: Space) -> Scorecard:
    """Some of the rulebook's rules, compiled."""
    return Scorecard(replace(book, rules=tuple(rules), sizing=()), space)


def theme_card(book: Rulebook, theme: str, space: Space) -> Scorecard:
    """The rules that have points in one theme, compiled."""
    return card_of(book, (rule for rule in book.rules if rule.theme == theme), space)


def without(book: Rulebook, rule: Rule) -> Rulebook:
    return replace(book, rules=tuple(other for other in book.rules if other is not rule))


def _requiring(book: Rulebook) -> list[Rule]:
    return [rule for rule in book.rules if rule.requires]


def _duties(book: Rulebook) -> list[object]:
    return [(rule.when, dict(rule.requires)) for rule in _requiring(book)]


def _scoring(book: Rulebook, theme: str) -> list[object]:
    """All that a theme's points hang on."""
    rules = [(rule.when, dict(rule.raises), dict(rule.lowers)) for rule in book.rules if rule.theme == theme]
    seasons = set(book.themes[theme].phases) if theme in book.themes else set()
    return [rules, dict(book.scale.strengths), seasons] if rules else []


def _pair(key: int) -> Pair:
    old, new, required = lanes(key, 3)
    return Pair(old, new, required > 0)
