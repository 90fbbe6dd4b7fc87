"""What every request gets: an id, a line in the log and its place in the metrics when it has been answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from random import getrandbits
from time import perf_counter
from typing import TYPE_CHECKING, Any

from service.logs import LEDGER, REQUEST_ID

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Where others leave in the environment what the log shall say.
CACHE_STATUS = "staffing.cache_status"
ROUTE = "staffing.route"  # the route's template, where Flask did not find it
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")

Observe = Callable[[dict[str, Any], str, float], None]
"""Takes the request's environment, its status code and the seconds until its answer began."""


class Requests:
    """WSGI middleware: takes the caller's `X-Request-ID` where it is well formed, makes one where not, and tells."""

    def __init__(self, app: WSGIApplication, observe: Observe) -> None:
        self._app = app
        self._observe = observe

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        started = perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID")
        request_id = given if given and _WELL_FORMED.fullmatch(given) else f"{getrandbits(128):032x}"
        REQUEST_ID.set(request_id)

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            seconds, code = perf_counter() - started, status[:3]
            if LEDGER.info:
                LEDGER.write(_line(environ, code, seconds))
            self._observe(environ, code, seconds)
            headers.append(("X-Request-ID", request_id))
            return start_response(status, headers, *rest)  # type: ignore[arg-type]

        return self._app(environ, start)  # type: ignore[arg-type]


def _line(environ: WSGIEnvironment, code: str, seconds: float) -> dict[str, Any]:
    return {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "status": int(code),
        "ms": round(seconds * 1_000, 2),
        "cache": environ.get(CACHE_STATUS),
        "event": "request",
    }
