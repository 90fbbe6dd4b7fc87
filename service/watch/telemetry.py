"""Traces where they are asked for, by OpenTelemetry's own settings; else nothing of it is imported."""

from __future__ import annotations

import os

from flask import Flask

from service.logs import LOGGER
from service.recommender import Recommender

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def wanted() -> bool:
    """Whether the environment names where traces go, and nothing there turns them off."""
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or os.environ.get("OTEL_TRACES_EXPORTER") == "none"
    return not off and any(os.environ.get(name) for name in _ENDPOINTS)


def install(app: Flask, recommender: Recommender) -> None:
    """Trace the application's requests if that is wanted; without the packages for it, say so and go on."""
    if not wanted():
        return
    try:
        from service.watch import tracing  # noqa: PLC0415 (its packages are an extra)
    except ImportError as error:
        LOGGER.warning("telemetry_not_installed", missing=error.name, install="requirements-telemetry.txt")
    else:
        tracing.install(app, recommender)
