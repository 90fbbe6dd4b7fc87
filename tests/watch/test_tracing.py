"""Traces, sent to a collector of our own by the service under a Python that has OpenTelemetry.

It is no part of the service: `TELEMETRY_PYTHON` names an interpreter that has requirements-telemetry.txt (`make
telemetry` makes such a one), or this one does. Where neither is so, these tests are skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from schemas.openapi import EXAMPLE
from tests.servers import RedisServer, eventually
from tests.workers import ROOT, Service

Serve = Callable[..., Service]
Span = dict[str, Any]

PYTHON = os.environ.get("TELEMETRY_PYTHON", sys.executable)
SOON = {"OTEL_BSP_SCHEDULE_DELAY": "100", "PYTHONPATH": str(ROOT)}
TO_JSON = """
import sys
from google.protobuf.json_format import MessageToJson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
print(MessageToJson(ExportTraceServiceRequest.FromString(sys.stdin.buffer.read()), indent=None))
"""


@cache
def has_telemetry() -> bool:
    """Whether that Python has what traces need."""
    asked = [PYTHON, "-c", "import opentelemetry.exporter.otlp.proto.http"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


class Collector:
    """What was exported to it, by OTLP over HTTP."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, bytes]] = []
        self.url = ""

    def resources(self) -> list[dict[str, Any]]:
        """The spans by resource, as the protocol has them."""
        return [each for _, body in self.requests for each in _decoded(body)["resourceSpans"]]

    def spans(self) -> list[Span]:
        """Every span, its attributes as a dictionary."""
        scopes = (scope for resource in self.resources() for scope in resource["scopeSpans"])
        return [span | {"attributes": _plain(span)} for scope in scopes for span in scope["spans"]]

    def trace(self, trace_id: str) -> dict[str, Span]:
        """The spans of a trace, by name."""
        return {span["name"]: span for span in self.spans() if _hex(span["traceId"]) == trace_id}


@cache
def _decoded(body: bytes) -> Any:
    return json.loads(subprocess.run([PYTHON, "-c", TO_JSON], input=body, capture_output=True, check=True).stdout)


def _plain(described: dict[str, Any]) -> dict[str, Any]:
    return {each["key"]: next(iter(each["value"].values())) for each in described.get("attributes", ())}


def _hex(encoded: str) -> str:
    return b64decode(encoded).hex()


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run a collector."""
    collector = Collector()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.requests.append((self.path, body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        collector.url = f"http://127.0.0.1:{server.server_address[1]}"
        Thread(target=server.serve_forever).start()
        try:
            yield collector
        finally:
            server.shutdown()


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector for one test, where there is somebody to send to it."""
    if not has_telemetry():
        pytest.skip(f"OpenTelemetry is not installed in {PYTHON}: make telemetry, and name it in TELEMETRY_PYTHON")
    with collecting() as running:
        yield running


def test_a_request_is_a_trace_with_its_look_up_and_its_decision(
    serve: Serve, collector: Collector, redis_server: RedisServer
) -> None:
    """From every worker, and the line in the log names it."""
    service = serve(
        PYTHON, WEB_CONCURRENCY="2", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, REDIS_URL=redis_server.url, **SOON
    )
    reply = service.recommend(EXAMPLE)
    assert reply.status == 200
    line = next(one for one in service.events("request") if one["request_id"] == reply.headers["x-request-id"])
    eventually(lambda: len(collector.trace(line["trace_id"])) == 5)
    trace = collector.trace(line["trace_id"])
    assert set(trace) == {"POST /recommend", "cache", "engine", "GET", "SET"}
    request, look_up, engine = trace["POST /recommend"], trace["cache"], trace["engine"]
    assert (look_up["parentSpanId"], engine["parentSpanId"]) == (request["spanId"], look_up["spanId"])
    assert look_up["attributes"]["cache.status"] == reply.headers["cache-status"]
    assert engine["attributes"]["lean"] == reply.json()["lean"]
    (name, *others) = {_plain(resource["resource"])["service.name"] for resource in collector.resources()}
    assert (name, others, {path for path, _ in collector.requests}) == ("staffing-recommender", [], {"/v1/traces"})


def test_a_trace_goes_on_from_the_callers_and_holds_nothing_of_the_query(serve: Serve, collector: Collector) -> None:
    """Whose id it takes; an address may hold a description."""
    service = serve(PYTHON, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_SERVICE_NAME="ours", **SOON)
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    link = "/recommend?industry=finance&phase=modeling&deployment.pattern=batch&name=Nightjar"
    service.request("GET", link, headers={"traceparent": f"00-{trace_id}-b7ad6b7169203331-01"})
    eventually(lambda: "GET /recommend" in collector.trace(trace_id))
    assert "Nightjar" not in json.dumps(collector.spans())
    assert {_plain(resource["resource"])["service.name"] for resource in collector.resources()} == {"ours"}


def test_probes_and_scrapes_are_no_traces(serve: Serve, collector: Collector) -> None:
    """They would be most of them."""
    service = serve(PYTHON, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, **SOON)
    for path in ("/health/live", "/health/ready", "/metrics", "/rulebook"):
        assert service.request("GET", path).status == 200
    service.stop()
    assert {span["name"] for span in collector.spans()} == {"GET /rulebook"}


def test_spans_at_hand_are_sent_before_the_end(serve: Serve, collector: Collector) -> None:
    """However long they would have been collected."""
    service = serve(PYTHON, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, PYTHONPATH=str(ROOT))
    service.recommend(EXAMPLE)
    service.stop()
    assert "engine" in {span["name"] for span in collector.spans()}


def test_a_collector_that_is_away_holds_nobody_up(serve: Serve, collector: Collector, nobody_listens: str) -> None:
    """Projects are answered."""
    away = nobody_listens.removeprefix("redis").removesuffix("/0")
    service = serve(PYTHON, OTEL_EXPORTER_OTLP_ENDPOINT=f"http{away}", **SOON)
    assert {service.recommend(EXAMPLE).status for _ in range(5)} == {200}
    assert collector.requests == []


def test_traces_that_were_not_asked_for_import_nothing() -> None:
    """Though they could. What redis-py imports by itself is its own affair."""
    asked = "import sys, service.app; service.app.create_app(); sys.exit('opentelemetry.exporter' in sys.modules)"
    assert subprocess.run([PYTHON, "-c", asked], cwd=ROOT, check=False).returncode == 0


def test_traces_that_were_asked_for_without_the_packages_are_said_to_be_missing() -> None:
    """Once a worker; and projects are answered."""
    hidden = "import sys; sys.modules['opentelemetry'] = None; from service.app import create_app; create_app()"
    environment = {"PATH": os.environ["PATH"], "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    said = subprocess.run([sys.executable, "-c", hidden], cwd=ROOT, env=environment, capture_output=True, check=True)
    (line,) = (json.loads(line) for line in said.stderr.splitlines() if line.startswith(b"{"))
    assert (line["event"], line["level"]) == ("telemetry_not_installed", "warning")
