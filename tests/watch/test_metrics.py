"""What is counted, under which labels."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from schemas.openapi import EXAMPLE
from tests.article import article
from tests.watch.scrapes import Scrape, read

COUNT = "staffing_request_duration_seconds_count"


def scraped(client: FlaskClient) -> Scrape:
    """What the application tells."""
    response = client.get("/metrics")
    assert response.content_type.startswith("text/plain; version=")
    return read(response.text)


def test_requests_are_counted_by_template_and_never_by_path(client: FlaskClient) -> None:
    """However many paths and methods somebody makes up, there is one series for them."""
    for rule in article().rules[:3]:
        client.get(f"/rulebook/rules/{rule.id}")
    for number in range(50):
        client.get(f"/made/up/{number}")
        client.open("/recommend", method=f"MADE{number}")
    told = scraped(client)
    assert told.value(COUNT, route="/rulebook/rules/<name>", method="GET", status="200") == 3
    assert told.value(COUNT, route="unmatched", method="GET", status="404") == 50
    assert told.value(COUNT, route="unmatched", method="other", status="405") == 50
    assert len([sample for sample in told.samples if sample.name == COUNT]) == 3


def test_answers_are_counted_cached_or_not_and_rules_where_they_are_computed(client: FlaskClient) -> None:
    """As their help says."""
    answer = [client.post("/recommend", json=EXAMPLE) for _ in range(3)][-1].get_json()
    told = scraped(client)
    assert told.value("staffing_answers_total", lean=answer["lean"]) == 3
    assert told.total("staffing_answers_total") == 3
    counted = {factor["rule"] for factor in answer["score"]["factors"] if factor["counted"]}
    fired = {
        sample.labels["rule"]: sample.value for sample in told.samples if sample.name == "staffing_rules_fired_total"
    }
    assert fired == {rule.id: float(rule.id in counted) for rule in article().rules}
    assert told.total("staffing_unanswered_fields_total") == len(answer["unanswered"])


def test_what_the_contract_page_computes_at_the_start_is_no_answer(client: FlaskClient) -> None:
    """Nobody asked for it."""
    told = scraped(client)
    assert told.total("staffing_rules_fired_total") == told.total("staffing_answers_total") == 0


def test_look_ups_of_the_cache_are_counted_by_tier_and_outcome(client: FlaskClient) -> None:
    """A miss, then hits, then one who would not look."""
    for headers in ({}, {}, {"Cache-Control": "no-cache"}):
        client.post("/recommend", json=EXAMPLE, headers=headers)
    told = scraped(client)
    for outcome in ("miss", "hit", "refreshed"):
        assert told.value("staffing_cache_lookups_total", tier="process", outcome=outcome) == 1


def test_rows_of_batches_are_counted_by_whether_they_have_faults(client: FlaskClient) -> None:
    """Two of three."""
    rows = "industry,phase,deployment.pattern\nfinance,modeling,batch\nfintec,modeling,batch\nretail,modeling,edge\n"
    assert len(client.post("/recommend/batch", data=rows, content_type="text/csv").data.splitlines()) == 4
    told = scraped(client)
    assert told.value("staffing_batch_rows_total", outcome="ok") == 2
    assert told.value("staffing_batch_rows_total", outcome="faulty") == 1


def test_the_rulebook_that_decides_and_the_state_of_each_component_are_told(client: FlaskClient) -> None:
    """By digest; and by component."""
    told = scraped(client)
    assert told.value("staffing_rulebook_info", digest=article().digest, version=article().version) == 1
    assert told.value("staffing_component_state", component="cache") == 0


def test_openmetrics_is_spoken_where_it_is_asked_for(client: FlaskClient) -> None:
    """Prometheus does."""
    response = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert response.content_type.startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")


@pytest.mark.parametrize("number", [1, 2])
def test_each_application_counts_for_itself(app: Flask, number: int) -> None:
    """Whatever others in the same process did."""
    client = app.test_client()
    for _ in range(number):
        client.post("/recommend", json=EXAMPLE)
    assert scraped(client).total("staffing_answers_total") == number
