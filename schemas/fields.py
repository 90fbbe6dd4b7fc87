"""The marshmallow fields that requests and rulebooks are made of: strict about types, and clear in refusing.

Each reads JSON values with `read` and text (a query, a CSV cell, a flag) with
`from_text`; what is no such value stays text, for `read` to refuse by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

import orjson
from marshmallow import ValidationError, fields, missing

from schemas.faults import Fault, refusal
from schemas.words import a, listed, nearest, normal, quote

_T = TypeVar("_T")
_PRINTABLE = r"[^\x00-\x08\x0b-\x1f\x7f-\x9f]*"
_DUPLICATE = Fault("", "duplicate", "this stands in the list already; leave it out")
_SAID = {"true": True, "yes": True, "false": False, "no": False}


class Strict(fields.Field[Any]):
    """A field that reads a value of one type, or refuses it with a Fault."""

    default_error_messages = {  # noqa: RUF012 (marshmallow's own declaration)
        "required": "{label} is required",
        "null": "{label} is required, and null is no value",
        "invalid": "{label} takes a list, as [a, b]",
    }

    @property
    def label(self) -> str:
        """The field's name, as messages call it."""
        return str(self.data_key or self.name)

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """Return the fault of a missing value or a wrong type."""
        code = "wrong_type" if key == "invalid" else "required"
        message = str(self.error_messages[key]).format(label=self.label, **kwargs)
        about = self.metadata.get("description")
        return refusal(code, f"{message}: {about}" if about and code == "required" else message)

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Read a value; marshmallow's own also runs validators and hooks, which no Strict field has."""
        if value is missing and not self.required:
            return missing
        self._validate_missing(value)
        return self.read(value)

    def read(self, value: object) -> object:
        """Return the value as the project holds it, or raise a refusal."""
        raise NotImplementedError

    def from_text(self, text: str) -> object:
        """Return the JSON value that a text stands for."""
        return text


