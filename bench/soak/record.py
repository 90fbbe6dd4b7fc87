"""What callers saw, stage by stage."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from time import perf_counter

from bench.load import Latencies
from bench.soak.client import Caller
from bench.soak.traffic import Question

_SHOWN = 5  # faults that are told in full


@dataclass
class Stage(Latencies):
    """One stretch of the soak: latencies in seconds from when each request was due, and what went wrong."""

    name: str
    latencies: list[float] = field(default_factory=list)
    retried: int = 0
    failed: int = 0
    wrong: int = 0
    ready: set[str] = field(default_factory=set)


class Record:
    """Asks, checks each answer, and counts it to the stage in which its request was due.

    `deciding` holds the digests of rulebooks that may decide now, `unwell` the components that readiness named last.
    """

    def __init__(self, caller: Caller, digest: str) -> None:
        self._caller = caller
        self.deciding = {digest}
        self.unwell: set[str] = set()
        self.stages = [Stage("warm-up")]

    @property
    def stage(self) -> Stage:
        """The stage at hand."""
        return self.stages[-1]

    def begin(self, name: str) -> None:
        """Go over to another stage."""
        print(f"… {name}", file=sys.stderr, flush=True)
        self.stages.append(Stage(name))

    async def ask(self, question: Question, due: float | None = None) -> None:
        """Ask one question, now or when it was due; never raises for what the service does."""
        stage, deciding, due = self.stage, self.deciding, perf_counter() if due is None else due
        try:
            reply = await self._caller.ask(question.wire)
        except (OSError, EOFError, ValueError) as error:
            stage.failed += 1
            self._tell(f"{question.kind} got no answer: {error!r}")
            return
        stage.latencies.append(perf_counter() - due)
        stage.retried += reply.retried
        if not question.answered_by(reply.status, reply.body, deciding | self.deciding):
            stage.wrong += 1
            self._tell(f"{question.kind} got a wrong answer: {reply.status} {reply.body[:300]!r}")
        elif question.kind == "health":
            told = json.loads(reply.body)
            stage.ready.add(told["status"])
            self.unwell = set(told["reasons"])

    def faults(self) -> int:
        """How many requests failed or were answered wrongly, warm-up included."""
        return sum(stage.failed + stage.wrong for stage in self.stages)

    def _tell(self, fault: str) -> None:
        if self.faults() <= _SHOWN:
            print(f"  {self.stage.name}: {fault}", file=sys.stderr, flush=True)
