"""README's commands and the outputs under them. `python -m tests.docs.readme` writes what they print now."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
SHOWN_URL = "http://127.0.0.1:8000"
_BLOCK = re.compile(r"```console\n\$ (?P<command>.+)\n(?P<output>[^`]*)```")


def blocks() -> list[tuple[str, str]]:
    """Every command of a console block, with the output that README shows for it."""
    return [(found["command"], found["output"]) for found in _BLOCK.finditer(README.read_text())]


def run(command: str, url: str) -> str:
    """What the command prints in a shell at the project's root, against the service at `url`."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command.replace(SHOWN_URL, url)],
        cwd=ROOT,
        env={"PATH": path, "LANG": "C.UTF-8", "COLUMNS": "100"},
        capture_output=True,
        check=False,
        text=True,
    )
    lines = (done.stdout + done.stderr).replace(url, SHOWN_URL).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def rewrite(printed: Callable[[str], str]) -> None:
    """Put what each command prints under it."""

    def block(found: re.Match[str]) -> str:
        return f"```console\n$ {found['command']}\n{printed(found['command'])}```"

    README.write_text(_BLOCK.sub(block, README.read_text()))


if __name__ == "__main__":
    from bench.processes import gunicorn

    with gunicorn("service.app:create_app()") as port:
        rewrite(lambda command: run(command, f"http://127.0.0.1:{port}"))
