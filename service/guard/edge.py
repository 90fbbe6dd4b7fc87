"""The service's edge: the headers that hold browsers back on every response, and the bounds on every connection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BODY_TIMEOUT = "staffing.body_timeout_s"  # where readers of bodies find in the environment how long one may take
IDLE = 60  # seconds for which a client may neither send nor read

_POLICY = "Content-Security-Policy"
_COMMON = [
    ("Referrer-Policy", "no-referrer"),  # an address holds the project
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
]
_NOTHING = (_POLICY, "default-src 'none'; frame-ancestors 'none'")  # what is no page needs nothing
_BY_TLS = ("Strict-Transport-Security", "max-age=31536000")


class Edge:
    """WSGI middleware around the application; a response that sets a policy of its own, as pages do, keeps it."""

    def __init__(self, app: WSGIApplication, body_timeout_s: float) -> None:
        self._app = app
        self._body_timeout_s = body_timeout_s

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        environ[BODY_TIMEOUT] = self._body_timeout_s
        if (socket := environ.get("gunicorn.socket")) is not None:
            socket.settimeout(IDLE)

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            headers += _COMMON
            if all(name != _POLICY for name, _ in headers):
                headers.append(_NOTHING)
            if environ["wsgi.url_scheme"] == "https":
                headers.append(_BY_TLS)
            return start_response(status, headers, *rest)  # type: ignore[arg-type]

        return self._app(environ, start)  # type: ignore[arg-type]
