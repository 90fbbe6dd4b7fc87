"""`python -m bench [NAME …]`: run the measurements, or those named."""

from __future__ import annotations

import sys
from importlib import import_module

ALL = ("http",)


def main(names: list[str]) -> None:
    """Run each measurement under its name."""
    for name in names or ALL:
        print(f"== {name}")
        import_module(f"bench.{name}").main()


main(sys.argv[1:])
