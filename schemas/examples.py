"""Examples of a rulebook from their YAML: projects, and what must be said about each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from marshmallow import Schema, ValidationError, post_load

from rules.model import Rulebook
from rules.proof.examples import Example
from schemas.faults import Fault, InputError, Located, UnreadableError, faults_in, refusal
from schemas.fields import Choice, Listed, Part, Several, Strict
from schemas.project import load_project
from schemas.rulebook import RulebookError
from schemas.sections import Section, identifier, required_text
from schemas.strict_yaml import read_yaml
from schemas.words import quote

KEYS = ("points", "raw", "required", "profiles", "considers", "warns")


class _Answers(Strict):
    """A project as a request has it, of which only the answers matter."""

    def read(self, value: object) -> object:
        try:
            return load_project(value).project.answers
        except InputError as error:
            raise _nested(error.faults) from None


class _Expected(Strict):
    """What must be seen, by key; the values are compared as they stand."""

    def read(self, value: object) -> object:
        if not isinstance(value, dict) or not value:
            raise refusal("wrong_type", f"{quote(value)} is no expectation: give one of {', '.join(KEYS)}")
        unknown = {key: [Fault("", "unknown_field", f"{quote(key)} is not one of {', '.join(KEYS)}")] for key in value}
        if errors := {key: fault for key, fault in unknown.items() if key not in KEYS}:
            raise ValidationError(errors)
        return value


class ExampleBase(Section):
    """What all examples share, whatever claims their rulebook has."""

    name = identifier("[a-z0-9]+(-[a-z0-9]+)*", "it in kebab-case, such as card-fraud", required=True)
    says = required_text()
    project = _Answers(required=True)
    expect = _Expected(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Example:
        """Return the example."""
        return Example(data["name"], data["says"], data["claims"], data["project"], data["expect"])


def load_examples(text: str, *, filename: str, rulebook: Rulebook) -> tuple[Example, ...]:
    """Return the examples that a YAML text holds under `examples`; raise RulebookError with every fault of it."""
    try:
        document = read_yaml(text)
    except UnreadableError as error:
        raise RulebookError(filename, [Located(error.line or 1, Fault("", "unreadable", error.problem))]) from None
    faults = list(document.faults)
    try:
        examples = _schema(rulebook).load(cast(Any, document.value))["examples"]
    except ValidationError as error:
        faults += (Located(document.line(fault.field), fault) for fault in faults_in(error.messages))
    if faults:
        raise RulebookError(filename, faults)
    return tuple(replace(example, line=document.line(f"examples.{at}")) for at, example in enumerate(examples))


def _schema(rulebook: Rulebook) -> Schema:
    claims = Several(Choice(rulebook.claims, exact=True, noun="claim"), required=True)
    example = ExampleBase.from_dict({"claims": claims}, name="Example")
    return Section.from_dict({"examples": Listed(Part(example), required=True)}, name="Examples")()


def _nested(faults: tuple[Fault, ...]) -> ValidationError:
    """The faults of a project as marshmallow nests them, each under its field."""
    errors: dict[str, Any] = {}
    for fault in faults:
        errors.setdefault(fault.field or "_schema", []).append(replace(fault, field=""))
    return ValidationError(errors)
