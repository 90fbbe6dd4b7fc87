"""Our engine against zen-engine: the same rulebook as its decision tables, the same points, both saying why."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any

from bench.against import jdm
from bench.processes import ROOT, rival
from bench.projects import draw
from rules.engine import Engine
from rules.project import Project
from rules.scorecard import PHASE_AXIS
from rules.vocabulary import ROLES
from schemas.contract import nested
from schemas.project import values_of
from tests.article import engine as article_engine

ROUNDS = 7
PROJECTS = 300
AIM = 8
TRACED = "zen-engine, by its trace"
WAYS = {  # by what a rival does: its graphs, and whether they are traced; the fastest of them is shown
    "zen-engine, points and rules alone": (["strongest", "all"], False),
    "zen-engine, told by its rows": (["strongest, told", "all, told"], False),
    TRACED: (["strongest", "all"], True),
}

Json = dict[str, Any]


@dataclass
class Zen:
    """zen-engine at work in a process of its own."""

    process: subprocess.Popen[str]

    def ask(self, do: str, graph: str, *, trace: bool) -> Any:
        """Have it `answer` or `time` all projects by one of the graphs."""
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps({"do": do, "graph": graph, "trace": trace}), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())


def main() -> None:
    """Check that both say the same, then time them in turn and print medians of the rounds."""
    engine = article_engine()
    projects = draw(engine.scorecard, PROJECTS)
    with running(engine, projects) as zen:
        check(engine, projects, zen)
        ours = {"ours, points and every factor told": lambda project: explain(engine, project)}
        ours["ours, the whole answer with its what-ifs"] = engine.recommend
        costs: dict[str, list[float]] = {name: [] for name in (*ours, *WAYS)}
        for _ in range(ROUNDS):
            for name, call in ours.items():
                costs[name].append(_cost(call, projects))
            for name, (graphs, trace) in WAYS.items():
                costs[name].append(min(zen.ask("time", graph, trace=trace) for graph in graphs))
    _print(costs, sum(len(group.effects) for group in engine.scorecard.groups))


@contextmanager
def running(engine: Engine, projects: Sequence[Project]) -> Iterator[Zen]:
    """Run zen-engine with the engine's rulebook and the projects."""
    command = [rival("python"), "-m", "bench.against.zen_loop"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        contexts = [nested(values_of(Project(project.answers))) for project in projects]
        given = {"graphs": jdm.graphs(engine.scorecard), "contexts": contexts}
        print(json.dumps(given), file=process.stdin, flush=True)
        yield Zen(process)
        process.stdin.close()


def explain(engine: Engine, project: Project) -> Json:
    """Points by role, the net, and every factor with its rule, its points, what it matched, its claims."""
    scorecard, answers = engine.scorecard, project.answers
    cells = scorecard.space.locate(answers)
    matched, phase = scorecard.match(cells), cells[PHASE_AXIS] - 1
    factors = list(scorecard.factors(matched, phase))
    return {
        **{role: sum(each.points for each in factors if each.counted and each.effect.role == role) for role in ROLES},
        "net": scorecard.net(matched, phase),
        "factors": [engine.explainer.factor(factor, matched, answers) for factor in factors],
    }


def check(engine: Engine, projects: Sequence[Project], zen: Zen) -> None:
    """Raise SystemExit unless every graph has our points, net, rules and what they matched, for every project."""
    ours = [explain(engine, project) for project in projects]
    for graph in jdm.graphs(engine.scorecard):
        for trace in (False, True):
            for project, mine, theirs in zip(projects, ours, zen.ask("answer", graph, trace=trace), strict=True):
                if _seen(engine, theirs, graph) != _expected(mine, graph):
                    raise SystemExit(f"zen-engine's {graph!r} answers {project} by {theirs}, the engine by {mine}")


def _expected(mine: Json, graph: str) -> Json:
    """What a graph should say: the tables of the strongest know only what counts."""
    factors = [each for each in mine["factors"] if each["counted"] or (each["points"] and graph.startswith("all"))]
    return {**mine, "factors": _sorted(factors, told=graph.endswith("told"))}


def _seen(engine: Engine, theirs: Json, graph: str) -> Json:
    result = theirs["result"]
    fired = [
        row for rows in result.pop("fired").values() for row in (rows if isinstance(rows, list) else [rows]) if row
    ]
    if (
        theirs["traced"] is not None
        and sorted(f"{row['rule']}/{row['group']:.0f}" for row in fired) != theirs["traced"]
    ):
        raise SystemExit(f"zen-engine's {graph!r} traces {theirs['traced']}, and says {fired}")
    roles = [jdm.role_of(group) for group in engine.scorecard.groups]
    factors = [{**row, "role": roles[int(row["group"])]} for row in fired if row["points"]]
    return {**result, "factors": _sorted(factors, told=graph.endswith("told"))}


def _sorted(factors: list[Json], *, told: bool) -> list[Json]:
    """The parts of factors that both sides have, in one order."""
    parts = ("rule", "role", "points", *(["matched"] if told else []))
    return sorted(
        ({part: each[part] for part in parts} for each in factors),
        key=lambda each: (each["rule"], each["role"], each["points"]),
    )


def _cost(call: Callable[[Project], object], projects: Sequence[Project]) -> float:
    """Microseconds of this process for each project."""
    started = process_time()
    for project in projects:
        call(project)
    return (process_time() - started) / len(projects) * 1e6


def _print(costs: dict[str, list[float]], effects: int) -> None:
    explained, *_ = costs.values()
    print(
        f"{PROJECTS} drawn projects, half of the questions answered; {effects} effects of rules, the same told of each "
        f"project by both; processor time, medians of {ROUNDS} rounds"
    )
    print(f"{'':<42}{'µs':>7}{'of ours':>9}{'aim':>6}")
    for name, seen in costs.items():
        times = median(one / ours for one, ours in zip(seen, explained, strict=True))
        print(f"{name:<42}{median(seen):>7.0f}{times:>9.1f}{f'{AIM:.0f}' if name == TRACED else '':>6}")


if __name__ == "__main__":
    main()
