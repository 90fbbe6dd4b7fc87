"""The keys that hold now: the file is looked at with every request, and read again when it has changed."""

from __future__ import annotations

import os
from pathlib import Path

from service.guard.keys import Key, Keys, read_keys
from service.logs import LOGGER
from service.watch.readiness import Condition, State

_STALE = "The file of API keys can't be read as it is now; the keys of its last good version go on."


class KeyRing:
    """The keys of a file. One that becomes unreadable or wrong changes nothing: the keys it had before hold on."""

    def __init__(self, path: Path) -> None:
        """Read the file; raises OSError or ValueError where it can't be."""
        self._path = path
        self._keys, self._seen = self._read()
        self._stale = False

    def find(self, presented: str) -> Key | None:
        """The key that was presented, if it holds now."""
        self._refresh()
        return self._keys.find(presented)

    def condition(self) -> Condition:
        """Whether the keys in use are those of the file as it is now."""
        self._refresh()
        return Condition(State.DEGRADED, _STALE) if self._stale else Condition()

    def _refresh(self) -> None:
        """Read the file if it is another than was seen last; a look at it costs a microsecond."""
        try:
            seen = _version(self._path.stat())
            if seen != self._seen:
                self._seen = seen  # a wrong file is read once, and again when it has changed
                self._keys, self._seen = self._read()
                LOGGER.info("keys_reloaded")
                self._stale = False
        except (OSError, ValueError) as error:
            if isinstance(error, OSError):
                self._seen = None  # whatever comes back is read, were it the same as before
            if not self._stale:
                LOGGER.error("keys_unreadable", error=str(error))
            self._stale = True

    def _read(self) -> tuple[Keys, tuple[int, ...] | None]:
        with self._path.open("rb") as file:
            seen = _version(os.fstat(file.fileno()))
            try:
                return Keys(read_keys(file.read())), seen
            except ValueError as error:
                raise ValueError(f"{self._path}: {error}") from None


def _version(status: os.stat_result) -> tuple[int, ...]:
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
