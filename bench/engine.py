"""What a computed request costs without its socket, and how much of it the rules and what-ifs take."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from io import BytesIO
from statistics import median
from time import process_time
from typing import Any

import orjson

from bench.projects import draw
from rules.changes import Changes
from rules.engine import Case
from schemas.contract import nested
from schemas.project import canonical, values_of
from service.app import create_app
from service.config import Settings, bundled_rulebook
from tests.article import engine as article_engine

ROUNDS = 7
PROJECTS = 300


def main() -> None:
    """Time each part over the same drawn projects and print medians of the rounds."""
    engine = article_engine()
    projects = draw(engine.scorecard, PROJECTS)
    answers = [engine.recommend(project) for project in projects]
    cases = [Case(engine, project) for project in projects]
    bodies = [json.dumps(nested(values_of(project))).encode() for project in projects]
    app = create_app(Settings(rulebook=bundled_rulebook(), log_level="error"))
    parts = {
        "a computed request, whole": _cost(lambda body: request(app, body), bodies),
        "the rules": _cost(engine.recommend, projects),
        "of them, what would change it": _cost(_what_if, cases),
        "spelling it as JSON": _cost(orjson.dumps, answers),
        "the project's canonical form": _cost(canonical, projects),
    }
    whole = parts["a computed request, whole"]
    print(f"{PROJECTS} drawn projects, half of the questions answered; medians of {ROUNDS} rounds, processor time")
    print(f"{'part':<30}{'µs':>7}{'share':>8}")
    for name, cost in parts.items():
        print(f"{name:<30}{cost:>7.0f}{cost / whole:>8.2f}")


def request(app: Any, body: bytes) -> None:
    """Have a project answered by the rules, without a socket."""
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/recommend",
        "SERVER_NAME": "bench",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_CACHE_CONTROL": "no-cache",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
    }
    b"".join(app(environ, lambda status, headers: None))


def _what_if(case: Case) -> None:
    """All that answers what would change it: every change scored, told, and the next question."""
    engine = case.engine
    case.changes = Changes(engine.scorecard, engine.reach, engine.ratios, case.cells, case.matched, case.raw)
    what_if = case.what_if()
    what_if.told()
    what_if.next_question()


def _cost(call: Callable[[Any], object], arguments: Sequence[object]) -> float:
    """Microseconds a call."""
    rounds = []
    for _ in range(ROUNDS):
        started = process_time()
        for argument in arguments:
            call(argument)
        rounds.append((process_time() - started) / len(arguments) * 1e6)
    return median(rounds)


if __name__ == "__main__":
    main()
