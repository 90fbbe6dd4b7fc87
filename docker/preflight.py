"""Exit 1, saying what is wrong, if the service can't start with these settings and this rulebook."""

import sys

from service.app import create_app

try:
    create_app()
except (OSError, ValueError) as fault:
    sys.exit(f"staffing: {fault}")
