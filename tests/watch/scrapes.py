"""Reading what /metrics says, as Prometheus does."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from tests.workers import Service


@dataclass(frozen=True)
class Scrape:
    """The samples of one scrape."""

    samples: tuple[Sample, ...]

    def total(self, name: str, **labels: str) -> float:
        """The sum of all samples of a name that have these labels."""
        return sum(found.value for found in self._of(name, labels))

    def value(self, name: str, **labels: str) -> float:
        """The one sample of a name with these labels; fails where there is none, or more."""
        (found,) = self._of(name, labels)
        return found.value

    def names(self) -> set[str]:
        """The names of all samples."""
        return {sample.name for sample in self.samples}

    def _of(self, name: str, labels: dict[str, str]) -> list[Sample]:
        return [one for one in self.samples if one.name == name and labels.items() <= one.labels.items()]


def read(text: str) -> Scrape:
    """The samples of a text."""
    return Scrape(tuple(sample for family in text_string_to_metric_families(text) for sample in family.samples))


def scrape(service: Service) -> Scrape:
    """Ask a running service."""
    reply = service.request("GET", "/metrics")
    assert reply.status == 200
    return read(reply.body.decode())
