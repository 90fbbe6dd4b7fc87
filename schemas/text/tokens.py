"""A text as words with their places: what phrases, cues and quantities are found in.

Hyphens, underscores and case carry no meaning (`Real-Time` is `real time`), digits part
from letters (`p99` is `p 99`), and punctuation stays as words of its own, so that no
phrase reaches across it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ENDS = frozenset(".;!?\n")  # of sentences


def _words(letter: str) -> re.Pattern[str]:
    kinds = (
        rf"{letter}{{3,}}(?:['’]{letter}+)*",  # isn't
        rf"(?<![^\W_])(?![pP][0-9]){letter}{{1,2}}[0-9]+[^\W_]*",  # a name: k8s is no 8 s; but p99 is a percentile
        rf"{letter}{{1,2}}(?:\+\+|\#|(?:['’]{letter}+)*)",  # c++, c#, we'll
        r"[0-9]+(?:[.,][0-9]+)*",
        rf"[,:()\n;!?€$£%~<>≤≥&/+]|(?<![\s.(]{letter})\.(?!\w)",  # no full stop in e.g.
        r"(?<=[0-9])[-–](?=[0-9])|(?<!\S)-+(?!\S)|[–—]",  # a range, or a dash between clauses
    )
    return re.compile(rf"[ \t]*({'|'.join(kinds)})")  # the gap is matched too: it is quicker than looking past it


_ANY, _ASCII = _words(r"[^\W0-9_]"), _words("[a-z]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text, normalised, and where each stands in the original, in code points."""

    words: list[str]
    spans: list[tuple[int, int]]


def tokens_of(text: str) -> Tokens:
    """Return the words of a text; never fails, whatever the language."""
    if text.isascii():  # most are; lower case then keeps its length and can be taken at once
        text = text.lower()
        spans = [match.span(1) for match in _ASCII.finditer(text)]
        words = [text[start:end] for start, end in spans]
    else:
        spans = [match.span(1) for match in _ANY.finditer(text)]
        words = [text[start:end].casefold().replace("’", "'") for start, end in spans]
    words = [word[:-2] if word[-2:] == "'s" else word for word in words]
    return Tokens(words, spans)