class Choice(Strict):
    """One of `values`; unless `exact`, in any case, with any gaps between words, or by an alias."""

    def __init__(
        self,
        values: Iterable[str | float],
        *,
        aliases: Mapping[str, str] | None = None,
        exact: bool = False,
        noun: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.values = tuple(values)
        self.exact, self.noun = exact, noun
        self.type = float if any(isinstance(value, int | float) for value in self.values) else str
        spellings = {value: value for value in self.values} | dict(aliases or {})
        self.spellings = {normal(key) if isinstance(key, str) else key: spellings[key] for key in spellings}
        whole = all(isinstance(value, int) for value in self.values)
        json_type = "string" if self.type is str else "integer" if whole else "number"
        kwargs["metadata"] = {"type": json_type, "enum": list(self.values)} | dict(kwargs.get("metadata", {}))
        super().__init__(**kwargs)

    def read(self, value: object) -> object:
        """Return the value that is meant."""
        if isinstance(value, str) and self.type is str:
            if value in self.values:
                return value
            found = None if self.exact else self.spellings.get(normal(value))
        elif isinstance(value, int | float) and not isinstance(value, bool) and self.type is float:
            found = self.spellings.get(value)
        else:
            raise self._wrong_type(value)
        if found is None:
            raise self._refused(value)
        return found

    def from_text(self, text: str) -> object:
        """Return a number where the values are numbers."""
        return text if self.type is str else _number(text)

    def _wrong_type(self, value: object) -> ValidationError:
        kind = "text" if self.type is str else "a number"
        way_out = f"{self.label} is {kind}, one of {listed(self.values)}"
        return refusal("wrong_type", f"{quote(value)} is not {kind}: {way_out}", self.values)

    def _refused(self, value: object) -> ValidationError:
        noun = self.noun or self.label.rpartition(".")[2]
        meant = self._meant(value) if isinstance(value, str) else None
        way_out = f"; did you mean '{meant}'?" if meant else f": it is one of {listed(self.values)}"
        return refusal("invalid_choice", f"{quote(value)} is not {a(noun)}{way_out}", self.values, meant)

    def _meant(self, value: str) -> str | None:
        word = normal(value)
        found = word if word in self.spellings else nearest(word, [str(key) for key in self.spellings])
        return str(self.spellings[found]) if found and self.exact else found


class Flag(Strict):
    """True or false, as JSON spells them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["metadata"] = {"type": "boolean"} | dict(kwargs.get("metadata", {}))
        super().__init__(**kwargs)

    def read(self, value: object) -> object:
        """Return the flag."""
        if isinstance(value, bool):
            return value
        said = _SAID.get(value.casefold()) if isinstance(value, str) else None
        way_out = "true or false" if said is None else quote(said)
        raise refusal("wrong_type", f"{quote(value)} is not true or false; for {self.label} write {way_out}")

    def from_text(self, text: str) -> object:
        """Return the flag that true, false, yes or no stands for."""
        return _SAID.get(text.casefold(), text)


class Number(Strict):
    """A number from `minimum` to `maximum`, rounded to so many `decimals`; whole numbers come out as int.

    Rounded, not refused: a float has no decimals to count, and `multipleOf: 0.01` refuses 0.29 in many a validator.
    """

    def __init__(
        self, minimum: float, maximum: float, *, unit: str = "", decimals: int | None = None, **kwargs: Any
    ) -> None:
        self.minimum, self.maximum, self.decimals = minimum, maximum, decimals
        self.span = f"from {_plain(minimum)} to {_plain(maximum)}{unit and f' {unit}'}"
        json_type = "integer" if decimals == 0 else "number"
        shape: dict[str, Any] = {"type": json_type, "minimum": minimum, "maximum": maximum}
        kwargs["metadata"] = shape | dict(kwargs.get("metadata", {}))
        super().__init__(**kwargs)

    def read(self, value: object) -> float:
        """Return the number, `50` for `50.0`."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise refusal("wrong_type", f"{quote(value)} is not a number: {self.label} is a number {self.span}")
        if not self.minimum <= value <= self.maximum:
            raise refusal("out_of_range", f"{quote(value)} is out of range: {self.label} goes {self.span}")
        if self.decimals == 0 and value % 1:
            raise refusal("not_an_integer", f"{quote(value)} is not a whole number, as {self.label} must be")
        return _plain(value if self.decimals is None else round(value, self.decimals))

    def from_text(self, text: str) -> object:
        """Return the number that the text spells as JSON would."""
        return _number(text)


class Text(Strict):
    """Text of at most `longest` characters that can be printed; `pattern`, said as `form`, must match all of it."""

    def __init__(
        self, longest: int, *, shortest: int = 0, pattern: str | None = None, form: str = "", **kwargs: Any
    ) -> None:
        self.longest, self.shortest, self.form = longest, shortest, form
        self.pattern = re.compile(pattern or _PRINTABLE, re.ASCII)
        shape: dict[str, Any] = {"type": "string", "maxLength": longest, "pattern": f"^{self.pattern.pattern}$"}
        if shortest:
            shape["minLength"] = shortest
        kwargs["metadata"] = shape | dict(kwargs.get("metadata", {}))
        super().__init__(**kwargs)

    def read(self, value: object) -> object:
        """Return the text unchanged."""
        if not isinstance(value, str):
            raise refusal("wrong_type", f'{quote(value)} is not text; write {self.label} in quotes, as "…"')
        if len(value) > self.longest:
            raise refusal("too_long", f"{self.label} has {len(value)} characters; at most {self.longest} are taken")
        if len(value.strip()) < self.shortest:
            raise refusal("too_short", f"{self.label} is empty; give it {self.form or 'some text'}")
        if not self.pattern.fullmatch(value) or not _encodes(value):
            raise self._malformed(value)
        return value

    def _malformed(self, value: str) -> ValidationError:
        if self.form:
            return refusal("invalid_format", f"{quote(value)} is no {self.label}: write {self.form}")
        return refusal("invalid_text", f"{self.label} holds a character that cannot be printed; leave it out")


class Day(Text):
    """A calendar day, `YYYY-MM-DD`, up to `latest`."""

    def __init__(self, latest: date = date.max, **kwargs: Any) -> None:
        self.latest = latest
        kwargs["metadata"] = {"format": "date"} | dict(kwargs.get("metadata", {}))
        super().__init__(10, pattern=r"\d{4}-\d{2}-\d{2}", form="a day as YYYY-MM-DD", **kwargs)

    def read(self, value: object) -> object:
        """Return the date."""
        text = str(super().read(value))
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise refusal("invalid_date", f"{quote(text)} is not in the calendar: {error}") from None
        if day > self.latest:
            raise refusal("out_of_range", f"{quote(text)} is out of range: {self.label} goes to {self.latest}")
        return day


class Listed(Strict, fields.List[Any]):
    """A list of at least one and at most `most` values."""

    def __init__(self, inner: Strict, *, most: int = 1000, **kwargs: Any) -> None:
        self.most = most
        super().__init__(inner, **kwargs)

    def read(self, value: object) -> tuple[Any, ...]:
        """Return the values in their order."""
        if isinstance(value, list | tuple) and len(value) > self.most:
            raise refusal("too_long", f"{self.label} holds {len(value)} values; at most {self.most} are taken")
        if value == []:
            raise refusal("too_short", f"{self.label} is an empty list; give it a value or leave it out")
        values: list[Any] = self._deserialize(value, None, None)
        return tuple(values)


class Several(Listed):
    """A list in which no value stands twice."""

    def read(self, value: object) -> tuple[Any, ...]:
        """Return the values in their order."""
        values = super().read(value)
        first = {one: at for at, one in reversed(list(enumerate(values)))}
        again = {at: [_DUPLICATE] for at, one in enumerate(values) if first[one] != at}
        if again:
            raise ValidationError(again)
        return values


class Many(Listed):
    """A set written as a list: what is said twice counts once, and the order says nothing."""

    def __init__(self, choice: Choice, *, most: int, **kwargs: Any) -> None:
        kwargs["metadata"] = {"type": "array", "maxItems": most} | dict(kwargs.get("metadata", {}))
        super().__init__(choice, most=most, **kwargs)

    def read(self, value: object) -> tuple[Any, ...]:
        """Return the values sorted, each once; an empty list answers nothing."""
        return () if value == [] else tuple(sorted(set(super().read(value))))

    def from_text(self, text: str) -> object:
        """Return the parts between commas."""
        return [part.strip() for part in text.split(",") if part.strip()]


class Mapped(Strict):
    """A mapping of at least one name, read by `keys`, to values that `values` reads."""

    def __init__(self, keys: Strict, values: Strict, **kwargs: Any) -> None:
        self.keys, self.values = keys, values
        super().__init__(**kwargs)

    def read(self, value: object) -> dict[Any, Any]:
        """Return the mapping in its order."""
        if not isinstance(value, dict) or not value:
            raise refusal("wrong_type", f"{quote(value)} will not do for {self.label}: map names to values")
        pairs = value.items()
        return dict(gathered(pairs, lambda key, inner: (self.keys.deserialize(key), self.values.deserialize(inner))))


class Part(Strict, fields.Nested):
    """A section with a schema of its own."""

    def read(self, value: object) -> object:
        """Return what the section's schema makes of it."""
        return self._load(value)


def gathered(items: Iterable[tuple[Any, Any]], read: Callable[[Any, Any], _T]) -> list[_T]:
    """Read every item by its key, and raise what is wrong with any of them together, under their keys."""
    values, errors = [], {}
    for key, item in items:
        try:
            values.append(read(key, item))
        except ValidationError as error:
            errors[key] = error.messages
    if errors:
        raise ValidationError(errors)
    return values


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value


def _number(text: str) -> object:
    try:
        value = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return text
    return value if isinstance(value, int | float) and not isinstance(value, bool) else text


def _encodes(text: str) -> bool:
    """Return whether the text is free of lone surrogates, which UTF-8 cannot carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
