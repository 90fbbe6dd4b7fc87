"""Bytes made ahead of whoever takes them: the first of them wait in memory, the rest in a file without a name."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from threading import Condition
from typing import IO

_IN_MEMORY = 1 << 20  # bytes a spool
_AT_ONCE = 1 << 16
_AGAIN = 1.0  # seconds: another process may have made room on the disk


class Room:
    """What all spools of a process may have on the disk together, in bytes. Safe to share between threads."""

    def __init__(self, limit: int) -> None:
        self.left = limit
        self.changed = Condition()


class Spool:
    """A queue of bytes from one thread to another; where there is no room for more, the first waits for the second."""

    def __init__(self, room: Room) -> None:
        self._room, self._changed = room, room.changed
        self._queue: deque[bytes] = deque()
        self._file: IO[bytes] | None = None
        self._taken = self._stored = 0  # bytes of the file
        self._ended = self._closed = False
        self._error: BaseException | None = None

    def fill(self, source: Iterable[bytes]) -> None:
        """Put in all that the source yields, and the error that it ends in; leave off when the spool is closed."""
        try:
            for data in filter(None, source):
                if not self._put(data):
                    return
        except BaseException as error:  # it is raised where the bytes are taken, a worker's end too
            self._error = error
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[bytes]:
        """Yield what was put in, as it comes, and raise the error that it ends in."""
        while data := self._take():
            yield from (data[at : at + _AT_ONCE] for at in range(0, len(data), _AT_ONCE))
        if self._error:
            raise self._error

    def close(self) -> None:
        """Free what is held; whoever fills the spool is told."""
        with self._changed:
            self._closed = True
            self._queue.clear()
            self._forget()
            if self._file:
                self._file.close()
            self._changed.notify_all()

    def _put(self, data: bytes) -> bool:
        """Whether the data was put in, as it is unless the spool is closed."""
        with self._changed:
            while not self._closed and not self._hold(data):
                self._changed.wait(_AGAIN)
            self._changed.notify_all()
            return not self._closed

    def _hold(self, data: bytes) -> bool:
        if self._taken == self._stored and sum(map(len, self._queue)) < _IN_MEMORY:
            self._queue.append(data)
            return True
        if len(data) > self._room.left or not self._write(data):
            return False
        self._room.left -= len(data)
        self._stored += len(data)
        return True

    def _write(self, data: bytes) -> bool:
        """Whether the data is in the file; a disk that is full, or none at all, is as good as no room."""
        try:
            self._file = self._file or TemporaryFile(buffering=0)  # noqa: SIM115 (closed by `close`)
            return os.pwrite(self._file.fileno(), data, self._stored) == len(data)
        except OSError:
            return False

    def _take(self) -> bytes:
        """The next bytes; none when there will be no more."""
        with self._changed:
            while not (self._queue or self._taken < self._stored or self._ended):
                self._changed.wait()
            data = self._queue.popleft() if self._queue else self._read()
            self._changed.notify_all()
            return data

    def _read(self) -> bytes:
        if self._file is None or self._taken == self._stored:
            return b""
        data = os.pread(self._file.fileno(), _AT_ONCE, self._taken)
        self._taken += len(data)
        if self._taken == self._stored:
            self._forget()
        return data

    def _forget(self) -> None:
        """Give the file's room back, once all of it was taken."""
        self._room.left += self._stored
        self._taken = self._stored = 0
        if self._file:
            os.ftruncate(self._file.fileno(), 0)
