"""The HTTP service, the command line and the cache around the decision."""

VERSION = "0.1.0"  # of the package; pyproject.toml reads it here
