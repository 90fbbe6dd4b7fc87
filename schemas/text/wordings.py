"""From a phrase as the lexicon writes it to the wordings that are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from schemas.text.tokens import tokens_of

_MARKS = re.compile(r"([()|])")
_PLAIN = re.compile(r"[a-z]+(?: [a-z]+)*")
_BRITISH = re.compile(r"(?<=[a-z]{3})is(e|es|ed|er|ing|ation)\b")


def wordings_of(phrase: str, classes: Mapping[str, str]) -> list[str]:
    """Return every wording of a phrase: of each `(a|b)` and `<class>` in it, each alternative."""
    for name, words in classes.items():
        phrase = phrase.replace(name, f"({words})")
    return _alternatives(iter(_MARKS.split(phrase)))


def _alternatives(parts: Iterator[str]) -> list[str]:
    """Return the wordings up to the parenthesis that closes, or the end."""
    done: list[str] = []
    wordings = [""]
    for part in parts:
        if part == ")":
            break
        if part == "|":
            done, wordings = done + wordings, [""]
        else:
            more = _alternatives(parts) if part == "(" else [part]
            wordings = [wording + word for wording in wordings for word in more]
    return done + wordings


def forms_of(wordings: Iterable[str], *, plural: bool) -> set[str]:
    """Return wordings as they stand in a normalised text, in British and American spelling, with their plurals."""
    forms = {wording if _PLAIN.fullmatch(wording) else " ".join(tokens_of(wording).words) for wording in wordings}
    forms |= {_BRITISH.sub(r"iz\1", form) for form in forms if "is" in form}
    return forms | {_plural(form) for form in forms if form[-1:].isalpha() and form[-1] != "s"} if plural else forms


def _plural(form: str) -> str:
    return f"{form[:-1]}ies" if form[-1] == "y" and form[-2:-1] not in "aeiou" else f"{form}s"


def heads_of(wordings: Iterable[str]) -> dict[str, list[list[str]]]:
    """Return the wordings of the head of a phrase: by their first word, the words that follow it."""
    heads: dict[str, list[list[str]]] = {}
    for form in sorted(forms_of(wordings, plural=False)):
        first, *rest = form.split()
        heads.setdefault(first, []).append(rest)
    return heads
