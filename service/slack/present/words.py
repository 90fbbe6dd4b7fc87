"""How an answer's parts are said: roles, fields, values, ratios and points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.vocabulary import FIELD_BY_NAME, ROLE_TITLES, ROLES, Number
from service.report import said

Json = dict[str, Any]

SHORT = {"data_scientist": "DS", "ml_engineer": "MLE"}
LEANS = {role: f"leans to {title}s" for role, title in ROLE_TITLES.items()} | {"balanced": "is balanced"}
UNNAMED = "Staffing recommendation"
_PLAIN = {"true": "yes", "false": "no", "none": "none"}
_GROUPS = ("deployment.", "governance.", "team.", "budget.", "schedule.")


def label(name: str) -> str:
    """A field's name in a sentence."""
    for role, title in ROLE_TITLES.items():
        name = name.replace(role, f"{title}s")
    short = name
    for group in _GROUPS:
        short = short.removeprefix(group)
    return {"size": "team size", "start": "starts", "weeks": "weeks to run"}.get(
        short, short.replace(".", " ").replace("_", " ")
    )


def pair(name: str, value: object) -> str:
    """A field and its value, as `peak rps: 900`."""
    return f"{label(name)}: {value_said(value)}"


def value_said(value: object) -> str:
    """A value of the contract, or the text of one, in a sentence."""
    return _PLAIN.get(str(value).lower()) or said(value)


def matched(values: Mapping[str, object]) -> str:
    """The inputs that fired a rule."""
    return ", ".join(pair(name, value) for name, value in values.items()) or "always"


def points(number: int) -> str:
    """Points with their sign, as a minus that a screen reader says."""
    return f"+{number}" if number > 0 else f"−{-number}" if number else "0"


def possible(field: str, answer: Json) -> str:
    """One answer that a question may be given; of a number, its band."""
    if (band := answer.get("band")) is None:
        return value_said(answer["to"])
    question = FIELD_BY_NAME.get(field)
    unit = f" {question.unit}" if isinstance(question, Number) else ""
    low, high = band["min"], band["max"]
    if isinstance(question, Number) and question.integer and high is not None:
        first, last = low or 0, high - 1
        return f"{first:g}{unit}" if first == last else f"{first:g} to {last:g}{unit}"
    if low is None or (low == 0 and high is not None):
        return f"under {high:g}{unit}"
    return f"{low:g} or more{unit}" if high is None else f"{low:g} to under {high:g}{unit}"


def headline(answer: Json) -> str:
    """The lean and the ratio, roles spelled out."""
    terms = zip(answer["ratio"]["text"].split(":"), ROLES, strict=True)
    ours, theirs = (f"{term} {ROLE_TITLES[role]}{'' if term == '1' else 's'} ({SHORT[role]})" for term, role in terms)
    return f"The work {LEANS[answer['lean']]}: {ours} to {theirs}."


def spread(answer: Json) -> str:
    """The range of the ratio, and how sure the lean is."""
    ratio = answer["ratio"]
    return (
        f"Range: {ratio['low']:g} to {ratio['high']:g} DS for each MLE, were judgement off by a step. "
        f"The lean holds with {answer['confidence']:.0%} confidence."
    )


def headcount(answer: Json) -> str:
    """The people, what their number rests on, and whom to hire."""
    people = answer["headcount"]
    said_by = f"suggested: {people['because']}" if people["suggested"] else f"from {label(people['basis'])}"
    split = f"{people['data_scientist']:g} DS and {people['ml_engineer']:g} MLE"
    lines = f"{people['total']:g} people in full-time equivalents ({said_by.rstrip('.')}): {split}."
    if people["hire"]:
        lines += "".join(
            f" {verb}: {people[kind]['data_scientist']:g} DS, {people[kind]['ml_engineer']:g} MLE."
            for verb, kind in (("To hire", "hire"), ("Surplus", "surplus"))
            if any(people[kind].values())
        )
    return lines


def in_brief(answer: Json) -> str:
    """The whole answer in a sentence, for notifications and screen readers."""
    return f"{answer['name'] or UNNAMED}. {headline(answer)} {headcount(answer)}"
