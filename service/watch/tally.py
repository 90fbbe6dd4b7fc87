"""Counts in plain integers: what is counted with every answer must cost next to nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from threading import Lock

Labels = tuple[str, ...]


class Tally:
    """How often each combination of labels was met in this process. Safe to share between threads."""

    def __init__(self) -> None:
        self._counts: Counter[Labels] = Counter()
        self._lock = Lock()

    def begin(self, values: Iterable[str]) -> None:
        """Have values of a single label stand at nought before they are met: what never happens shows too."""
        self._counts.update(dict.fromkeys(((value,) for value in values), 0))

    def add(self, *labels: str, times: int = 1) -> None:
        """Count one combination."""
        with self._lock:
            self._counts[labels] += times

    def add_each(self, values: Iterable[str]) -> None:
        """Count every value of a single label."""
        with self._lock:
            self._counts.update((value,) for value in values)

    def counts(self) -> Counter[Labels]:
        """What was counted since the start."""
        with self._lock:
            return self._counts.copy()
