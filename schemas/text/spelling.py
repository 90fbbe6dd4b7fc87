"""Typing slips in long words, put right before phrases are matched."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from schemas.text.lexicon import Lexicon

_SHORTEST = 7  # letters of a word whose spelling may be repaired
_TWO_SLIPS = 11  # letters from which a second slip is forgiven


def repaired(words: list[str], lexicon: Lexicon) -> dict[int, str]:
    """Return, by place, the lexicon's word for each word that misspells one.

    A slip is a letter missing, added, wrong or swapped with its neighbour, but never the
    first or the last, which endings and most false friends change (validate, validated).
    What the lexicon knows is spelled right: its own words, and lookalikes that it lists.
    """
    known = lexicon.known
    suspects = [(i, word) for i, word in enumerate(words) if len(word) >= _SHORTEST and word not in known]
    found = ((i, _meant(word, lexicon.repairable.get(word[0] + word[-1], ()))) for i, word in suspects)
    return {i: meant for i, meant in found if meant}


@lru_cache(maxsize=4096)
def _meant(word: str, candidates: tuple[str, ...]) -> str | None:
    if not candidates or len(word) > 30:
        return None
    slips = 2 if len(word) >= _TWO_SLIPS else 1
    found = process.extractOne(word, candidates, scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found else None
