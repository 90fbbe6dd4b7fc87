"""`python -m service.reload.preflight`: put the rulebook into force if the service can serve with it.

If it can't, with these settings and this rulebook, exit 1 and say what is wrong.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from service.app import create_app
from service.config import read_settings
from service.reload.in_force import InForce
from service.rulebook_files import read_bounded


def main() -> None:
    """Try the rulebook's text in a folder of its own first: what was tried, and no later text, is put into force."""
    try:
        settings = read_settings()
        text = read_bounded(settings.rulebook)
        with TemporaryDirectory(dir=settings.folder) as trial:
            InForce(Path(trial)).accept(text)
            create_app(replace(settings, folder=Path(trial)))
        if settings.folder:
            InForce(settings.folder).accept(text)
    except (OSError, ValueError) as fault:
        sys.exit(f"staffing: {fault}")


if __name__ == "__main__":
    main()
