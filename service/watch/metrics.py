"""The service's metrics for Prometheus, whole whichever worker is asked.

Requests are written down at once. What else is counted is counted in plain integers and published once a second and
at every scrape: prometheus-client takes a microsecond or more for each count that other workers are to see.
"""

from __future__ import annotations

import atexit
import os
from collections import Counter as Counts
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from threading import Lock, Thread
from time import sleep
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from rules.model import Rulebook
from rules.vocabulary import FIELDS, ROLES
from service.cache import Outcome, TieredCache
from service.logs import LOGGER
from service.requests import ROUTE
from service.watch.readiness import Readiness
from service.watch.tally import Labels, Tally

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
BREAKER_STATES = ("closed", "half-open", "open")
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_EVERY = 1.0  # seconds between two publications


def shared() -> bool:
    """Whether workers share their metrics in a folder, as docker/gunicorn.conf.py has them do."""
    return "PROMETHEUS_MULTIPROC_DIR" in os.environ


disable_created_metrics()  # type: ignore[no-untyped-call]  # their times are not merged over workers


class Metrics:
    """What is measured. Each application has its own; under several workers they share a folder (see `shared`)."""

    def __init__(self, readiness: Readiness, tiers: TieredCache, rulebook: Rulebook) -> None:
        if shared():
            values.ValueClass = _values_of(os.getpid())
        self._cache = tiers
        self._registry = CollectorRegistry()
        self._sources: list[tuple[Counter, Callable[[], Mapping[Labels, int]]]] = []
        self._published: Counts[tuple[Counter, Labels]] = Counts()
        self._publishing = Lock()
        self._requests: dict[tuple[str, str, str], Histogram] = {}
        self._seconds = Histogram(
            "staffing_request_duration_seconds",
            "Seconds from a request's arrival at a worker until its answer begins; the count is that of requests.",
            ("route", "method", "status"),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._workers = self._gauge("staffing_workers", "Workers alive.", (), "livesum")
        self._breakers = self._gauge(
            "staffing_cache_breakers", "Workers whose circuit breaker is in this state.", ("tier", "state"), "livesum"
        )
        decides = self._gauge(
            "staffing_rulebook_info", "1 for each rulebook that decides.", ("name", "version", "digest"), "livemax"
        )
        decides.labels(rulebook.name, rulebook.version, rulebook.digest).set(1)
        self.answers = self._tally("answers", "Answers given, cached or computed; rows of batches apart.", "lean")
        self.answers.begin(("balanced", *ROLES))
        self.rules = self._tally("rules_fired", "Counted factors of computed answers, by rule.", "rule")
        self.rules.begin(rule.id for rule in rulebook.rules)
        self.unanswered = self._tally("unanswered_fields", "Questions left open in computed answers.", "field")
        self.unanswered.begin(field.name for field in FIELDS if not field.required)
        self.rows = self._tally("batch_rows", "Rows of batches, ok or faulty.", "outcome")
        self.rows.begin(("ok", "faulty"))
        self.deliveries = self._tally("slack_deliveries", "Calls of Slack, delivered or refused.", "method", "outcome")
        lookups = self._counter("cache_lookups", "Look-ups of the cache by what a tier did.", "tier", "outcome")
        self._sources.append((lookups, self._lookups))
        self._scraped = CollectorRegistry()
        self._scraped.register(MultiProcessCollector(None) if shared() else self._registry)  # type: ignore[no-untyped-call]
        self._scraped.register(_Components(readiness))
        if shared():
            atexit.register(self.publish)
            self.publish()  # a worker counts from its first moment
            Thread(target=self._go_on, name="metrics", daemon=True).start()

    def request(self, environ: Mapping[str, Any], status: str, seconds: float) -> None:
        """Count a request under its route's template, never under its path: anybody can make up paths."""
        rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
        series = (rule.rule if rule else environ.get(ROUTE, "unmatched"), environ["REQUEST_METHOD"], status)
        (self._requests.get(series) or self._series(*series)).observe(seconds)

    def publish(self) -> None:
        """Put what was counted since the last time where every worker sees it."""
        with self._publishing:
            self._workers.set(1)
            for counter, counts in self._sources:
                for labels, count in counts().items():
                    if self._published.get((counter, labels)) != count:
                        counter.labels(*labels).inc(count - self._published[counter, labels])
                        self._published[counter, labels] = count
            for tier, breaker in self._cache.breakers().items():
                for state in BREAKER_STATES:
                    self._breakers.labels(tier, state).set(state == breaker)

    def render(self, accept: str) -> tuple[bytes, str]:
        """Every worker's metrics in a format that is accepted, and its content type."""
        self.publish()
        encode, content_type = choose_encoder(accept)
        return encode(self._scraped), content_type

    def _go_on(self) -> None:
        while True:
            sleep(_EVERY)
            try:
                self.publish()
            except OSError as error:  # the folder is full: later there may be room
                LOGGER.error("metrics_not_published", exc_info=error)

    def _lookups(self) -> dict[Labels, int]:
        counts = self._cache.outcomes()
        return {(tier, each.name.lower()): counts[tier, each] for tier in self._cache.names for each in Outcome}

    def _series(self, route: str, method: str, status: str) -> Histogram:
        made = self._seconds.labels(route, method if method in _METHODS else "other", status)
        if method in _METHODS:
            self._requests[route, method, status] = made
        return made

    def _gauge(self, name: str, says: str, labels: Labels, mode: Any) -> Gauge:
        return Gauge(name, says, labels, registry=self._registry, multiprocess_mode=mode)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"staffing_{name}", says, labels, registry=self._registry)

    def _tally(self, name: str, says: str, *labels: str) -> Tally:
        tally = Tally()
        self._sources.append((self._counter(name, says, *labels), tally.counts))
        return tally


@cache
def _values_of(pid: int) -> Any:
    """What holds the process's counts. It forks no more: to ask for its id with every count would be a call each."""
    return values.MultiProcessValue(lambda: pid)  # type: ignore[no-untyped-call]


class _Components(Collector):
    """The readiness of the worker that is asked, at the moment of asking."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness

    def collect(self) -> Iterator[Metric]:
        """One sample a component."""
        says = "How a component is: 0 ok, 1 degraded, 2 down."
        family = GaugeMetricFamily("staffing_component_state", says, labels=("component",))
        for component, condition in self._readiness.conditions().items():
            family.add_metric((component,), condition.state)
        yield family
