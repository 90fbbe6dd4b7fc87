"""Numbers with what they count or measure, read as the fields that hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from rules.vocabulary import Answer
from schemas.text.candidates import HINTED, LIKELY, SURE, Candidate
from schemas.text.numbers import Number
from schemas.text.phrases import Match

_MS = {"microseconds": 0.001, "milliseconds": 1, "seconds": 1000, "minutes": 60_000}
_RATES = {"a_second": 1, "a_minute": 60, "an_hour": 3600, "a_day": 86_400, "a_week": 604_800, "a_month": 2_592_000}
_WEEKS = {"days": 1 / 7, "weeks": 1, "months": 52 / 12, "quarters": 13, "years": 52}
_MB = {"megabytes": 1, "gigabytes": 10**3, "terabytes": 10**6, "petabytes": 10**9}
_OTHER_DOLLARS = {"a": "australian_dollars", "c": "canadian_dollars", "us": "dollars"}
_CURRENCIES = {
    "euros": "EUR",
    "dollars": "USD",
    "pounds": "GBP",
    "francs": "CHF",
    "australian_dollars": "AUD",
    "canadian_dollars": "CAD",
}
_COUNTS = {
    "users": "deployment.users",
    "staff": "deployment.users",
    "models": "deployment.models_in_production",
    "systems": "deployment.integrations",
}
_COUNTED = frozenset({*_COUNTS, "people", "data_scientist", "ml_engineer", "other_role", "requests"})
_SIGNS = {
    "€": "euros",
    "eur": "euros",
    "$": "dollars",
    "usd": "dollars",
    "£": "pounds",
    "gbp": "pounds",
    "chf": "francs",
}
_CLASSES = (("pb", 10**9), ("tb", 10**6), ("gb", 10**3), ("mb", 0))  # of data, from so many MB
_COUNT_CONTEXTS = {"models": "production", "staff": "serves"}  # a count says the field only near such words
_LEAST_BUDGET = 1000
_AT_ONCE_MS = 10_000  # a limit up to which someone may be waiting
_FILLERS = 2  # words that may stand between a number and what it counts: "two senior data scientists"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, what it counts or measures (`unit`, a noun of the lexicon), and the words close around."""

    value: float
    unit: str
    first: int
    last: int
    before: list[str]
    after: list[str]

    def says(self, field: str, value: Answer, confidence: int) -> Candidate:
        """Return what these words say about a field."""
        return Candidate(field, value, self.first, self.last, confidence)


Contexts = Mapping[str, frozenset[str]]
Reader = Callable[[Quantity, Contexts], Iterator[Candidate]]


def quantities_in(
    words: list[str], numbers: list[Number], nouns: Mapping[int, Match], contexts: Contexts
) -> Iterator[Candidate]:
    """Yield what the numbers of a text say about its service levels, volumes, time and money."""
    for number in numbers:
        quantity = _quantity(number, words, nouns)
        reader = _READERS.get(quantity.unit)
        if reader:
            yield from reader(quantity, contexts)


def noun_after(last: int, words: list[str], nouns: Mapping[int, Match]) -> Match | None:
    """Return the noun that a number ending at `last` counts, with a few words or none between."""
    for place in range(last + 1, min(last + 2 + _FILLERS, len(words))):
        if place in nouns:
            noun = nouns[place]
            return noun if place == last + 1 or noun.sense.name in _COUNTED else None
        if not words[place].isalpha():
            return None
    return None


def _quantity(number: Number, words: list[str], nouns: Mapping[int, Match]) -> Quantity:
    first, last, unit = number.first, number.last, ""
    sign = _SIGNS.get(words[first - 1]) if first else None
    if sign:
        first, unit = first - 1, sign
        if sign == "dollars" and first and words[first - 1] in _OTHER_DOLLARS:
            first, unit = first - 1, _OTHER_DOLLARS[words[first - 1]]
    elif noun := noun_after(last, words, nouns):
        last, unit = noun.last, noun.sense.name
        rate = nouns.get(last + 1)
        if unit == "requests" and rate and rate.sense.name in _RATES:
            last, unit = rate.last, rate.sense.name
    return Quantity(number.value, unit, first, last, words[max(0, first - 6) : first], words[last + 1 : last + 6])


def _near(quantity: Quantity, context: frozenset[str]) -> bool:
    return not (context.isdisjoint(quantity.before) and context.isdisjoint(quantity.after))


