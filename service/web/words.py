"""How the page says fields, values, people, ratios and points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log

from rules.vocabulary import FIELD_BY_NAME, ROLE_TITLES, Number

PLURALS = {role: f"{title}s" for role, title in ROLE_TITLES.items()}
OWNERS = {**PLURALS, "both": "both roles"}
LEANS = {role: f"leans to {many}" for role, many in PLURALS.items()} | {"balanced": "is balanced between the roles"}

LABELS = {
    "name": "Name of the project",
    "reference": "Your reference",
    "description": "Describe the project",
    "industry": "Industry",
    "phase": "Phase now",
    "goal": "Goal",
    "deployment.pattern": "Delivery",
    "deployment.latency_ms_p99": "Latency of 99 % of answers",
    "deployment.peak_rps": "Requests at the peak",
    "deployment.availability_pct": "Availability",
    "deployment.users": "Users",
    "deployment.models_in_production": "Models in production",
    "deployment.retraining": "Retraining",
    "deployment.serving_platform": "Serving platform",
    "deployment.integrations": "Integrations",
    "model.status": "Model so far",
    "model.origin": "Origin of the model",
    "model.family": "Family of model",
    "data.volume": "Amount of data",
    "data.quality": "Quality of the data",
    "data.sensitivity": "Sensitivity of the data",
    "governance.regulated": "Regulated",
    "governance.affects_people": "Decides about people",
    "mlops_level": "MLOps level",
    "audience": "Explained to",
    "languages": "Languages",
    "team.size": "Team size",
    "team.increment": "Smallest part of a person",
    "team.existing.data_scientist": "Data scientists today",
    "team.existing.ml_engineer": "ML engineers today",
    "budget.amount": "Budget in all",
    "budget.currency": "Currency",
    "budget.annual_cost.data_scientist": "A data scientist's year",
    "budget.annual_cost.ml_engineer": "An ML engineer's year",
    "schedule.start": "Starts on",
    "schedule.weeks": "Runs for",
}
UNITS = {name: item.unit for name, item in FIELD_BY_NAME.items() if isinstance(item, Number)} | {
    "team.size": "people",
    "team.existing.data_scientist": "people",
    "team.existing.ml_engineer": "people",
    "schedule.weeks": "weeks",
}
_VALUES: Mapping[tuple[str, str], str] = {
    ("phase", "business_and_data_understanding"): "business understanding",
    ("phase", "monitoring_and_maintenance"): "monitoring",
    ("deployment.pattern", "none"): "nothing deployed",
    ("deployment.retraining", "none"): "never",
    ("model.status", "none"): "no model yet",
    ("mlops_level", "0"): "0, by hand",
    ("mlops_level", "1"): "1, automated training",
    ("mlops_level", "2"): "2, automated delivery",
    ("model.family", "classical_ml"): "classical ML",
    ("data.volume", "mb"): "megabytes",
    ("data.volume", "gb"): "gigabytes",
    ("data.volume", "tb"): "terabytes",
    ("data.volume", "pb"): "petabytes",
    ("team.increment", "1"): "a whole person",
    ("team.increment", "0.5"): "half a person",
    ("team.increment", "0.25"): "a quarter of a person",
}
_CAPITAL = ("r", "sql", "sas", "matlab", "c", "c++", "c#")
_ANY = {"true": "yes", "false": "no", "none": "not said"}
_TERMS = range(1, 9)


def label(name: str) -> str:
    """A field's name as the form has it."""
    return LABELS.get(name, name.replace(".", " ").replace("_", " "))


def value(name: str, said: object) -> str:
    """A field's value in a sentence, with its unit."""
    if isinstance(said, list | tuple):
        return ", ".join(value(name, one) for one in said) or "none"
    if isinstance(said, int | float) and not isinstance(said, bool) and name in UNITS:
        return f"{number(said)} {UNITS[name]}".replace(" %", " %")
    text = str(said).lower()
    if name == "languages":
        return text.upper() if text in _CAPITAL else text.capitalize()
    return _VALUES.get((name, text)) or _ANY.get(text) or text.replace("_", " ")


def band(name: str, answer: Mapping[str, object]) -> str:
    """A value to change to; of a number, the band that it stands for."""
    limits = answer.get("band")
    if not isinstance(limits, Mapping):
        return value(name, answer["to"])
    low, high, unit = limits["min"], limits["max"], f" {UNITS[name]}" if name in UNITS else ""
    if low is None and high is None:
        return f"any number of{unit}"
    if high is None:
        return f"{number(low)}{unit} or more"
    return f"under {number(high)}{unit}" if not low else f"{number(low)} to under {number(high)}{unit}"


def number(amount: float) -> str:
    """A number as people write it."""
    return f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}".rstrip("0")


def grouped(digits: str) -> str:
    """A long whole number, said in text, with its thousands apart."""
    return f"{int(digits):,}"


def money(amount: str, currency: str | None) -> str:
    """A sum of money, to the unit."""
    return f"{round(float(amount)):,} {currency or ''}".strip()


def points(amount: int) -> str:
    """Points with their sign, as a minus that is read out."""
    return f"+{amount}" if amount > 0 else f"−{-amount}" if amount else "0"


def head(role: str, amount: float) -> str:
    """So many people of a role."""
    return f"{number(amount)} {ROLE_TITLES[role] if amount == 1 else PLURALS[role]}"


def people(amount: float) -> str:
    """So many people of both roles."""
    return f"{number(amount)} {'person' if amount == 1 else 'people'}"


def both(seats: Mapping[str, float]) -> str:
    """The people of each role."""
    return listed(head(role, seats[role]) for role in PLURALS)


def listed(parts: Iterable[str]) -> str:
    """Parts of a sentence."""
    return " and ".join(parts)


def ratio(text: str) -> str:
    """A ratio in words."""
    ours, theirs = text.split(":")
    if ours == theirs:
        return "as many data scientists as ML engineers"
    return f"{ours} data scientist{'s' * (ours != '1')} to {theirs} ML engineer{'s' * (theirs != '1')}"


def as_ratio(amount: float) -> str:
    """The ratio of a value: the nearest fraction, in logarithms, whose terms are both at most 8."""
    pairs = ((abs(log(a / b / amount)), a + b, f"{a}:{b}") for a in _TERMS for b in _TERMS)
    return min(pairs)[2]


def matched(values: Mapping[str, object]) -> str:
    """The inputs that fired a rule."""
    return (
        "; ".join(f"{label(name)}: {value(name, said)}" for name, said in values.items()) or "holds for every project"
    )


def changed(name: str, before: object, answer: Mapping[str, object]) -> str:
    """A change of one answer."""
    now = "open" if before is None else value(name, before)
    return f"{label(name)} from {now} to {band(name, answer)}"
