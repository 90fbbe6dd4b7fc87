"""What every request gets: an id, and one line in the log when it has been answered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import uuid4

from structlog.contextvars import bind_contextvars, clear_contextvars

from service.logs import LOGGER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID = "staffing.request_id"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Requests:
    """WSGI middleware: takes the caller's `X-Request-ID` where it is well formed, makes one where not, and logs."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        started = perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = environ[REQUEST_ID] = given if _WELL_FORMED.fullmatch(given) else uuid4().hex
        clear_contextvars()
        bind_contextvars(request_id=request_id)

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            LOGGER.info(
                "request",
                method=environ["REQUEST_METHOD"],
                path=environ["PATH_INFO"],
                status=int(status[:3]),
                ms=round((perf_counter() - started) * 1_000, 2),
                cache=next((value for name, value in headers if name == "Cache-Status"), None),
            )
            headers.append(("X-Request-ID", request_id))
            return start_response(status, headers, *rest)  # type: ignore[arg-type]

        return self._app(environ, start)  # type: ignore[arg-type]
