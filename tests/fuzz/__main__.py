"""`python -m tests.fuzz`: every target for FUZZ_SECONDS (20); `python -m tests.fuzz body -runs=100`: one, by libFuzzer.

What is found is kept in `.fuzz/`: a corpus for each target, from which the next run goes on, and `crash-…` beside it
for an input that breaks something. `python -m tests.fuzz body .fuzz/body/crash-…` shows that one again.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
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
    corpus = KEPT / name
    corpus.mkdir(parents=True, exist_ok=True)
    words = KEPT / "words"
    words.write_text(seeds.dictionary())
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)  # what is made once is made before the clock runs
        (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    places = [] if any(not argument.startswith("-") for argument in arguments) else [str(corpus)]
    limits = [f"-max_len={LONGEST}", f"-timeout={SLOWEST}", f"-dict={words}", f"-artifact_prefix={corpus}/"]
    atheris.Setup([sys.argv[0], *limits, *arguments, *places], TARGETS[name].run)
    atheris.Fuzz()


def fuzz_all(seconds: str) -> bool:
    """Run every target in a process of its own, and print what came of it; return whether all is well."""
    well = True
    for name in TARGETS:
        command = [sys.executable, "-m", "tests.fuzz", name, f"-max_total_time={seconds}", "-print_final_stats=1"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        tried = re.search(r"executed_units: *(\d+)", done.stderr)
        print(f"{name:9} {int(tried[1]) if tried else 0:9,} inputs", "broken:" if done.returncode else "", flush=True)
        if done.returncode:
            print(done.stderr[-3_000:])
            well = False
    return well


if __name__ == "__main__":
    if sys.argv[1:]:
        fuzz(sys.argv[1], sys.argv[2:])
    else:
        sys.exit(not fuzz_all(os.environ.get("FUZZ_SECONDS", "20")))
