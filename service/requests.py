"""What every request gets: an id, and one line in the log when it has been answered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from random import getrandbits
from time import perf_counter
from typing import TYPE_CHECKING

from service.logs import LOGGER, REQUEST_ID

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CACHE_STATUS = "staffing.cache_status"  # where a view leaves in the environment what the log shall say
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Requests:
    """WSGI middleware: takes the caller's `X-Request-ID` where it is well formed, makes one where not, and logs."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._log = LOGGER.bind()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        started = perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID")
        request_id = given if given and _WELL_FORMED.fullmatch(given) else f"{getrandbits(128):032x}"
        REQUEST_ID.set(request_id)

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            self._log.info(
                "request",
                method=environ["REQUEST_METHOD"],
                path=environ["PATH_INFO"],
                status=int(status[:3]),
                ms=round((perf_counter() - started) * 1_000, 2),
                cache=environ.get(CACHE_STATUS),
            )
            headers.append(("X-Request-ID", request_id))
            return start_response(status, headers, *rest)  # type: ignore[arg-type]

        return self._app(environ, start)  # type: ignore[arg-type]
