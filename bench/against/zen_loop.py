"""zen-engine, in the rivals' Python: reads graphs and contexts, then asks and times as each line says.

A line names a graph, whether to trace, and what to do; the answer is a line of JSON.
"""

from __future__ import annotations

import json
import sys
from time import process_time
from typing import Any

import zen


def main() -> None:
    """Serve until standard input ends."""
    given = json.loads(sys.stdin.readline())
    # Built once; a loader that built it for each call would measure the reading of JSON.
    contents = {name: zen.ZenDecisionContent(json.dumps(graph)) for name, graph in given["graphs"].items()}
    engine = zen.ZenEngine({"loader": contents.__getitem__})
    for line in sys.stdin:
        asked = json.loads(line)
        run = _time if asked["do"] == "time" else _answer
        print(json.dumps(run(engine, asked["graph"], given["contexts"], {"trace": asked["trace"]})), flush=True)


def _answer(engine: zen.ZenEngine, graph: str, contexts: list[Any], options: Any) -> list[Any]:
    """What the graph says of each context, and which rows the trace says held; None where there is none."""
    answers = [engine.evaluate(graph, context, options) for context in contexts]
    return [{"result": answer["result"], "traced": _traced(answer.get("trace"))} for answer in answers]


def _traced(trace: dict[str, Any] | None) -> list[str] | None:
    if trace is None:
        return None
    tables = [node["traceData"] or [] for node in trace.values()]
    rows = [row for table in tables for row in (table if isinstance(table, list) else [table])]
    return sorted(row["rule"]["_id"] for row in rows if "rule" in row)


def _time(engine: zen.ZenEngine, graph: str, contexts: list[Any], options: Any) -> float:
    """Microseconds of this process for each context."""
    started = process_time()
    for context in contexts:
        engine.evaluate(graph, context, options)
    return (process_time() - started) / len(contexts) * 1e6


if __name__ == "__main__":
    main()
