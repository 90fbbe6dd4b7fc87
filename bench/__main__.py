"""`python -m bench [--write] [NAME …]`: run the measurements, or those named; `--write` puts them into the documents.

A document takes a measurement between `<!-- bench:NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
import sys
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO

from bench.processes import ROOT

ALL = ("http", "tail", "zen", "rivals", "footprint", "workers", "engine", "batch", "proof", "page", "capacity")
DOCUMENTS = ("README.md", "docs/*.md", "docs/adr/*.md")


def main(arguments: list[str]) -> None:
    """Run each measurement under its name."""
    names = [name for name in arguments if not name.startswith("-")]
    for name in names or ALL:
        printed = StringIO()
        try:
            with redirect_stdout(printed):
                import_module(f"bench.{name}").main()
        finally:  # one that ends with a status of failure shows what it found, too
            print(f"== {name}\n{printed.getvalue()}", flush=True)
        if "--write" in arguments:
            _write(name, printed.getvalue())


def _write(name: str, printed: str) -> None:
    place = re.compile(rf"(<!-- bench:{name} -->\n).*?(<!-- end -->)", re.DOTALL)
    for document in (path for pattern in DOCUMENTS for path in ROOT.glob(pattern)):
        text = document.read_text()
        written = place.sub(lambda found: f"{found[1]}```text\n{printed}```\n{found[2]}", text)
        if written != text:
            document.write_text(written)


if __name__ == "__main__":
    main(sys.argv[1:])
