"""What the fuzzer runs: for each parser, bytes to read, the errors that it documents, and a law of what it reads.

Anything else that is raised is a defect: another error, or a law that does not hold.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import orjson

from schemas.batch import CsvReader, DocumentReader, Items
from schemas.body import read_json
from schemas.faults import Fault, InputError, UnreadableError
from schemas.flat import flatten, nest
from schemas.project import canonical, load_project, load_values
from schemas.records import csv_blocks, csv_header, line_blocks
from schemas.rulebook import RulebookError, load_rulebook
from schemas.strict_yaml import read_yaml
from schemas.text import interpret
from schemas.text.interpretation import LONGEST
from service.api.recommend import pairs
from service.cache.redis_url import read_redis_url
from service.cache.seal import seal, unseal
from service.cache.tier import Corrupt
from service.guard.keys import Keys, read_keys
from tests.article import engine
from tests.fuzz import http, seeds, slack

SECRET = "hunter2"  # noqa: S105 (of a test)
SPACE = engine().scorecard.space
REFUSED = (InputError, UnreadableError)


class Target(NamedTuple):
    """What to do with bytes, and the bytes to begin with."""

    run: Callable[[bytes], None]
    seeds: list[bytes]


def body(data: bytes) -> None:
    """A JSON body is a project or has faults that can be told; a project's one spelling is read as that project."""
    with suppress(*REFUSED):
        document = read_json(data)
        orjson.dumps([fault.body() for fault in _faults(document)])
        once = canonical(load_project(document).project)
        assert canonical(load_values(orjson.loads(once)).project) == once


def query(data: bytes) -> None:
    """A query is a project or has faults; the project's own permalink is the same project."""
    with suppress(*REFUSED):
        request = load_project(nest(pairs(data)))
        assert load_project(nest(flatten(request))).project == request.project


def text(data: bytes) -> None:
    """Any text has an answer, which quotes it, and what it says is taken but for what it leaves open."""
    said = data.decode(errors="replace")[:LONGEST]
    found = interpret(said)
    assert all(one.words == said[one.start : one.end] for one in (*found.fields, *found.set_aside))
    assert {fault.code for fault in _faults(found.document())} <= {"required", "not_a_multiple"}


def _faults(document: object) -> tuple[Fault, ...]:
    try:
        load_project(document)
    except InputError as refused:
        return refused.faults
    return ()


def lines(data: bytes) -> None:
    """Lines of JSON; where the stream was cut never shows."""
    _cut_anywhere(data, lambda chunks: [DocumentReader(SPACE).read_lines(block) for block in line_blocks(chunks)])


def table(data: bytes) -> None:
    """CSV; where the stream was cut never shows."""

    def read(chunks: list[bytes]) -> list[Items]:
        header, _, blocks = csv_header(csv_blocks(chunks))
        reader = CsvReader(SPACE, header)
        return [reader.read(block) for block in blocks]

    _cut_anywhere(data, read)


def _cut_anywhere(data: bytes, read: Callable[[list[bytes]], list[Items]]) -> None:
    at, data = (data[0] if data else 0), data[1:]
    assert _outcome(read, [data]) == _outcome(read, [data[:at], data[at:]])


def _outcome(read: Callable[[list[bytes]], list[Items]], chunks: list[bytes]) -> Any:
    try:
        parts = read(chunks)
    except REFUSED:
        return "refused"  # of several things that are wrong, the one that came first is told
    rows = [row for part in parts for row in zip(part.at, part.names, part.references, strict=True)]
    cells = [column for part in parts for column in part.cells.T.tolist()]
    terms = [(said.team, said.budget, said.schedule) for part in parts for said in part.terms]
    return rows, cells, terms, [faults for part in parts for _, faults in sorted(part.faults.items())]


def yaml(data: bytes) -> None:
    """A file is a rulebook or has faults with their lines; a value written as JSON is the same value as YAML."""
    said = data.decode(errors="replace")
    with suppress(RulebookError):
        load_rulebook(said, filename="fuzzed.yaml")
    with suppress(UnreadableError):
        document = read_yaml(said)
        if not document.faults:
            assert read_yaml(orjson.dumps(document.value).decode()).value == document.value


def keys(data: bytes) -> None:
    """A file is one of keys or is refused; no text that is presented opens what it is not a key of."""
    with suppress(ValueError):
        held = Keys(read_keys(data))
        assert held.find(data.decode(errors="replace")) is None


def redis_url(data: bytes) -> None:
    """A URL is understood or refused in words that hold no part of its password."""
    head, _, tail = data.decode(errors="replace").partition(SECRET)
    before = head.partition("://")[2]
    password = ":" in before and "@" not in before and "@" in tail
    said = _refusal(f"{head}{SECRET}{tail}")
    assert not (password and SECRET in said), said


def _refusal(url: str) -> str:
    try:
        read_redis_url(url)
    except ValueError as refused:
        return str(refused)
    return ""


def sealed(data: bytes) -> None:
    """What was sealed is as it was, and whatever can be unsealed is what sealing makes."""
    key, _, value = data.partition(b"\n")
    name = key.decode(errors="replace")
    assert unseal(name, seal(name, value)) == value
    with suppress(Corrupt):
        assert seal(name, unseal(name, value)) == value  # a fuzzer that sees the comparison finds the checksum


TARGETS = {
    "body": Target(body, seeds.BODIES),
    "query": Target(query, seeds.QUERIES),
    "text": Target(text, seeds.TEXTS),
    "lines": Target(lines, seeds.LINES),
    "table": Target(table, seeds.TABLES),
    "yaml": Target(yaml, seeds.RULEBOOKS),
    "keys": Target(keys, seeds.KEYS),
    "redis-url": Target(redis_url, seeds.REDIS_URLS),
    "sealed": Target(sealed, [b"key\n", b"key\n" + seal("other", b"value")]),
    "slack": Target(slack.run, seeds.SLACK),
    "http": Target(http.run, seeds.REQUESTS),
}
