"""The circuit breaker spares a broken tier, and lets one caller at a time try it again."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event

import pytest
from redis import exceptions
from structlog.testing import capture_logs

from service.cache.circuit import Circuit
from service.cache.tier import Unavailable
from service.logs import configure_logging
from tests.servers import eventually

LONG, AT_ONCE = 3600.0, 0.0


def fail() -> None:
    raise exceptions.TimeoutError("no answer")


def succeed() -> str:
    return "well"


def fail_times(circuit: Circuit, times: int) -> None:
    for _ in range(times):
        with suppress(Unavailable):
            circuit.call(fail)


def test_a_result_comes_through() -> None:
    """A closed circuit is no obstacle."""
    assert Circuit("redis", 3, LONG).call(succeed) == "well"


@pytest.mark.parametrize(
    "error", [exceptions.TimeoutError("slow"), OSError("gone"), UnicodeError("odd"), KeyError("bug")]
)
def test_whatever_the_client_raises_is_the_tiers_failure(error: Exception) -> None:
    """Callers see one exception, and the failure is counted."""
    circuit = Circuit("redis", 3, LONG)

    def command() -> None:
        raise error

    with pytest.raises(Unavailable):
        circuit.call(command)
    assert circuit.failures == 1


def test_failures_in_a_row_open_it() -> None:
    """After so many, the tier is not called any more."""
    circuit = Circuit("redis", 3, LONG)
    fail_times(circuit, 3)
    calls: list[int] = []

    with pytest.raises(Unavailable):
        circuit.call(lambda: calls.append(1))
    assert (circuit.state, circuit.failures, calls) == ("open", 3, [])


def test_a_success_in_between_starts_the_count_again() -> None:
    """Now and then a failure is not an outage."""
    circuit = Circuit("redis", 3, LONG)
    for _ in range(5):
        fail_times(circuit, 2)
        circuit.call(succeed)

    assert (circuit.state, circuit.failures) == ("closed", 10)


def test_it_closes_when_a_probe_succeeds() -> None:
    """Once its time is up, the next call is let through and closes it."""
    circuit = Circuit("redis", 3, AT_ONCE)
    fail_times(circuit, 3)

    assert circuit.call(succeed) == "well"
    assert circuit.state == "closed"


def test_it_stays_open_when_a_probe_fails() -> None:
    """One failed probe is enough."""
    circuit = Circuit("redis", 3, AT_ONCE)
    fail_times(circuit, 4)

    assert (circuit.state, circuit.failures) == ("open", 4)


def test_calls_run_side_by_side() -> None:
    """The breaker's lock is not held while a call lasts: each of these waits for all the others."""
    circuit = Circuit("redis", 3, LONG)
    meeting = Barrier(8)
    with ThreadPoolExecutor(8) as threads:
        calls = [threads.submit(circuit.call, lambda: meeting.wait(10)) for _ in range(8)]

    assert sorted(call.result() for call in calls) == list(range(8))


def test_only_one_caller_waits_for_a_probe() -> None:
    """While one tries, everybody else is turned away at once."""
    circuit = Circuit("redis", 1, AT_ONCE)
    fail_times(circuit, 1)
    trying, answer = Event(), Event()

    def probe() -> None:
        trying.set()
        assert answer.wait(10)

    with ThreadPoolExecutor(1) as threads:
        prober = threads.submit(circuit.call, probe)
        assert trying.wait(10)
        for _ in range(3):
            with pytest.raises(Unavailable):
                circuit.call(succeed)
        answer.set()
        prober.result()

    assert circuit.call(succeed) == "well"


def test_a_late_success_does_not_close_it() -> None:
    """An answer to a question from before the outage is no news."""
    circuit = Circuit("redis", 1, LONG)
    asked, answer = Event(), Event()

    def slow() -> str:
        asked.set()
        assert answer.wait(10)
        return "late"

    with ThreadPoolExecutor(1) as threads:
        late = threads.submit(circuit.call, slow)
        assert asked.wait(10)
        fail_times(circuit, 1)
        answer.set()

        assert late.result() == "late"
    assert circuit.state == "open"


def test_a_late_failure_is_counted_all_the_same() -> None:
    """Whoever was waiting when it opened fails like the others."""
    circuit = Circuit("redis", 1, LONG)
    asked, answer = Event(), Event()

    def slow() -> None:
        asked.set()
        assert answer.wait(10)
        fail()

    with ThreadPoolExecutor(1) as threads:
        late = threads.submit(circuit.call, slow)
        assert asked.wait(10)
        fail_times(circuit, 1)
        answer.set()

        assert isinstance(late.exception(), Unavailable)
    assert circuit.failures == 2


def test_a_busy_pool_is_not_an_outage() -> None:
    """Too many calls of our own say nothing about the tier."""
    circuit = Circuit("redis", 1, LONG)

    def command() -> None:
        raise exceptions.MaxConnectionsError("Too many connections")

    with pytest.raises(Unavailable):
        circuit.call(command)
    assert (circuit.state, circuit.failures) == ("closed", 0)


def test_one_line_is_logged_for_each_change_of_state() -> None:
    """However many callers fail meanwhile, and however often a probe does."""
    circuit = Circuit("redis", 3, AT_ONCE)
    configure_logging("info")  # whatever another test left
    with capture_logs() as lines:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda _: fail_times(circuit, 5), range(8)))
        eventually(lambda: circuit.call(succeed))
        fail_times(circuit, 2)
        circuit.call(succeed)

    assert [(line["event"], line["log_level"], line["tier"]) for line in lines] == [
        ("cache_tier_unavailable", "warning", "redis"),
        ("cache_tier_recovered", "info", "redis"),
    ]
    assert lines[0]["error"] == "TimeoutError: no answer"
