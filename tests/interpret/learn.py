"""Learn the points of words from the descriptions in corpus/training, and write rules/learned.json.

    make interpret-learn

A field's points are the weights of a linear support-vector classifier over the signs that occur at least thrice, rarer
signs weighing more (by their inverse document frequency), each text as long as any other. How big a lead is enough is
found by cross-validation: what is said of descriptions whose writers were left out is to be right often enough, and
the least likely value that is still said is as likely in one field as in another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from schemas.text.interpretation import signs_in
from schemas.text.learned import LEARNED
from tests.interpret.training import descriptions, digest

TARGET = Path(__file__).parents[2] / "rules" / "learned.json"
PRECISION = 0.97  # of what is said; less is reached with texts of another origin
FOLDS = 5
STRENGTH = 0.03  # of fitting against keeping weights small
SCALE = 50  # points for a margin of one, in a text of one sign
START = 5  # what a sign that every text has weighs
RAREST = 3
DENIED = 3  # as much as so many others counts a description that denies a value of the field


class Signs:
    """Descriptions as rows of a sparse matrix, a column a sign and the last for the start that all of them have."""

    def __init__(self, items: list[dict[str, Any]]) -> None:
        rows = [set(_signs(item)) for item in items]
        counts = Counter(name for row in rows for name in row)
        self.names = sorted(name for name, count in counts.items() if count >= RAREST)
        rarity = [1 + log((1 + len(items)) / (1 + counts[name])) for name in self.names]
        self.weights = np.array([*rarity, START])
        columns = {name: place for place, name in enumerate(self.names)}
        cells = [(row, columns[name]) for row, names in enumerate(rows) for name in sorted(names) if name in columns]
        where = np.array(cells).T
        ones = csr_matrix((np.ones(len(cells)), (where[0], where[1])), (len(items), len(self.names)))
        shortened = diags([1 / (len(row) or 1) ** 0.5 for row in rows])
        self.matrix = (shortened @ hstack([ones, np.ones((len(items), 1))]) @ diags(self.weights)).tocsr()


def _signs(item: dict[str, Any]) -> Iterator[str]:
    """Yield a description's signs, its phrases only if they are no better there than elsewhere."""
    return (sign for sign in signs_in(item["text"]) if "=" not in sign or item["fresh"])


def _denies(item: dict[str, Any], field: str) -> bool:
    return any(denied["field"] == field for denied in item["negated"])


def fitted(matrix: Any, said: np.ndarray, weights: np.ndarray) -> LinearSVC:
    return LinearSVC(C=STRENGTH, fit_intercept=False, random_state=0).fit(matrix, said, sample_weight=weights)


@dataclass(frozen=True)
class LeftOut:
    """What is read of a field's descriptions, each by what was learned from other writers alone."""

    said: np.ndarray
    best: np.ndarray  # the value with most points, "" for nothing said
    lead: np.ndarray

    @property
    def spoken(self) -> np.ndarray:
        return self.best != ""

    @property
    def right(self) -> np.ndarray:
        return self.best == self.said

    def likely(self) -> np.ndarray:
        """Return how likely each spoken value is right, by its lead; of equals the one with more lead is likelier."""
        lead, right = self.lead[self.spoken], self.right[self.spoken]
        return IsotonicRegression(out_of_bounds="clip").fit(lead, right).predict(lead) + lead * 1e-6


def left_out(matrix: Any, said: np.ndarray, weights: np.ndarray, writers: np.ndarray) -> LeftOut:
    """Read every description by what was learned from other writers."""
    best, lead = np.empty(len(said), object), np.zeros(len(said))
    for rest, part in GroupKFold(FOLDS).split(said, groups=writers):
        model = fitted(matrix[rest], said[rest], weights[rest])
        points = model.decision_function(matrix[part])
        order = np.argsort(points, axis=1)
        best[part] = model.classes_[order[:, -1]]
        ranked = np.take_along_axis(points, order, 1)
        lead[part] = ranked[:, -1] - ranked[:, -2]
    return LeftOut(said, best, lead)


def enough(fields: dict[str, LeftOut]) -> dict[str, int]:
    """Return by field the smallest lead, in points, with which all that is said is right often enough."""
    by_field = {name: field.likely() for name, field in fields.items()}
    likely = np.concatenate(list(by_field.values()))
    right = np.concatenate([field.right[field.spoken] for field in fields.values()])[np.argsort(-likely)]
    share = np.cumsum(right) / np.arange(1, len(right) + 1)
    least = np.sort(likely)[::-1][np.flatnonzero(share >= PRECISION)[-1]]
    leads = {name: field.lead[field.spoken][by_field[name] >= least].min() for name, field in fields.items()}
    return {name: max(1, round(lead * SCALE)) for name, lead in leads.items()}


def learned(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the points of every field, as rules/learned.json has them, and print how what was left out is read."""
    signs, writers = Signs(items), np.array([item["writer"] for item in items])
    said = {name: np.array([item["expected"].get(name, "") for item in items]) for name in LEARNED}
    weights = {name: np.array([DENIED if _denies(item, name) else 1 for item in items]) for name in LEARNED}
    fields = {name: left_out(signs.matrix, values, weights[name], writers) for name, values in said.items()}
    least = enough(fields)
    for name, field in fields.items():
        print(_told(name, field, field.spoken & (field.lead * SCALE >= least[name])), flush=True)
    models = {name: fitted(signs.matrix, values, weights[name]) for name, values in said.items()}
    points = np.vstack([np.rint(model.coef_ * signs.weights * SCALE).astype(int) for model in models.values()]).T
    *rows, start = points.tolist()
    values = {name: [value or None for value in model.classes_] for name, model in models.items()}
    return {
        "corpus": digest(),
        "fields": {name: {"values": values[name], "enough": least[name]} for name in LEARNED},
        "start": start,
        "points": dict(zip(signs.names, rows, strict=True)),
    }


def _told(name: str, field: LeftOut, spoken: np.ndarray) -> str:
    right = (field.right & spoken).sum()
    return f"{name:<20} precision {right / spoken.sum():.3f}  recall {right / (field.said != '').sum():.3f}"


def main() -> None:
    """Learn, say how well what was left out is read, and write."""
    TARGET.write_bytes(orjson.dumps(learned(descriptions())) + b"\n")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
