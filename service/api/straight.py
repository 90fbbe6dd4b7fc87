"""`POST /recommend` ahead of Flask, whose routing and contexts cost more than an answer that is known."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from flask import Flask

from service.api.recommend import Recommend
from service.guard.guard import Guard
from service.requests import ROUTE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PATH = "/recommend"
_GROUPS = (None, "recommend")  # of hooks: those around every view, and those around the blueprint's


class Straight:
    """WSGI middleware: answers what is well formed, and has Flask's handlers tell what is wrong."""

    def __init__(self, app: Flask, recommend: Recommend, guard: Guard) -> None:
        """Stand before an application, and aside where anything is to run around its views."""
        self._app = app
        self._behind: WSGIApplication = app.wsgi_app
        self._recommend = recommend
        self._guard = guard

    @cached_property
    def _clear(self) -> bool:
        """Whether nothing but the guard's look at the address is to run; asked when all that may be is registered."""
        app = self._app
        before = (app.url_value_preprocessors, app.before_request_funcs)
        after = (app.after_request_funcs, app.teardown_request_funcs)
        hooks = [hook for kind in (*before, *after) for group in _GROUPS for hook in kind.get(group, ())]
        return all(hook == self._guard.admit_local for hook in hooks)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        ours = self._clear and environ["PATH_INFO"] == _PATH and environ["REQUEST_METHOD"] == "POST"
        if not (ours and self._guard.near(environ)):
            return self._behind(environ, start_response)
        environ[ROUTE] = _PATH
        try:
            body, headers = self._recommend.posted(environ)
        except Exception as error:  # told by Flask's handlers, and logged where it is no fault of the caller's
            with self._app.request_context(environ):
                return self._app.make_response(self._app.handle_user_exception(error))(environ, start_response)
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [body]
