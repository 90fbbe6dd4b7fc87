"""How well texts are read: precision and recall per field, and negated values taken as asserted.

    python -m tests.interpret.score [--wrong]

Of the held-out part only numbers are ever printed; `--wrong` lists the faults in the others.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from schemas.contract import WIRE
from schemas.text import interpret

CORPUS = Path(__file__).parent / "corpus"
PARTS = ("development", "development_more", "held_out")
MAIN = ("industry", "phase", "goal", "deployment.pattern")


@dataclass
class Score:
    """Right, wrong and missed values by field, and how many negated values were asserted."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    asserted: Counter[str] = field(default_factory=Counter)
    negated: Counter[str] = field(default_factory=Counter)

    def precision(self, *names: str) -> float:
        """Return the share of the values found that are right."""
        return _share(self.right, self.wrong, names)

    def recall(self, *names: str) -> float:
        """Return the share of the values expected that are found."""
        return _share(self.right, self.missed, names)


def items_of(part: str, folder: Path = CORPUS) -> list[dict[str, Any]]:
    """Return the descriptions of one part of the corpus."""
    items: list[dict[str, Any]] = yaml.safe_load((folder / f"{part}.yaml").read_text(encoding="utf-8"))
    return items


def scored(items: list[dict[str, Any]]) -> Score:
    """Return the score over descriptions."""
    score = Score()
    for item in items:
        found = _read(item["text"])
        expected = item["expected"]
        for name in found.keys() | expected.keys():
            if found.get(name) == expected.get(name):
                score.right[name] += 1
                continue
            score.wrong[name] += name in found
            score.missed[name] += name in expected
        for denied in item["negated"]:
            score.negated[denied["field"]] += 1
            score.asserted[denied["field"]] += _asserts(found, denied)
    return score


def _read(text: str) -> dict[str, Any]:
    values = interpret(text).values()
    return {name: sorted(value) if isinstance(value, list) else value for name, value in values.items()}


def _asserts(found: Mapping[str, Any], denied: Mapping[str, Any]) -> bool:
    value, denies = found.get(denied["field"]), denied["value"]
    if isinstance(value, list):
        return any(one in value for one in (denies if isinstance(denies, list) else [denies]))
    return bool(value == denies and type(value) is type(denies))


def _share(right: Counter[str], others: Counter[str], names: tuple[str, ...]) -> float:
    names = names or tuple(right | others)
    hits, all_ = (sum(counts[name] for name in names) for counts in (right, right + others))
    return hits / all_ if all_ else 1.0


def table(scores: Mapping[str, Score]) -> Iterator[str]:
    """Yield the lines of the table: a row a field, precision and recall of each part."""
    yield f"{'':<30}" + "".join(f"{part:>42}" for part in scores)
    yield f"{'':<30}" + "   precision  recall  right/said   negated" * len(scores)
    rows = [("industry, phase, goal, pattern", MAIN), *((name, (name,)) for name in WIRE), ("all fields", ())]
    for title, names in rows:
        if not names or any(
            score.right[name] + score.wrong[name] + score.missed[name] for name in names for score in scores.values()
        ):
            yield f"{title:<30}" + "".join(_cells(score, names) for score in scores.values())


def _cells(score: Score, names: tuple[str, ...]) -> str:
    names = names or tuple(score.right | score.wrong | score.missed)
    right, said = (sum(counts[name] for name in names) for counts in (score.right, score.right + score.wrong))
    asserted, negated = (sum(counts[name] for name in names) for counts in (score.asserted, score.negated))
    denied = f"{asserted} of {negated}" if negated else ""
    return f"{score.precision(*names):>12.3f}{score.recall(*names):>8.3f}{f'{right}/{said}':>12}{denied:>10}"


def _faults(items: list[dict[str, Any]]) -> Iterator[str]:
    for item in items:
        found, expected = _read(item["text"]), item["expected"]
        for name in WIRE:
            if found.get(name) != expected.get(name):
                words = [one.words for one in interpret(item["text"]).fields if one.field == name]
                told = f"found {found.get(name)!s:<18} expected {expected.get(name)!s:<18}"
                yield f"{item['id']:<28} {name:<24} {told} {words}"
        for denied in item["negated"]:
            if _asserts(found, denied):
                yield f"{item['id']:<28} {denied['field']:<24} NEGATED {denied['value']}"


def main() -> None:
    """Print the table, and on demand the faults of the development parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="list the faults of the development parts")
    if parser.parse_args().wrong:
        print(*(fault for part in PARTS[:-1] for fault in _faults(items_of(part))), sep="\n")
    else:
        print(*table({part: scored(items_of(part)) for part in PARTS}), sep="\n")


if __name__ == "__main__":
    main()
