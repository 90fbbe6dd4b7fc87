"""Structured logs: one JSON object a line on standard error, every line of a request with its id."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, BinaryIO

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

LOGGER: FilteringBoundLogger = structlog.get_logger()
REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
CONTEXT: list[Callable[[], Mapping[str, str]]] = []  # what else every line is to carry, as a trace's id


class Ledger:
    """Writes the lines that come with every request, as structlog would and at a sixth of its cost.

    What is rare goes through `LOGGER`.
    """

    info = True  # whether lines of that level are wanted

    def __init__(self) -> None:
        self._stream = sys.stderr.buffer

    def configure(self, stream: BinaryIO, *, info: bool) -> None:
        """Write to `stream` from now on."""
        self._stream, self.info = stream, info

    def write(self, event: dict[str, Any]) -> None:
        """Write one event, whatever level is wanted; its request's id and the time are added."""
        if (request_id := REQUEST_ID.get()) is not None:
            event["request_id"] = request_id
        for more in CONTEXT:
            event.update(more())
        event["level"] = "info"
        event["timestamp"] = datetime.now(UTC)
        self._stream.write(orjson.dumps(event, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE))
        self._stream.flush()


LEDGER = Ledger()


def configure_logging(level: str) -> None:
    """Send structlog's events and the ledger's, as JSON lines of at least `level`, to standard error."""
    stream, least = sys.stderr.buffer, getattr(logging, level.upper())
    structlog.configure(
        processors=[
            _add_context,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.BytesLoggerFactory(stream),
    )
    LEDGER.configure(stream, info=least <= logging.INFO)


def _add_context(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if (request_id := REQUEST_ID.get()) is not None:
        event["request_id"] = request_id
    for more in CONTEXT:
        event.update(more())
    return event
