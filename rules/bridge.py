"""Where one role has people over and the other is short: what the two share, so that some of them can help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rules.model import Rulebook
from rules.project import Project
from rules.vocabulary import LANGUAGES, ROLE_TITLES, ROLES

Json = dict[str, Any]
_WORD = re.compile(r"[a-z0-9+#]+")


class Bridges:
    """What the rulebook's claims say that both roles can do, made once: the languages that both write."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._shared = list(_shared(rulebook))

    def across(
        self, project: Project, hire: Mapping[str, float], surplus: Mapping[str, float], profiles: Json
    ) -> Json | None:
        """The help that people over in one role can give the other; None where neither or only one is the case.

        The helpers stay in their role: hire and surplus are not changed by it.
        """
        over, short = (next((role for role in ROLES if by[role] > 0), None) for by in (surplus, hire))
        if over is None or short is None:
            return None
        fte, wanted = min(surplus[over], hire[short]), project.answers.get("languages")
        covers = [one for one in self._shared if not isinstance(wanted, tuple) or one["skill"].lower() in wanted]
        return {
            "from": over,
            "to": short,
            "fte": fte,
            "covers": covers,
            "core_skills": profiles[short]["skills"],
            "note": _note(over, short, fte, ", ".join(one["skill"] for one in covers)),
        }


def _note(over: str, short: str, fte: float, skills: str) -> str:
    have, lack = (f"{ROLE_TITLES[role]}s" for role in (over, short))
    if not skills:
        return f"No language that {have} and {lack} share is among those set, so the {have} who are over cannot help."
    return (
        f"{fte} FTE of the {have} who are over can help the {lack} with what needs no more than {skills}. They are "
        f"not counted as {lack}, whose core skills are their own: the roles overlap but are not interchangeable."
    )


def _shared(rulebook: Rulebook) -> Iterator[Json]:
    """Each language that a claim about either role names, with those claims."""
    for language in LANGUAGES:
        naming = [claim for claim in rulebook.claims.values() if language in _WORD.findall(claim.says.lower())]
        if {claim.role for claim in naming} >= set(ROLES):
            claims = [{"id": claim.id, "section": claim.section, "paragraph": claim.paragraph} for claim in naming]
            yield {"skill": language.title() if len(language) > 3 else language.upper(), "claims": claims}
