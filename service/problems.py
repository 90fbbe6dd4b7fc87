"""Errors as RFC 9457 problem documents: every one that leaves the service is made here."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from schemas.faults import Fault, InputError, UnreadableError
from service.logs import LOGGER, REQUEST_ID

PROBLEM_JSON = "application/problem+json"

# RFC 9110's names, which Python has from 3.13 on: a body is the same under every version.
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}

_WAYS_OUT = {
    404: "There is nothing at this address. See /openapi.json for what there is.",
    405: "This address does not take this method. The Allow header names those that it takes.",
    408: "The body took too long to arrive. Send it again, at once.",
    413: "The body is larger than this service takes.",
    415: "Send the project as application/json.",
    500: "The service failed on this request. Its log has the cause under this request_id.",
}


def problem(
    status: int, detail: str | None = None, faults: Iterable[Fault] = (), kind: str = "about:blank"
) -> Response:
    """Render a problem of the given status; `faults` become its `errors`."""
    body = {
        "type": kind,
        "title": _TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": detail or _WAYS_OUT.get(status, HTTPStatus(status).description),
        "instance": quote(request.path),
        "request_id": REQUEST_ID.get(),
        "errors": [fault.body() for fault in faults],
    }
    return Response(orjson.dumps(body), status, content_type=PROBLEM_JSON)


def register(app: Flask) -> None:
    """Answer every error of the application with a problem document."""
    app.register_error_handler(InputError, _wrong_input)
    app.register_error_handler(UnreadableError, _unreadable)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)


def _wrong_input(error: InputError) -> Response:
    count = len(error.faults)
    detail = f"{count} field{' is' if count == 1 else 's are'} wrong; errors names each with a way out."
    return problem(422, detail, error.faults)


def _unreadable(error: UnreadableError) -> Response:
    return problem(400, str(error))


def _http_error(error: HTTPException) -> Response:
    said = error.description if error.description != type(error).description else None
    response = problem(error.code or 500, said)
    for name, value in error.get_headers():  # when to come back, how to say who one is
        if name != "Content-Type":
            response.headers[name] = value
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _failure(error: Exception) -> Response:
    LOGGER.error("request_failed", exc_info=error)
    return problem(500)
