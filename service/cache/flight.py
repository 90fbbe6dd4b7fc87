"""One computation per key at a time."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Lets the first caller for a key do the work while later ones wait for its result.

    Work must not fly again for its own key: it would wait for itself.
    """

    def __init__(self) -> None:
        self._flights: dict[str, Future[T]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        """Return how many keys are being worked on."""
        return len(self._flights)

    def run(self, key: str, work: Callable[[], T]) -> tuple[T, bool]:
        """Return the result, and whether this caller did the work.

        An error in the work reaches everyone who waited for it. A leader that is killed
        (SystemExit, a greenlet's end) says nothing about the work: a follower takes over.
        """
        while True:
            with self._lock:
                flight = self._flights.get(key)
                if flight is None:
                    mine = self._flights[key] = Future()
                    break
            try:
                return flight.result(), False
            except CancelledError:
                continue
        return self._lead(key, mine, work), True

    def _lead(self, key: str, flight: "Future[T]", work: Callable[[], T]) -> T:
        try:
            result = work()
        except Exception as error:
            flight.set_exception(error)
            raise
        else:
            flight.set_result(result)
            return result
        finally:
            with self._lock:
                del self._flights[key]
            flight.cancel()  # does nothing unless the work was cut short
