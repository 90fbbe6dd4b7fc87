"""Free text read as the fields of a request: what it says, in which words, how surely, and what was set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from rules.vocabulary import Answer
from schemas.contract import nested
from schemas.text.candidates import CONFIDENCES, LIKELY, Candidate, chosen, in_range
from schemas.text.learned import completed, signs_of, the_learned
from schemas.text.lexicon import Lexicon, the_lexicon
from schemas.text.numbers import numbers_in
from schemas.text.people import people_in
from schemas.text.phrases import matches_in
from schemas.text.quantities import quantities_in
from schemas.text.scope import scopes_of
from schemas.text.spelling import repaired
from schemas.text.tokens import Tokens, tokens_of

LONGEST = 20_000  # characters of a text


class Found(NamedTuple):
    """A value that the text says, and the words that say it: `words == text[start:end]`, in code points.

    `confidence` is `high` where the words name the value, `medium` where they imply it, were
    misspelt, another value was said as well, or the whole text speaks clearly for it, `low` where
    they only hint at it.
    """

    field: str
    value: Answer
    start: int
    end: int
    words: str
    confidence: str


class SetAside(NamedTuple):
    """A value that words speak of but that the text does not say of this project now, and why.

    `why` is `negated`, `conditional`, `future`, `someone_else`, `overridden` (by a value said
    more clearly, by the whole text, or of the past), `ambiguous` (no rule prefers it or the other,
    or the rest of the text does not bear it out) or `out_of_range`.
    """

    field: str
    value: Answer
    start: int
    end: int
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a text says, in the contract's order, and what was set aside, in the text's."""

    fields: tuple[Found, ...]
    set_aside: tuple[SetAside, ...]

    def values(self) -> dict[str, Any]:
        """Return the values by dotted name, as `load_values` takes them."""
        values: dict[str, Any] = {}
        for found in self.fields:
            if found.field == "languages":
                values.setdefault(found.field, []).append(found.value)
            else:
                values[found.field] = found.value
        return values

    def document(self) -> dict[str, Any]:
        """Return the values as a request document lays them out."""
        return nested(self.values())


def interpret(text: str) -> Interpretation:
    """Return what a text says; any text has an answer, in time proportional to its length."""
    tokens, said, aside = _phrases(text, the_lexicon())
    return _interpretation(text, tokens, *completed(tokens.words, said, aside, the_learned()))


def phrases_of(text: str, lexicon: Lexicon | None = None) -> Interpretation:
    """Return what the phrases of a lexicon and the numbers say by themselves."""
    return _interpretation(text, *_phrases(text, lexicon or the_lexicon()))


def signs_in(text: str) -> set[str]:
    """Return all that may give the values of a text's fields points."""
    tokens, said, aside = _phrases(text, the_lexicon())
    return signs_of(tokens.words, said, aside)


def _phrases(text: str, lexicon: Lexicon) -> tuple[Tokens, list[Candidate], list[Candidate]]:
    tokens = tokens_of(text)
    slips = repaired(tokens.words, lexicon)
    for place, word in slips.items():
        tokens.words[place] = word
    return tokens, *chosen(_candidates(tokens.words, slips, lexicon), lexicon.prefer)


def _interpretation(text: str, tokens: Tokens, said: list[Candidate], aside: list[Candidate]) -> Interpretation:
    fields = [_found(text, tokens, candidate) for candidate in said]
    return Interpretation(tuple(fields), tuple(_set_aside(text, tokens, candidate) for candidate in aside))


def _candidates(words: list[str], slips: Mapping[int, str], lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield every value that words speak of, with why it does not hold, if it doesn't."""
    matches = matches_in(words, lexicon)
    scopes = scopes_of(words, matches.cues)
    numbers = numbers_in(words)
    for match in matches.values:
        sense = match.sense
        if sense.confidence:
            slipped = bool(slips) and any(place in slips for place in range(match.first, match.last + 1))
            why = "negated" if match.denied else None
            said = Candidate(sense.name, sense.value, match.first, match.last, sense.confidence, why, slipped=slipped)
            yield scopes.judged(said)
    for candidate in quantities_in(words, numbers, matches.nouns, lexicon.contexts):
        yield in_range(scopes.judged(candidate))
    for candidate in people_in(words, numbers, matches.nouns, lexicon.contexts):
        yield in_range(scopes.judged(candidate))


def _found(text: str, tokens: Tokens, candidate: Candidate) -> Found:
    start, end = tokens.spans[candidate.first][0], tokens.spans[candidate.last][1]
    sure = min(candidate.confidence, LIKELY) if candidate.slipped else candidate.confidence
    return Found(candidate.field, candidate.value, start, end, text[start:end], CONFIDENCES[sure - 1])


def _set_aside(text: str, tokens: Tokens, candidate: Candidate) -> SetAside:
    start, end = tokens.spans[candidate.first][0], tokens.spans[candidate.last][1]
    return SetAside(candidate.field, candidate.value, start, end, text[start:end], candidate.why or "")
