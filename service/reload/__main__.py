"""`python -m service.reload MASTER`: take the rulebook's file up, or refuse it; the master runs this on SIGHUP.

gunicorn's own reload tells the old workers to end while the new ones still load, and has a server whose workers
can't load come to its end. So the file is tried first, in a process of its own, and workers are replaced one by one,
each after another has come to take its requests.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from functools import partial
from pathlib import Path

from service.config import read_settings
from service.logs import LOGGER, configure_logging
from service.reload.in_force import InForce
from service.reload.workers import Workers

PATIENCE = 60  # seconds in which a rulebook is read, and in which a worker comes up


def main(master: int) -> None:
    """Take the rulebook up for the workers of a gunicorn master, this process's parent."""
    os.nice(10)  # whoever waits for an answer comes first
    settings = read_settings()
    configure_logging(settings.log_level)
    assert settings.folder is not None, "only a server's master runs this"
    with _turn(settings.folder) as ours:
        if not ours:
            return  # the one that waits will read the file as it is now
        fault = _fault()
        if os.getppid() != master:
            return  # it has ended meanwhile, and its folder is gone
        if fault:
            LOGGER.error("rulebook_refused", fault=fault)
            InForce(settings.folder).refuse(_reason(fault))
        else:
            _renew(Workers(settings.folder), master)
            LOGGER.info("rulebook_taken_up")


def _fault() -> str | None:
    """What is wrong with the rulebook's file; it is in force if nothing is."""
    command = [sys.executable, "-m", "service.reload.preflight"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE)  # noqa: S603 (our own words)
    except subprocess.TimeoutExpired:
        return f"it could not be read within {PATIENCE} seconds"
    said = done.stderr.decode(errors="replace").strip().removeprefix("staffing: ")
    return (said or f"the preflight ended with {done.returncode}") if done.returncode else None


def _reason(fault: str) -> str:
    first, *more = fault.splitlines()
    others = f" (and {len(more)} more; the log has all)" if more else ""
    return f"The rulebook of {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} is refused: {first}{others}"


def _renew(workers: Workers, master: int) -> None:
    """Replace each worker: the master has one more come up, and the old one ends when it has answered what it has."""
    for old in workers.serving():
        if workers.retire(old):
            before = workers.ready()
            os.kill(master, signal.SIGTTIN)
            _await(partial(_another, workers, before), master)
            with suppress(ProcessLookupError):
                os.kill(old, signal.SIGTERM)


def _another(workers: Workers, before: set[int]) -> bool:
    return bool(workers.ready() - before)


def _await(holds: Callable[[], bool], master: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if os.getppid() != master or time.monotonic() > deadline:
            LOGGER.error("reload_stalled", master_lives=os.getppid() == master)
            sys.exit(1)  # the old workers serve on, if any do
        time.sleep(0.05)


@contextmanager
def _turn(folder: Path) -> Iterator[bool]:
    """Wait for the reload at hand to end; false at once if another waits already."""
    with (folder / "waiting").open("w") as waiting, (folder / "reloading").open("w") as reloading:
        try:
            flock(waiting, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
            return
        flock(reloading, LOCK_EX)
        flock(waiting, LOCK_UN)
        yield True


if __name__ == "__main__":
    main(int(sys.argv[1]))
