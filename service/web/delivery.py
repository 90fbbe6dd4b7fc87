"""How the page's files leave: headers that hold the browser to them, compressed, and assets kept for good."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files
from mimetypes import guess_type

from flask import Response, request

# No inline script or style, nothing from elsewhere, no frame around it.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {  # beside those that the guard puts on every response
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_FOR_GOOD = "public, max-age=31536000, immutable"


def page(html: str, status: int = 200) -> Response:
    """An HTML page, asked for anew each time."""
    response = _compressed(html.encode(), "text/html; charset=utf-8")
    response.status_code = status
    response.headers.update(HEADERS)
    response.headers["Cache-Control"] = "no-cache"
    return response


class Assets:
    """Styles and scripts by name; their address holds their digest, so that a browser may keep them for good."""

    def __init__(self, names: Iterable[str]) -> None:
        folder = files("service") / "static"
        self._bodies = {name: (folder / name).read_bytes() for name in names}
        self.digest = sha256(b"".join(self._bodies.values())).hexdigest()[:12]

    def send(self, name: str) -> Response | None:
        """The file, or None where there is none of this name."""
        body = self._bodies.get(name)
        if body is None:
            return None
        response = _compressed(body, f"{guess_type(name)[0]}; charset=utf-8")
        response.headers["Cache-Control"] = _FOR_GOOD
        return response


def _compressed(body: bytes, content_type: str) -> Response:
    response = Response(content_type=content_type)
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"]:
        body = gzip.compress(body, 6, mtime=0)
        response.content_encoding = "gzip"
    response.data = body
    return response