def _latency(quantity: Quantity, contexts: Contexts) -> Iterator[Candidate]:
    if not contexts["not_latency"].isdisjoint(quantity.before[-3:] + quantity.after[:2]):
        return
    if _percentile(quantity.before) not in (None, "99"):
        return
    exact = quantity.unit.endswith("milliseconds") or _near(quantity, contexts["latency"])
    if exact:
        value = round(quantity.value * _MS[quantity.unit], 3)
        yield quantity.says("deployment.latency_ms_p99", value, SURE if "p" in quantity.before else LIKELY)
        if value <= _AT_ONCE_MS:
            yield _at_once(quantity)


def _percentile(before: list[str]) -> str | None:
    """Return the percentile last named: the 50 of "p50 12 ms"."""
    named = [after for word, after in pairwise(before) if word == "p"]
    return named[-1] if named else None


def _rate(quantity: Quantity, _: Contexts) -> Iterator[Candidate]:
    value = round(quantity.value / _RATES[quantity.unit], 3)
    yield quantity.says("deployment.peak_rps", value, SURE if quantity.unit == "a_second" else LIKELY)
    if value >= 1:
        yield _at_once(quantity)


def _at_once(quantity: Quantity) -> Candidate:
    """Return that answers come while someone waits, which a tight limit or a rate says unless a pattern is named."""
    return quantity.says("deployment.pattern", "real_time", HINTED)


def _percent(quantity: Quantity, contexts: Contexts) -> Iterator[Candidate]:
    near = _near(quantity, contexts["availability"])
    if 90 <= quantity.value <= 100 and (near or (quantity.value > 99 and not _near(quantity, contexts["accuracy"]))):
        yield quantity.says("deployment.availability_pct", quantity.value, SURE if near else LIKELY)


def _nines(quantity: Quantity, _: Contexts) -> Iterator[Candidate]:
    if quantity.value in range(1, 10):
        yield quantity.says("deployment.availability_pct", round(100 - 10 ** (2 - quantity.value), 7), SURE)


def _volume(quantity: Quantity, contexts: Contexts) -> Iterator[Candidate]:
    if contexts["memory"].isdisjoint(quantity.before[-2:] + quantity.after[:3]):
        size = quantity.value * _MB[quantity.unit]
        yield quantity.says("data.volume", next(name for name, least in _CLASSES if size >= least or least == 0), SURE)


def _weeks(quantity: Quantity, contexts: Contexts) -> Iterator[Candidate]:
    weeks = round(quantity.value * _WEEKS[quantity.unit])
    near = _near(quantity, contexts["schedule"])
    ours = contexts["not_schedule"].isdisjoint(quantity.before[-3:] + quantity.after[:3]) and quantity.after[:1] != [
        "of"
    ]
    if ours and weeks and (near or quantity.unit != "days"):
        yield quantity.says("schedule.weeks", weeks, SURE if near else LIKELY)


def _money(quantity: Quantity, contexts: Contexts) -> Iterator[Candidate]:
    near = _near(quantity, contexts["budget"])
    if quantity.value < _LEAST_BUDGET or (not near and (not quantity.unit or _near(quantity, contexts["not_budget"]))):
        return
    yield quantity.says("budget.amount", quantity.value, SURE if near else LIKELY)
    if quantity.unit:
        yield quantity.says("budget.currency", _CURRENCIES[quantity.unit], SURE if near else LIKELY)


def _count(quantity: Quantity, contexts: Contexts) -> Iterator[Candidate]:
    field = _COUNTS[quantity.unit]
    context = _COUNT_CONTEXTS.get(quantity.unit)
    if (
        (not context or _near(quantity, contexts[context]))
        and (quantity.unit != "staff" or quantity.value >= 10)
        and quantity.value == int(quantity.value)
    ):
        yield quantity.says(field, int(quantity.value), SURE)


_READERS: Mapping[str, Reader] = {
    "percent": _percent,
    "nines": _nines,
    "": _money,
    **dict.fromkeys(_MS, _latency),
    **dict.fromkeys(_RATES, _rate),
    **dict.fromkeys(_MB, _volume),
    **dict.fromkeys(_WEEKS, _weeks),
    **dict.fromkeys(_CURRENCIES, _money),
    **dict.fromkeys(_COUNTS, _count),
}
