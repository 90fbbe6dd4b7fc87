"""Learn the points of words from the descriptions in corpus/training, and write rules/learned.json.

    make interpret-learn

A field's points are the weights of a multinomial logistic regression over the signs that occur at least twice,
rarer signs weighing more (by their inverse document frequency). How big a lead is enough is found by cross-validation:
the smallest with which what is said of descriptions that were left out is right often enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from schemas.text.interpretation import signs_in
from schemas.text.learned import LEARNED
from schemas.text.tokens import tokens_of
from tests.interpret.training import descriptions, digest

TARGET = Path(__file__).parents[2] / "rules" / "learned.json"
PRECISION = 0.95  # of what is said
FOLDS = 5
STRENGTH = 0.02  # of fitting against keeping weights small
SCALE = 100  # points a nat
SMALLEST = 12  # points; signs that give no value more are left out, as are a third of it and less for one value
RAREST = 2


class Signs:
    """Descriptions as rows of a sparse matrix, a column a sign."""

    def __init__(self, items: list[dict[str, Any]]) -> None:
        self.rows = [set(_signs(item)) for item in items]
        self.lengths = np.sqrt([len(tokens_of(item["text"]).words) for item in items])
        counts = Counter(name for row in self.rows for name in row)
        self.names = sorted(name for name, count in counts.items() if count >= RAREST)
        self.weights = np.array([1 + log((1 + len(items)) / (1 + counts[name])) for name in self.names])
        columns = {name: place for place, name in enumerate(self.names)}
        cells = [(row, columns[name]) for row, names in enumerate(self.rows) for name in names if name in columns]
        where = np.array(cells).T
        self.matrix = csr_matrix((self.weights[where[1]], (where[0], where[1])), (len(items), len(self.names)))

    def shares(self, name: str, best: np.ndarray) -> np.ndarray:
        """Return what to multiply each lead with: less for longer texts, twice where a phrase names the value."""
        named = [f"{name}={value} high" in row for row, value in zip(self.rows, best, strict=True)]
        return (1 + np.array(named)) / self.lengths


def _signs(item: dict[str, Any]) -> Iterator[str]:
    """Yield a description's signs, its phrases only if they are no better there than elsewhere."""
    return (sign for sign in signs_in(item["text"]) if "=" not in sign or item["fresh"])


def fitted(matrix: Any, said: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=400).fit(matrix, said)


def left_out(matrix: Any, said: np.ndarray, writers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for every description the value with most points, learned from other writers alone, and its lead."""
    best, lead = np.empty(len(said), object), np.zeros(len(said))
    for rest, part in GroupKFold(FOLDS).split(said, groups=writers):
        model = fitted(matrix[rest], said[rest])
        points = model.decision_function(matrix[part]) * SCALE
        order = np.argsort(points, axis=1)
        best[part] = model.classes_[order[:, -1]]
        ranked = np.take_along_axis(points, order, 1)
        lead[part] = ranked[:, -1] - ranked[:, -2]
    return best, lead


def enough(best: np.ndarray, lead: np.ndarray, said: np.ndarray) -> int:
    """Return the smallest lead with which what is said is right often enough."""
    spoken = best != ""
    for least in range(200):
        counted = spoken & (lead >= least)
        if counted.sum() == 0 or (best[counted] == said[counted]).mean() >= PRECISION:
            return least
    return 200


def learned(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the points of every field, as rules/learned.json has them, and print how what was left out is read."""
    signs, lane = Signs(items), 0
    fields, start, points = {}, [], {}
    for name in LEARNED:
        said = np.array([item["expected"].get(name, "") for item in items])
        best, lead = left_out(signs.matrix, said, np.array([item["writer"] for item in items]))
        lead *= signs.shares(name, best)
        least = enough(best, lead, said)
        print(_told(name, best, said, (best != "") & (lead >= least)), flush=True)
        model = fitted(signs.matrix, said)
        fields[name] = {"values": [value or None for value in model.classes_], "enough": least}
        start += [[lane + place, round(value * SCALE)] for place, value in enumerate(model.intercept_)]
        weights = np.rint(model.coef_ * signs.weights * SCALE).astype(int).T
        for sign, given in zip(signs.names, weights, strict=True):
            if np.abs(given).max() >= SMALLEST:
                kept = [[lane + place, int(value)] for place, value in enumerate(given) if abs(value) > SMALLEST // 3]
                points.setdefault(sign, []).extend(kept)
        lane += len(model.classes_)
    return {"corpus": digest(), "fields": fields, "start": start, "points": dict(sorted(points.items()))}


def _told(name: str, best: np.ndarray, said: np.ndarray, spoken: np.ndarray) -> str:
    right = ((best == said) & spoken).sum()
    return f"{name:<20} precision {right / spoken.sum():.3f}  recall {right / (said != '').sum():.3f}"


def main() -> None:
    """Learn, say how well what was left out is read, and write."""
    TARGET.write_bytes(orjson.dumps(learned(descriptions())) + b"\n")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
