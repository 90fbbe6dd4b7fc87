"""Whether each rule bears on answers: it can hold, and taking it out changes some."""

from __future__ import annotations

from rules.model import Rule
from rules.proof.baseline import Baseline, card_of, theme_card, without
from rules.proof.census import Census
from rules.proof.terms import Holding, Repointed
from rules.proof.verdict import Verdict
from rules.proof.witness import Witnesses, share
from rules.scorecard import Scorecard


def reachable(baseline: Baseline, rule: Rule, witnesses: Witnesses, cells: int) -> Verdict:
    """Whether the rule can hold, and in how many cells it does."""
    census = Census(baseline.weights, [Holding(baseline.weights, [card_of(baseline.book, [rule], baseline.space)])])
    held, witness = census.counts().get(1, 0), census.find(lambda key: key == 1)
    says = f"{rule.id} holds for {'some' if held else 'no'} project"
    return Verdict("reachable", rule.id, held > 0, says, share(held, cells), witnesses.show(witness), rule.line)


def decisive(baseline: Baseline, rule: Rule, witnesses: Witnesses, cells: int) -> Verdict | None:
    """Whether some answer changes without the rule; None for one without points or minimums, which acts where it holds.

    A rule that gives both roles alike may leave every ratio and still change the points,
    and with them range and confidence: it passes, and the verdict says so.
    """
    if not (rule.raises or rule.lowers or rule.requires):
        return None
    less = without(baseline.book, rule)
    comparison = baseline.versus(less)
    changed, witness = comparison.count(comparison.differs), comparison.find(comparison.differs)
    says = f"without {rule.id} some ratios or requirements change"
    if not changed:
        witness = _repointed(baseline, rule)
        change = "points change, but no ratio does" if witness else "every answer stays the same"
        says = f"without {rule.id} {change}"
    shown = witnesses.show(witness)
    if witness:
        shown[0]["without"] = Witnesses(Scorecard(less, baseline.space), baseline.ratios).score(witness)
    return Verdict("decisive", rule.id, bool(shown), says, share(changed, cells), shown, rule.line)


def _repointed(baseline: Baseline, rule: Rule) -> list[int] | None:
    """A cell in which a role gets other points without the rule."""
    if rule.theme is None:
        return None
    books = baseline.book, without(baseline.book, rule)
    cards = [theme_card(book, rule.theme, baseline.space) for book in books]
    return Census(baseline.weights, [Repointed(baseline.weights, cards)]).find(lambda key: key == 1)
