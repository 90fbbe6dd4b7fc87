"""What a rulebook is: claims, themes, rules and the scale that turns points into a ratio. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.vocabulary import Answer


@dataclass(frozen=True, slots=True)
class Is:
    """The field is answered with one of `values` (for a list field: holds at least one of them)."""

    field: str
    values: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """The field is answered with a number from `minimum` (inclusive) up to `maximum` (exclusive); None is unbounded."""

    field: str
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds. `All(())` always holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is known not to hold: an unanswered field meets neither a condition nor its negation."""

    part: Condition


Condition = Is | Within | All | Any | Not
ALWAYS = All(())


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of the source, in our words, with where it stands there. Paragraphs count from 1 under `section`."""

    id: str
    section: str
    paragraph: int
    says: str
    role: str  # a role, or "both"


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a magnitude comes from: `article` (a direction), `published` (then `source` names it) or `judgement`."""

    kind: str = "judgement"
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """A family of rules in which a role's strongest raise and strongest lower count; in full in `phases`."""

    id: str
    title: str
    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """Something to look for in a role: `kind` is skills, education or responsibilities."""

    role: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Consideration:
    """Work or a caution that the plan must not forget, and the role that owns it (`both` when shared).

    `as_of` (ISO date) marks a statement about law, which is no legal advice.
    """

    owner: str
    text: str
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when it holds, what it does, why, and which claims it carries.

    `raises` and `lowers` give a role a named strength; `requires` sets a minimum in
    FTE and never touches points; `warns` names a contradiction. `line` is where it
    stands in the rulebook's file.
    """

    id: str
    title: str
    because: str
    claims: tuple[str, ...]
    when: Condition = ALWAYS
    theme: str | None = None
    raises: Mapping[str, str] = field(default_factory=dict)
    lowers: Mapping[str, str] = field(default_factory=dict)
    requires: Mapping[str, float] = field(default_factory=dict)
    profiles: tuple[ProfileEntry, ...] = ()
    considers: tuple[Consideration, ...] = ()
    warns: str | None = None
    basis: Basis = Basis()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Sizing:
    """A team size, in FTE of both roles together, to suggest when none is given; the first row that holds is used."""

    size: float
    because: str
    when: Condition = ALWAYS
    basis: Basis = Basis()


@dataclass(frozen=True, slots=True)
class Expectation:
    """A declared direction: all else equal, more of `field` never moves net in favour of the role `never_favours`.

    `order` lists a choice's values from less to more; a number rises by itself, a flag from false to true.
    """

    id: str
    says: str
    field: str
    never_favours: str
    claims: tuple[str, ...]
    order: tuple[Answer, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Scale:
    """How points become odds: `ratio = 2 ** (net / points_to_double)`, net held within ±`bound`.

    Lean is `balanced` while |net| <= `balanced`. `strengths` orders the words from weakest to strongest.
    """

    strengths: Mapping[str, int]
    points_to_double: int
    bound: int
    balanced: int
    basis: Mapping[str, Basis] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A whole rulebook. `digest` is the SHA-256 of the file it was read from, `sha256:` and hexadecimal."""

    name: str
    version: str
    title: str
    source: str
    scale: Scale
    phase_effort: Mapping[str, int]
    sizing: tuple[Sizing, ...]
    themes: Mapping[str, Theme]
    claims: Mapping[str, Claim]
    rules: tuple[Rule, ...]
    expectations: tuple[Expectation, ...] = ()
    digest: str = ""
