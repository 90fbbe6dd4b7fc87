"""Rulebooks of a few rules, to write by hand in a test."""

from collections.abc import Mapping, Sequence

from rules.model import ALWAYS, Claim, Condition, Rule, Rulebook, Scale, Sizing, Theme
from rules.vocabulary import PHASES, Answer

SCALE = Scale({"slight": 1, "moderate": 2, "strong": 3}, points_to_double=4, bound=8, balanced=2)
ALL_YEAR = dict.fromkeys(("one", "two", "three"), PHASES)
FOUR = Sizing(4, "Always.")

# As little as a project can say, and nothing of it a decision of the planner.
BARE: Mapping[str, Answer] = {"industry": "mining", "phase": "modeling", "deployment.pattern": "undecided"}


def rule(
    name: str,
    when: Condition = ALWAYS,
    raises: Mapping[str, str] = {},
    lowers: Mapping[str, str] = {},
    theme: str = "one",
) -> Rule:
    """A rule that acts on points."""
    return Rule(name, name.title(), "It is a test.", ("C1",), when, theme, raises, lowers)


def requiring(name: str, requires: Mapping[str, float], when: Condition = ALWAYS) -> Rule:
    """A rule that sets minimums."""
    return Rule(name, name.title(), "It is a test.", ("C1",), when, requires=requires)


def rulebook(
    rules: Sequence[Rule] = (),
    scale: Scale = SCALE,
    seasons: Mapping[str, Sequence[str]] = ALL_YEAR,
    sizing: Sequence[Sizing] = (FOUR,),
) -> Rulebook:
    """The rules under themes that count in full in the phases of `seasons`."""
    return Rulebook(
        name="small",
        version="1.0.0",
        title="A small rulebook",
        source="A test",
        scale=scale,
        phase_effort=dict(zip(PHASES, (15, 25, 20, 10, 15, 15), strict=True)),
        sizing=tuple(sizing),
        themes={name: Theme(name, name.title(), tuple(phases)) for name, phases in seasons.items()},
        claims={"C1": Claim("C1", "A section", 1, "A claim", "both")},
        rules=tuple(rules),
        digest="sha256:test",
    )
