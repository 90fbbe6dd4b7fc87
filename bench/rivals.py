"""The whole service against what a user would run instead: one worker each, the same client, all in one run."""

from __future__ import annotations

import http.client
import json
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench.against import jdm
from bench.load import Run, drive, post
from bench.processes import RIVALS, gunicorn, rival, served
from bench.projects import draw
from schemas.contract import nested
from schemas.project import values_of
from tests.article import engine as article_engine

CONNECTIONS = 8
ROUNDS = 5
SECONDS = 2.0
PROJECTS = 300
GRAPH = "all, told"  # the quickest of those that tell which rules held, and for what

CACHED, COMPUTED = "ours, from the cache", "ours, computed"
FASTAPI, OPENFISCA = "FastAPI, pydantic, zen-engine", "OpenFisca's web API"

Json = dict[str, Any]


@dataclass(frozen=True)
class Contender:
    """A server, and what it is asked over and over."""

    port: int
    requests: list[bytes]


def main() -> None:
    """Check that the answers agree, then measure in turn, several rounds, and print medians."""
    projects = draw(article_engine().scorecard, PROJECTS)
    bodies = [json.dumps(nested(values_of(project))).encode() for project in projects]
    with ExitStack() as stack:
        contenders = start(stack, bodies)
        check(contenders, bodies)
        sizes = {name: len(ask(one.port, one.requests[0])) for name, one in contenders.items()}
        runs: dict[str, list[Run]] = {name: [] for name in contenders}
        for _ in range(ROUNDS):
            for name, one in contenders.items():
                runs[name].append(drive(one.port, cycle(one.requests), connections=CONNECTIONS, seconds=SECONDS))
    _print(runs, sizes)


def start(stack: ExitStack, bodies: list[bytes]) -> dict[str, Contender]:
    """Start every server, by its name."""
    graph = Path(stack.enter_context(TemporaryDirectory())) / "graph.json"
    graph.write_text(json.dumps(jdm.graphs(article_engine().scorecard)[GRAPH]))
    ours = stack.enter_context(gunicorn("service.app:create_app()"))
    theirs = stack.enter_context(served(_uvicorn, GRAPH=str(graph)))
    fisca = stack.enter_context(served(_openfisca))
    asked = [post("/recommend", body) for body in bodies]
    anew = [post("/recommend", body, **{"Cache-Control": "no-cache"}) for body in bodies]
    return {
        CACHED: Contender(ours, asked),
        COMPUTED: Contender(ours, anew),
        FASTAPI: Contender(theirs, asked),
        OPENFISCA: Contender(fisca, [post("/calculate", _household())]),
    }


def _uvicorn(port: int) -> list[str]:
    options = ["--port", str(port), "--no-access-log", "--log-level", "warning"]
    return [rival("uvicorn"), "bench.against.fastapi_app:app", *options]


def _openfisca(port: int) -> list[str]:
    # This class keeps connections alive, which its default does not; one thread was quicker than more.
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--worker-class", "gthread", "--threads", "1"]
    return [rival("openfisca"), "serve", "--country-package", "openfisca_country_template", *options]


def _household() -> bytes:
    """The example of a couple that comes with OpenFisca's template: their income, benefits and taxes of a month."""
    ((example),) = RIVALS.parent.glob("lib/*/site-packages/openfisca_country_template/situation_examples/couple.json")
    return example.read_bytes()


def check(contenders: dict[str, Contender], bodies: list[bytes]) -> None:
    """Raise SystemExit unless FastAPI's answer to every project has our points, ratio, rules and people."""
    for ours, theirs, body in zip(contenders[CACHED].requests, contenders[FASTAPI].requests, bodies, strict=True):
        mine = _told(json.loads(ask(contenders[CACHED].port, ours)))
        other = _told(json.loads(ask(contenders[FASTAPI].port, theirs)))
        if mine != other:
            raise SystemExit(f"{FASTAPI} answers {body.decode()} by {other}, we by {mine}")


def _told(answer: Json) -> Json:
    """What both answers have."""
    score, headcount = answer["score"], answer["headcount"]
    rules = {(each["rule"], each["points"]) for each in score["factors"] if each["points"]}
    return {
        "lean": answer["lean"],
        "ratio": [answer["ratio"][part] for part in ("text", "value")],
        "headcount": [headcount[part] for part in ("total", "data_scientist", "ml_engineer")],
        "score": [score[part] for part in ("data_scientist", "ml_engineer", "net", "raw")],
        "rules": sorted(rules),
    }


def ask(port: int, wire: bytes) -> bytes:
    """The answer to a request, over a connection of its own; raises SystemExit for any status but 200."""
    head, _, body = wire.partition(b"\r\n\r\n")
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("POST", head.split()[1].decode(), body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise SystemExit(f"{response.status}: {answer.decode()}")
        return answer


def _print(runs: dict[str, list[Run]], sizes: dict[str, int]) -> None:
    print(f"{CONNECTIONS} connections, 1 worker each, {PROJECTS} projects; medians of {ROUNDS} rounds of {SECONDS:g} s")
    print(f"{'':<32}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'bytes':>9}")
    for name, made in runs.items():
        rate, p50, p99 = (median(getattr(run, part) for run in made) for part in ("rate", "p50_ms", "p99_ms"))
        wrong = sum(times for run in made for status, times in run.statuses.items() if status != 200)
        failed = f"  {wrong} failed" if wrong else ""
        print(f"{name:<32}{rate:>12,.0f}{p50:>9.2f}{p99:>9.2f}{sizes[name]:>9,}{failed}")
    for other in (FASTAPI, OPENFISCA):
        cached, computed = (_times(runs[ours], runs[other]) for ours in (CACHED, COMPUTED))
        print(f"of {other}'s requests/s: {cached:.2f} from the cache, {computed:.2f} computed (aim 1)")


def _times(ours: list[Run], theirs: list[Run]) -> float:
    return median(mine.rate / other.rate for mine, other in zip(ours, theirs, strict=True))


if __name__ == "__main__":
    main()
