"""The conditions of a rulebook: data that can be checked, counted and proved, in the vocabulary's own words."""

from __future__ import annotations

from rules import vocabulary
from rules.model import All, Any, Condition, Is, Not, Within
from rules.vocabulary import FIELD_BY_NAME
from schemas.faults import refusal
from schemas.fields import Choice, Flag, Number, Several, Strict, gathered
from schemas.words import nearest, quote

_BY_LAST_WORD = {name.rpartition(".")[2]: name for name in FIELD_BY_NAME}


class When(Strict):
    """A condition: fields that must all hold, and `any`, `all` and `not` to compose them."""

    def read(self, value: object) -> Condition:
        """Return the condition."""
        if not isinstance(value, dict) or not value:
            raise refusal("wrong_type", f"{quote(value)} is not a condition: map fields to the values they must have")
        parts = tuple(gathered(value.items(), self._part))
        return parts[0] if len(parts) == 1 else All(parts)

    def _part(self, key: str, value: object) -> Condition:
        match key:
            case "not":
                return Not(self.read(value))
            case "any":
                return Any(self._parts(key, value))
            case "all":
                return All(self._parts(key, value))
        return _test(key, value)

    def _parts(self, key: str, value: object) -> tuple[Condition, ...]:
        if not isinstance(value, list) or not value:
            raise refusal("wrong_type", f"{quote(value)} will not do for {key}: list conditions, as [{{…}}, {{…}}]")
        return tuple(gathered(enumerate(value), lambda _, part: self.read(part)))


def _exact(item: vocabulary.Field) -> Strict:
    """Return the field that reads one value as the vocabulary spells it."""
    match item:
        case vocabulary.Choice() | vocabulary.Many():
            return Choice(item.values, aliases=item.aliases, exact=True, data_key=item.name)
        case vocabulary.Number():
            decimals = 0 if item.integer else None
            return Number(item.minimum, item.maximum, unit=item.unit, decimals=decimals, data_key=item.name)
    return Flag(data_key=item.name)


_FIELDS = {name: _exact(item) for name, item in FIELD_BY_NAME.items()}
_LISTS = {name: Several(field, data_key=name) for name, field in _FIELDS.items()}


def _test(name: str, value: object) -> Condition:
    field = _FIELDS.get(name)
    if field is None:
        raise _unknown(name)
    if isinstance(field, Number):
        return _within(field, value)
    if isinstance(value, list):
        return Is(name, _LISTS[name].read(value))
    return Is(name, (field.deserialize(value),))


def _within(field: Number, value: object) -> Within:
    name = field.label
    if not isinstance(value, dict) or not value:
        raise refusal("wrong_type", f"{quote(value)} will not do for {name}: give bounds, as {{min: 1}} or {{max: 9}}")
    bounds = dict(gathered(value.items(), lambda key, bound: (_bound(key), field.deserialize(bound))))
    low, high = bounds.get("min"), bounds.get("max")
    if low is not None and high is not None and low >= high:
        raise refusal("out_of_range", f"no {name} is at least {low} and under {high}; min must be under max")
    return Within(name, low, high)


def _bound(key: str) -> str:
    if key not in ("min", "max"):
        raise refusal("unknown_field", f"{quote(key)} is not a bound; did you mean 'min' or 'max'?")
    return key


def _unknown(name: str) -> Exception:
    word = name.rpartition(".")[2]
    names = {**_BY_LAST_WORD, "any": "any", "all": "all", "not": "not"}
    found = nearest(word, names)
    meant = names[found] if found else None
    way_out = f"did you mean '{meant}'?" if meant else "conditions are about the fields of a project"
    return refusal("unknown_field", f"{quote(name)} is not a field; {way_out}", did_you_mean=meant)
