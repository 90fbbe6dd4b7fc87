"""Re-checking a certificate without proving anew: its witnesses are scored, its sums added up, its list compared."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod
from typing import Any

from rules.model import Rulebook
from rules.proof.distribution import Distribution
from rules.proof.neutral import neutral
from rules.proof.prove import FORMAT
from rules.ratio import RatioTable
from rules.space import Space
from rules.vocabulary import ROLES
from schemas.rescoring import Rescorer

Json = dict[str, Any]


def objections(certificate: Json, rulebook: Rulebook) -> Iterator[str]:
    """Yield everything in a certificate that does not hold up against the rulebook.

    The certificate has the shape of `CertificateSchema`. Counts that no witness can
    show are only held to add up: to check those, prove anew and compare.
    """
    yield from _on_stamp(certificate, rulebook)
    yield from _on_list(certificate["verdicts"], rulebook)
    if faults := list(_on_sums(certificate, rulebook)):
        yield from faults
        return
    rescorer = Rescorer(rulebook)
    for verdict in certificate["verdicts"]:
        found = rescorer.objections(verdict)
        if verdict["kind"] == "neutral":
            found = _on_neutral(verdict, certificate, rulebook)
        yield from (f"{verdict['kind']} {verdict['subject']}: {objection}" for objection in found)


def _on_stamp(certificate: Json, rulebook: Rulebook) -> Iterator[str]:
    if certificate["format"] != FORMAT:
        yield f"the format is {certificate['format']}, not {FORMAT}"
    for key, value in certificate["rulebook"].items():
        if value != getattr(rulebook, key):
            yield f"it is about a rulebook whose {key} is {value}; this one's is {getattr(rulebook, key)}"
    if certificate["holds"] != all(verdict["holds"] for verdict in certificate["verdicts"]):
        yield "holds does not follow from the verdicts"


def _on_list(verdicts: list[Json], rulebook: Rulebook) -> Iterator[str]:
    """A verdict that is left out must not pass for one that holds."""
    acting = [rule.id for rule in rulebook.rules if rule.raises or rule.lowers or rule.requires]
    wanted = {
        *(("attained", subject) for subject in ("minimum", "maximum")),
        *(("neutral", subject) for subject in ("mean", *ROLES, "balanced", "capped", "drift")),
        ("requirements", "met"),
        *(("direction", expected.id) for expected in rulebook.expectations),
        *(("reachable", rule.id) for rule in rulebook.rules),
        *(("decisive", rule) for rule in acting),
    }
    stated = [(verdict["kind"], verdict["subject"]) for verdict in verdicts]
    yield from (f"there is no verdict on {kind} {subject}" for kind, subject in sorted(wanted.difference(stated)))
    yield from (
        f"{kind} {subject} is no verdict on this rulebook" for kind, subject in stated if (kind, subject) not in wanted
    )
    if len(set(stated)) < len(stated):
        yield "a verdict is given twice"


def _on_sums(certificate: Json, rulebook: Rulebook) -> Iterator[str]:
    """The cells are counted here; how they spread can only be proved anew, but it must add up."""
    sizes = {axis.field.name: len(axis.cells) - axis.field.required for axis in Space(rulebook).axes}
    if certificate["fields"] != sizes or certificate["cells"] != str(prod(sizes.values())):
        yield "the cells are not those of this rulebook's fields"
    spread, stated = _spread(certificate, rulebook), certificate["distribution"]
    for key, value in spread.shares().items():
        if stated[key] != value:
            yield f"distribution.{key} does not follow from the counts of raw net"
    answered = sum(int(row["cells"]) for row in stated["by_answered"])
    if not certificate["cells"] == str(spread.cells) == str(answered):
        yield "the distribution does not add up to all cells"
    ends = {"minimum": min(spread.raw, default=None), "maximum": max(spread.raw, default=None)}
    for verdict in certificate["verdicts"]:
        if verdict["kind"] == "attained" and verdict["figures"].get("raw") != ends.get(verdict["subject"]):
            yield f"attained {verdict['subject']} is not where the distribution ends"


def _on_neutral(verdict: Json, certificate: Json, rulebook: Rulebook) -> Iterator[str]:
    means = [Fraction(str(row["mean_raw"])) for row in certificate["distribution"]["by_answered"]]
    for own in neutral(_spread(certificate, rulebook), max(means) - min(means)):
        stated = verdict["figures"]
        near = all(abs(stated.get(key, -1) - value) < 0.001 for key, value in own.figures.items())
        if own.subject == verdict["subject"] and not (near and own.holds == verdict["holds"]):
            yield "it does not follow from the distribution"


def _spread(certificate: Json, rulebook: Rulebook) -> Distribution:
    raw = {int(net): int(cells) for net, cells in certificate["distribution"]["raw"].items()}
    return Distribution(sum(raw.values()), raw, {}, RatioTable(rulebook.scale))
