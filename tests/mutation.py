"""`make mutate`: mutmut over a sample of its mutants, the same for a number and a seed, and those that lived.

Run as `python -P tests/mutation.py NUMBER [SEED]`: mutmut puts its own copy of the tests in the place of these.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import mutmut.__main__ as mutmut
from mutmut.configuration import config
from mutmut.stats import status_by_exit_code


def drawn(number: int, seed: int) -> list[str]:
    """Make the mutants that are not there yet, and draw from all of them."""
    Path("mutants").mkdir(exist_ok=True)
    mutmut.set_mutant_under_test("mutant_generation")
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.create_mutants(os.cpu_count() or 1)
    names = sorted(statuses(()))
    print(f"{number} of {len(names):,} mutants, seed {seed}")
    return Random(seed).sample(names, number)


def statuses(names: tuple[str, ...]) -> dict[str, str]:
    """What mutmut found of mutants, by name; of none named, of all."""
    mutants, _ = mutmut.collect_source_file_mutation_data(mutant_names=names)
    return {name: status_by_exit_code[code] for _, name, code in mutants}


def lives(name: str) -> bool:
    """Whether a mutant passes every test where it acts from the first import; in mutmut's processes it acts later."""
    options = [*config().pytest_add_cli_args, *config().pytest_add_cli_args_test_selection]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "2", *options]
    environment = os.environ | {"MUTANT_UNDER_TEST": name}
    return not subprocess.run(command, cwd="mutants", env=environment, capture_output=True, check=False).returncode


if __name__ == "__main__":
    sample = drawn(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 8)
    mutmut._run(sample, os.cpu_count())
    living = [name for name, status in sorted(statuses(tuple(sample)).items()) if status != "killed" and lives(name)]
    for name in living:
        print(f"# {name}\n{mutmut.get_diff_for_mutant(name)}")
    print(f"{len(sample) - len(living)} of {len(sample)} killed, {1 - len(living) / len(sample):.1%}")
