"""The descriptions that the points of words are learned from."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
# The lexicon was tuned on these, so its phrases are right in them more often than elsewhere.
TUNED = [FOLDER / name for name in ("corpus/development.yaml", "corpus/development_more.yaml", "tuning.yaml")]
FRESH = sorted(FOLDER.glob("corpus/training/*.yaml"))


def descriptions() -> list[dict[str, Any]]:
    """Return them, each with its `writer` and whether it is `fresh` to the lexicon."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [
        {**item, "writer": path.stem, "fresh": path in FRESH}
        for path in [*FRESH, *TUNED]
        for item in yaml.load(path.read_text("utf-8"), loader)  # noqa: S506 (a safe loader)
    ]


def digest() -> str:
    """Return a digest of all of them, by which rules/learned.json says what it was learned from."""
    return sha256(b"".join(path.read_bytes() for path in [*FRESH, *TUNED])).hexdigest()
