"""The spool between who makes an answer and who reads it: nothing lost, nothing left, and an end for everything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from socket import socketpair
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.faults import UnreadableError
from service.api import spool as spools
from service.api import streams
from service.api.spool import Room, Spool
from service.api.streams import Exchange, read_chunks
from tests.servers import eventually

PIECE = b"0123456789abcdef" * 4_096  # 64 kB
LIMIT = 64 * len(PIECE)


def filled(spool: Spool, source: Iterator[bytes]) -> Thread:
    """Fill a spool in a thread, as a batch does."""
    thread = Thread(target=spool.fill, args=(source,), daemon=True)
    thread.start()
    return thread


@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(st.binary(max_size=400_000), max_size=20), limit=st.sampled_from([0, 500_000, LIMIT]))
def test_what_goes_in_comes_out(pieces: list[bytes], limit: int) -> None:
    """In order, whatever the sizes and however little room there is; and the room is given back."""
    room = Room(limit)
    spool = Spool(room)
    thread = filled(spool, iter(pieces))
    assert b"".join(spool) == b"".join(pieces)
    thread.join()
    spool.close()
    assert room.left == limit


def test_who_fills_waits_for_room_and_goes_on_when_there_is_some() -> None:
    """Some in memory, some in the file; another spool has no room until this one was read."""
    room = Room(LIMIT)
    with closing(Spool(room)) as spool, closing(Spool(room)) as other:
        filled(spool, iter([PIECE] * 200))
        eventually(lambda: room.left == 0)
        filled(other, iter([PIECE] * 200))
        assert b"".join(spool) == PIECE * 200
        assert b"".join(other) == PIECE * 200
    assert room.left == LIMIT


def test_a_disk_that_is_full_is_as_good_as_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it refuses or takes only a part: the reader makes room in memory."""

    def refused(_file: int, _data: bytes, _at: int) -> int:
        raise OSError(28, "No space left on device")

    for write in (refused, lambda _file, data, _at: len(data) - 1):
        monkeypatch.setattr(os, "pwrite", write)
        room = Room(LIMIT)
        with closing(Spool(room)) as spool:
            filled(spool, iter([PIECE] * 50))
            assert b"".join(spool) == PIECE * 50
        assert room.left == LIMIT


def test_a_folder_that_cannot_be_written_is_as_good_as_no_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A container may be read-only."""
    monkeypatch.setattr(spools, "TemporaryFile", lambda **_: (tmp_path / "missing" / "file").open("wb"))
    with closing(Spool(Room(LIMIT))) as spool:
        filled(spool, iter([PIECE] * 50))
        assert b"".join(spool) == PIECE * 50


@pytest.mark.parametrize("error", [UnreadableError("no more"), SystemExit("no more")])
def test_an_error_comes_after_all_that_came_before_it(error: BaseException) -> None:
    """However much of that was not read yet, and be it a worker that gives up."""

    def broken() -> Iterator[bytes]:
        yield from [PIECE] * 40
        raise error

    received: list[bytes] = []
    with closing(Spool(Room(LIMIT))) as spool:
        filled(spool, broken()).join()
        with pytest.raises(type(error), match="no more"):
            received.extend(spool)
    assert b"".join(received) == PIECE * 40


def test_closing_ends_who_fills() -> None:
    """Though it waits for room; nothing stays on the disk."""
    room = Room(LIMIT)
    spool = Spool(room)
    thread = filled(spool, iter(lambda: PIECE, b""))
    eventually(lambda: room.left == 0)
    spool.close()
    thread.join(10)
    assert not thread.is_alive()
    assert room.left == LIMIT


def test_a_connection_on_which_nothing_moves_is_ended() -> None:
    """Who makes the answer waits for the client, who waits too: then both are told that it is over."""
    ours, theirs = socketpair()
    with ours, theirs, ours.makefile("rb") as body:
        environ = {"gunicorn.socket": ours, "wsgi.input": body, "CONTENT_LENGTH": "9"}
        exchange = Exchange(environ, patience=0.05)
        with pytest.raises(UnreadableError, match="after 0 of 9 bytes"):
            list(exchange.ahead(exchange.read(), Room(0)))
        assert theirs.recv(1) == b""


def test_a_connection_on_which_one_side_moves_is_not() -> None:
    """The body comes bit by bit, each in time and all of it long after."""
    ours, theirs = socketpair()
    with ours, theirs, ours.makefile("rb") as body:
        environ = {"gunicorn.socket": ours, "wsgi.input": body, "CONTENT_LENGTH": "4000"}
        exchange = Exchange(environ, patience=20)
        answer = exchange.ahead(exchange.read(), Room(0))
        for size in (1_024, 2_048, 928):
            theirs.sendall(b"x" * size)
            assert len(next(answer)) == size
        assert next(answer, None) is None
        assert ours.gettimeout() is None
        theirs.sendall(b"next")
        assert ours.recv(4) == b"next"  # the connection is there for another request


class Endless:
    """A body of which as much comes as is asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def read(self, size: int) -> bytes:
        """As much as is asked for."""
        self.asked.append(size)
        return b"x" * size


@pytest.mark.parametrize(("seconds", "asked"), [(0, [1_024, 2_048, 4_096, 8_192]), (2, [1_024] * 4)])
def test_a_body_is_read_in_steps_that_its_pace_allows(
    monkeypatch: pytest.MonkeyPatch, seconds: int, asked: list[int]
) -> None:
    """Larger ones while they come quickly; a slow sender is seen to move, and is answered early."""
    monkeypatch.setattr(streams, "monotonic", count(0, seconds).__next__)
    body = Endless()
    list(islice(read_chunks({"wsgi.input": body, "CONTENT_LENGTH": "1000000"}), 4))
    assert body.asked == asked
