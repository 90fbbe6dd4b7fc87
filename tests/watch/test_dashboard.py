"""The dashboard and the alerts: checked by Prometheus' own tool, and asked of a real Prometheus."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from schemas.openapi import EXAMPLE
from tests.servers import RedisServer, eventually
from tests.workers import ROOT, Service, free_port

ALERTS = ROOT / "docker/prometheus/alerts.yml"
DASHBOARD = json.loads((ROOT / "docker/grafana/dashboards/staffing.json").read_text())
QUERIES = {
    panel["title"]: [target["expr"] for target in panel["targets"]]
    for panel in DASHBOARD["panels"]
    if panel["type"] != "row"
}
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
WAYS = {"$__rate_interval": "1m", "$__range": "5m", "$instance": ".*"}


def promtool(*arguments: str | Path) -> None:
    """Run Prometheus' tool, and fail with what it says."""
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed")
    ran = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False, cwd=ALERTS.parent)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "arguments", [("check", "config", "prometheus.yml"), ("test", "rules", "alerts_test.yml")], ids=["valid", "tested"]
)
def test_alerts_are_valid_and_fire_when_they_should(arguments: tuple[str, ...]) -> None:
    """And not before; alerts_test.yml has a case for each."""
    promtool(*arguments)


def test_every_alert_has_a_case() -> None:
    """One that was never seen firing is none."""
    tested = {
        case["alertname"]
        for test in yaml.safe_load(ALERTS.with_name("alerts_test.yml").read_text())["tests"]
        for case in test["alert_rule_test"]
        if case.get("exp_alerts")
    }
    assert tested == {rule["alert"] for rule in rules()}


def test_what_dashboard_and_alerts_name_is_what_the_service_exports(app: Flask) -> None:
    """A metric that was renamed leaves an empty panel and an alert that never fires."""
    families = list(text_string_to_metric_families(app.test_client().get("/metrics").text))
    exported = {family.name + suffix for family in families for suffix in SUFFIXES[family.type]}
    queries = [query for panel in QUERIES.values() for query in panel] + [rule["expr"] for rule in rules()]
    named = {name for query in queries for name in re.findall(r"staffing_\w+", query)}
    assert named <= exported
    assert {name.removesuffix("_sum").removesuffix("_count") for name in exported - named} <= {
        "staffing_request_duration_seconds"
    }


def test_every_panel_shows_something_of_a_service_that_is_used(
    serve: Callable[..., Service], redis_server: RedisServer, tmp_path: Path
) -> None:
    """Asked of a real Prometheus with our alerts; nobody sends to Slack here."""
    service = serve(WEB_CONCURRENCY="2", REDIS_URL=redis_server.url)
    with prometheus(tmp_path, service) as ask:
        rows = b"industry,phase,deployment.pattern\nfinance,modeling,batch\nfintec,modeling,batch\n"

        def empty() -> set[str]:
            service.recommend(EXAMPLE)
            service.request("POST", "/recommend/batch", rows, {"Content-Type": "text/csv"})
            return {title for title, queries in QUERIES.items() if not all(ask(query) for query in queries)}

        eventually(lambda: empty() == {"Calls of Slack"}, within=90)
        assert ask("ALERTS{alertname!='StaffingNoTraffic', alertstate='firing'}") == []


@contextmanager
def prometheus(folder: Path, service: Service) -> Iterator[Callable[[str], list[Any]]]:
    """Run a Prometheus that scrapes the service each second; yield what answers a query."""
    if shutil.which("prometheus") is None:
        pytest.skip("prometheus is not installed")
    scraped = {"job_name": "staffing", "static_configs": [{"targets": [service.url.removeprefix("http://")]}]}
    config = {"global": {"scrape_interval": "1s"}, "rule_files": [str(ALERTS)], "scrape_configs": [scraped]}
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    port = free_port()
    options = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    process = subprocess.Popen(
        ["prometheus", *options, f"--web.listen-address=127.0.0.1:{port}"], stderr=subprocess.DEVNULL
    )

    def ask(query: str) -> list[Any]:
        for name, value in WAYS.items():
            query = query.replace(name, value)
        address = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": query})
        with urllib.request.urlopen(address, timeout=10) as response:
            found: list[Any] = json.load(response)["data"]["result"]
        return found

    def answers() -> bool:
        try:
            return bool(ask("up == 1"))
        except OSError:
            return False

    try:
        eventually(answers, within=30)
        yield ask
    finally:
        process.terminate()
        process.wait(20)


def rules() -> list[dict[str, Any]]:
    """The alerts."""
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
