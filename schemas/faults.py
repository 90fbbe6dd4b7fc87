"""Bad input, said in one shape whether it came by request, query, command line or rulebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from marshmallow import ValidationError
from marshmallow.exceptions import SCHEMA

MOST = 100  # faults worth telling at once of a body that is made of them


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (dotted path), a stable code, and a message that names the way out."""

    field: str
    code: str
    message: str
    allowed: tuple[str | int | float, ...] = ()
    did_you_mean: str | None = None

    def body(self) -> dict[str, object]:
        """Return the fault as it stands in a problem's `errors`."""
        body: dict[str, object] = {"field": self.field, "code": self.code, "message": self.message}
        if self.allowed:
            body["allowed"] = list(self.allowed)
        if self.did_you_mean is not None:
            body["did_you_mean"] = self.did_you_mean
        return body

    def under(self, path: str) -> Fault:
        """Return the same fault, its field moved below `path`."""
        return replace(self, field=f"{path}.{self.field}" if path and self.field else path or self.field)


@dataclass(frozen=True, slots=True)
class Located:
    """A fault and the line of the file where it stands, from 1."""

    line: int
    fault: Fault


class InputError(ValueError):
    """Input that could be read but is wrong: every `Fault` of it, in `faults`."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.message for fault in self.faults))


class UnreadableError(ValueError):
    """Input that is not even JSON or YAML; `line` and `column` count from 1 where they are known."""

    def __init__(self, problem: str, line: int | None = None, column: int | None = None) -> None:
        self.problem, self.line, self.column = problem, line, column
        super().__init__(problem if line is None else f"line {line}, column {column}: {problem}")


def refusal(
    code: str, message: str, allowed: tuple[str | int | float, ...] = (), did_you_mean: str | None = None
) -> ValidationError:
    """Return marshmallow's error with a fault in it; marshmallow keeps the path, `faults_in` puts it in."""
    return ValidationError([Fault("", code, message, allowed, did_you_mean)])


def faults_in(messages: object, path: str = "") -> Iterator[Fault]:
    """Yield the faults of marshmallow's tree of messages, each with its path; a bare text is about a type."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from faults_in(inner, path if key == SCHEMA else f"{path}.{key}" if path else str(key))
    elif isinstance(messages, list):
        for inner in messages:
            yield from faults_in(inner, path)
    else:
        fault = messages if isinstance(messages, Fault) else Fault("", "wrong_type", str(messages))
        yield fault.under(path)
