"""Projects to measure with: drawn with a seed, so that no two runs differ and no answer is met twice."""

from __future__ import annotations

from random import Random

from rules.project import Project, Team
from rules.scorecard import Scorecard
from rules.vocabulary import Answer


def draw(scorecard: Scorecard, count: int, seed: int = 1) -> list[Project]:
    """So many projects, each optional question answered with an even chance."""
    random = Random(seed)
    return [Project(_answers(scorecard, random), Team(size=random.randint(2, 40))) for _ in range(count)]


def _answers(scorecard: Scorecard, random: Random) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for axis in scorecard.axes:
        value = axis.cells[random.choice(axis.answers)].value
        if value is not None and (axis.field.required or random.random() < 0.5):
            answers[axis.field.name] = value
    return answers
