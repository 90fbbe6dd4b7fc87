"""Spans for requests, cache look-ups and the engine, sent by OTLP. Import it only where the extra is installed.

Exporter, sampler, batches and resource are set by OpenTelemetry's own variables (`OTEL_*`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, request
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.redis import RedisInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, Tracer, format_trace_id, get_current_span

from rules.explain import Json
from service.cache import Fetched
from service.logs import CONTEXT
from service.recommender import Recommender

P = ParamSpec("P")
T = TypeVar("T")

_PROBES = "health/live,health/ready,metrics"


def install(app: Flask, recommender: Recommender) -> None:
    """Trace the application from now on; in a worker, never in the process that forks it: the exporter has a thread."""
    provider = TracerProvider(
        resource=Resource.create({SERVICE_NAME: "staffing-recommender"}).merge(OTELResourceDetector().detect())
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    excluded = None if "OTEL_PYTHON_FLASK_EXCLUDED_URLS" in os.environ else _PROBES
    FlaskInstrumentor().instrument_app(
        app, tracer_provider=provider, excluded_urls=excluded, response_hook=_leave_query_out
    )
    RedisInstrumentor().instrument(tracer_provider=provider)
    tracer, cache, engine = provider.get_tracer("service"), recommender.cache, recommender.engine
    cache.fetch = _spanned(tracer, "cache", cache.fetch, _say_outcome)  # type: ignore[method-assign]
    engine.recommend = _spanned(tracer, "engine", engine.recommend, _say_decision)  # type: ignore[method-assign]
    if _trace_id not in CONTEXT:
        CONTEXT.append(_trace_id)


def _leave_query_out(span: Span, *_: object) -> None:
    """Keep what a permalink says of a project to the service, under the old names of attributes and the new."""
    span.set_attribute("http.target", request.path)
    span.set_attribute("url.query", "")


def _spanned(tracer: Tracer, name: str, work: Callable[P, T], describe: Callable[[Span, T], None]) -> Callable[P, T]:
    @wraps(work)
    def spanned(*args: P.args, **kwargs: P.kwargs) -> T:
        if not get_current_span().is_recording():  # a probe's, or one that is not sampled
            return work(*args, **kwargs)
        with tracer.start_as_current_span(name) as span:
            done = work(*args, **kwargs)
            describe(span, done)
            return done

    return spanned


def _say_outcome(span: Span, fetched: Fetched) -> None:
    span.set_attribute("cache.status", fetched.cache_status)


def _say_decision(span: Span, answer: Json) -> None:
    span.set_attributes({"rulebook.digest": answer["rulebook"]["digest"], "lean": answer["lean"]})


def _trace_id() -> dict[str, str]:
    context = get_current_span().get_span_context()
    return {"trace_id": format_trace_id(context.trace_id)} if context.is_valid else {}
