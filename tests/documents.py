"""Documents of requests as Hypothesis draws them, from the contract's own table."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from schemas.contract import COSTS, WIRE, nested
from schemas.fields import Choice, Day, Flag, Many, Number, Strict

LINES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30)


def _values(name: str, field: Strict) -> st.SearchStrategy[Any]:
    """Return the strategy of what a field may be given."""
    match field:
        case Many():
            return st.lists(st.sampled_from([*field.inner.spellings]), max_size=5)
        case Choice():
            return st.sampled_from([*field.spellings])
        case Flag():
            return st.booleans()
        case Day():
            return st.dates(date(2000, 1, 1), date(2999, 1, 1)).map(date.isoformat)
        case Number():
            return _numbers(field)
    return st.sampled_from(["EUR", "usd"]) if name == "budget.currency" else LINES


def _numbers(field: Number) -> st.SearchStrategy[float]:
    if field.decimals is None:
        return st.floats(field.minimum, field.maximum)
    scale = 10**field.decimals
    whole = st.integers(int(field.minimum * scale), int(field.maximum * scale))
    return whole.map(lambda value: value / scale)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a document that the contract takes: what is required, any part of the rest, in any of its spellings."""
    said = {name for name, field in WIRE.items() if field.required or draw(st.booleans())}
    if said & COSTS.keys():
        said |= COSTS.keys()
    values = {name: draw(_values(name, field)) for name, field in WIRE.items() if name in said}
    if "team.size" in values:
        values["team.size"] = draw(st.integers(1, 400)) * values.get("team.increment", 1)
    return nested(values)
