"""Numbers in a text, in digits or words, with the multipliers people type: 1,800,000, 1.8m, 4k, twenty-five, half a."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_OF = {"half": 0.5, "couple": 2, "dozen": 12}  # half a, a couple of
_WORDS = _UNITS | _TENS | _OF | {"hundred": 100, "thousand": 1000, "million": 10**6}
_TIMES = {
    "hundred": 10**2, "k": 10**3, "thousand": 10**3, "m": 10**6, "mm": 10**6, "mn": 10**6, "mio": 10**6, "mil": 10**6,
    "million": 10**6, "millions": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9,
}  # fmt: skip
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")  # 1,800,000.50
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?")  # 1.800.000,50; one group alone is a fraction
_LONGEST = 20  # characters of a number that counts something


@dataclass(frozen=True, slots=True)
class Number:
    """A number and its first and last word."""

    value: float
    first: int
    last: int


def numbers_in(words: list[str]) -> list[Number]:
    """Return the numbers of a normalised text, in order."""
    found: list[Number] = []
    for place in [place for place, word in enumerate(words) if word in _WORDS or "0" <= word[0] <= "9"]:
        if (not found or place > found[-1].last) and (number := _number(words, place)):
            found.append(number)
    return found


def _number(words: list[str], first: int) -> Number | None:
    word, last = words[first], first
    value = _WORDS.get(word)
    if value is None and (value := _digits(word)) is None:
        return None
    if word in _TENS and _at(words, last + 1) in _UNITS:
        last += 1
        value += _UNITS[words[last]]
    if words[last + 1 : last + 4] == ["and", "a", "half"]:
        last, value = last + 3, value + 0.5
    while (times := _TIMES.get(_at(words, last + 1))) and value < 10**15:
        last, value = last + 1, value * times
    if word in _OF and _at(words, last + 1) in ("a", "an", "of"):
        last += 1
    return Number(int(value) if value == int(value) else round(value, 6), first, last)


def _at(words: list[str], place: int) -> str:
    return words[place] if place < len(words) else ""


def _digits(word: str) -> float | None:
    """Return what digits with points and commas stand for: groups of three are thousands, else a comma is a point."""
    if len(word) > _LONGEST:
        return None
    if _COMMAS.fullmatch(word):
        return float(word.replace(",", ""))
    if _POINTS.fullmatch(word):
        return float(word.replace(".", "").replace(",", "."))
    plain = word.replace(",", ".")
    return float(plain) if plain.count(".") <= 1 else None
