"""One computation per key at a time, whatever becomes of it."""

from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, repeat
from threading import Event

import pytest

from service.cache.flight import SingleFlight
from tests.servers import eventually

FOLLOWERS = 15


class Work:
    """Work that waits to be released and counts how often it was begun; the last outcome goes on."""

    def __init__(self, *outcomes: int | BaseException) -> None:
        self.begun = 0
        self.release = Event()
        self._outcomes = chain(outcomes, repeat(outcomes[-1]))

    def __call__(self) -> int:
        self.begun += 1
        outcome = next(self._outcomes)
        assert self.release.wait(10)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


def crowd(flights: SingleFlight[int], work: Work, threads: ThreadPoolExecutor) -> list[Future[tuple[int, bool]]]:
    """Send a leader and its followers, and release the work once all of them wait for it."""
    callers = [threads.submit(flights.run, "key", work) for _ in range(FOLLOWERS + 1)]
    # A waiting follower is registered with the flight's condition: the one honest sign that it waits.
    eventually(lambda: (flight := flights._flights.get("key")) and len(flight._condition._waiters) == FOLLOWERS)
    work.release.set()
    return callers


@pytest.fixture
def flights() -> SingleFlight[int]:
    return SingleFlight()


def test_a_crowd_for_one_key_works_once(flights: SingleFlight[int]) -> None:
    """One leads; the others get its result and know that they followed."""
    work = Work(42)
    with ThreadPoolExecutor(FOLLOWERS + 1) as threads:
        results = [caller.result() for caller in crowd(flights, work, threads)]

    assert work.begun == 1
    assert sorted(results) == [(42, False)] * FOLLOWERS + [(42, True)]


def test_keys_do_not_wait_for_each_other(flights: SingleFlight[int]) -> None:
    """A slow key holds up nobody else."""
    slow = Work(1)
    with ThreadPoolExecutor(1) as threads:
        leader = threads.submit(flights.run, "slow", slow)
        eventually(lambda: slow.begun)

        assert flights.run("quick", lambda: 2) == (2, True)

        slow.release.set()
        assert leader.result() == (1, True)


def test_an_error_reaches_leader_and_followers(flights: SingleFlight[int]) -> None:
    """The work would fail for each of them: it is not repeated once per follower."""
    work = Work(ValueError("no"))
    with ThreadPoolExecutor(FOLLOWERS + 1) as threads:
        errors = [caller.exception() for caller in crowd(flights, work, threads)]

    assert work.begun == 1
    assert {type(error) for error in errors} == {ValueError}


def test_a_follower_takes_over_from_a_leader_that_was_killed(flights: SingleFlight[int]) -> None:
    """The end of a thread says nothing about the work."""
    work = Work(SystemExit(), 42)
    with ThreadPoolExecutor(FOLLOWERS + 1) as threads:
        callers = crowd(flights, work, threads)
        killed = [caller for caller in callers if caller.exception()]
        results = {caller.result()[0] for caller in callers if caller not in killed}

    assert len(killed) == 1
    assert results == {42}


@pytest.mark.parametrize("outcome", [42, ValueError("no"), SystemExit()], ids=["value", "error", "killed"])
def test_nothing_is_left_of_a_flight(flights: SingleFlight[int], outcome: int | BaseException) -> None:
    """Keys in flight are forgotten however the flight ends, and may fly again."""
    work = Work(outcome)
    work.release.set()
    if isinstance(outcome, BaseException):
        with pytest.raises(type(outcome)):
            flights.run("key", work)
    else:
        flights.run("key", work)

    assert len(flights) == 0
    assert flights.run("key", lambda: 7) == (7, True)
