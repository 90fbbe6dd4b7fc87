"""Structured logs: one JSON object a line on standard error, every line of a request with its id."""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

LOGGER: FilteringBoundLogger = structlog.get_logger()
REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)


def configure_logging(level: str) -> None:
    """Send structlog's events, as JSON lines of at least `level`, to standard error."""
    structlog.configure(
        processors=[
            _add_request_id,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
    )


def _add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if (request_id := REQUEST_ID.get()) is not None:
        event["request_id"] = request_id
    return event
