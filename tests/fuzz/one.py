"""`python -m tests.fuzz.one body -runs=100`: one target, with options of libFuzzer.

What is found is kept in `.fuzz/`: a corpus for each target, from which the next run goes on, and `crash-…` beside it
for an input that breaks something. `python -m tests.fuzz.one body .fuzz/body/crash-…` shows that one again.
"""

from __future__ import annotations

import logging
import sys
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["rules", "schemas", "service"]):
    from tests.fuzz import seeds
    from tests.fuzz.targets import TARGETS

LONGEST = 4_096  # bytes of an input
SLOWEST = 5  # seconds that an input may take
KEPT = Path(".fuzz")


def fuzz(name: str, arguments: list[str]) -> None:
    """Run one target; the process ends with it."""
    logging.disable()
    corpus, words = KEPT / name, KEPT / "words"
    corpus.mkdir(parents=True, exist_ok=True)
    words.write_text(seeds.dictionary())
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)  # what is made once is made before the clock runs
        (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    places = [] if any(not argument.startswith("-") for argument in arguments) else [str(corpus)]
    limits = [f"-max_len={LONGEST}", f"-timeout={SLOWEST}", f"-dict={words}", f"-artifact_prefix={corpus}/"]
    atheris.Setup([sys.argv[0], *limits, *arguments, *places], TARGETS[name].run)
    atheris.Fuzz()


if __name__ == "__main__":
    fuzz(sys.argv[1], sys.argv[2:])
