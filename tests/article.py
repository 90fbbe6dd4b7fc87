"""The rulebook that the service ships with, as the service reads it."""

from functools import cache
from pathlib import Path
from random import Random

import rules
from rules.engine import Engine
from rules.model import Rulebook
from rules.project import Project
from rules.space import Axis
from schemas.rulebook import load_rulebook

PATH = Path(rules.__file__).with_name("article.yaml")


@cache
def article() -> Rulebook:
    """Return the article's rulebook, read once."""
    return load_rulebook(PATH.read_text(encoding="utf-8"), filename=PATH.name)


@cache
def engine() -> Engine:
    """Return the article's rulebook made ready to decide."""
    return Engine(article())


def cells(axis: Axis) -> range:
    """Return the field's cells: a required one is always answered, for the others silence is a cell like any."""
    return range(1 if axis.field.required else 0, len(axis.cells))


def sampled(number: int, seed: int = 0) -> list[Project]:
    """Return so many projects, their cells drawn uniformly."""
    random, axes = Random(seed), engine().scorecard.axes
    drawn = ({axis.field.name: axis.cells[random.choice(cells(axis))].value for axis in axes} for _ in range(number))
    return [Project({name: value for name, value in one.items() if value is not None}) for one in drawn]
