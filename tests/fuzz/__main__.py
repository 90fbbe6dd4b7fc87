"""`python -m tests.fuzz`: every target for FUZZ_SECONDS (20), each in a process of its own, and what came of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from tests.fuzz.targets import TARGETS


def fuzz_all(seconds: str) -> bool:
    """Run every target; return whether all is well."""
    well = True
    for name in TARGETS:
        command = [sys.executable, "-m", "tests.fuzz.one", name, f"-max_total_time={seconds}", "-print_final_stats=1"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        tried = re.search(r"executed_units: *(\d+)", done.stderr)
        print(f"{name:9} {int(tried[1]) if tried else 0:9,} inputs", "broken:" if done.returncode else "", flush=True)
        if done.returncode:
            print(done.stdout[-3_000:], done.stderr[-1_000:])
            well = False
    return well


if __name__ == "__main__":
    sys.exit(not fuzz_all(os.environ.get("FUZZ_SECONDS", "20")))
