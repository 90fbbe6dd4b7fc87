"""Structured logs: one JSON object a line on standard error, every line of a request with its id."""

from __future__ import annotations

import logging
import sys

import orjson
import structlog

LOGGER: structlog.typing.FilteringBoundLogger = structlog.get_logger()


def configure_logging(level: str) -> None:
    """Send structlog's events, as JSON lines of at least `level`, to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
