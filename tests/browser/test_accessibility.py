"""axe-core over every state of the page, in both themes and at two widths: no violation of WCAG 2.2 AA."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import at
from tests.workers import Service

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
STATES = {
    "start": "/",
    "needed": "/?industry=finance",
    "wrong": at(team__size="2.5", deployment__users="many"),
    "answer": at(deployment__availability_pct="99.9", governance__regulated="true"),
    "warned": at(phase="deployment", deployment__pattern="none"),
    "large": at(team__size="140", team__increment="0.5", budget__amount="1800000", budget__currency="EUR",
                budget__annual_cost__data_scientist="95000", budget__annual_cost__ml_engineer="105000",
                schedule__start="2027-01-04", schedule__weeks="26"),
    "compare": "/compare",
    "compared": "/compare?scenario=industry%3Dretail%26phase%3Dmodeling%26deployment.pattern%3Dbatch"
    "&scenario=industry%3Dretail%26phase%3Ddeployment%26deployment.pattern%3Dedge",
    "rules": "/rules" + at()[1:],
}  # fmt: skip


def violations(page: Page) -> list[str]:
    """What axe finds, each with the first element that shows it."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{item['id']}: {item['help']}: {item['nodes'][0]['html'][:120]}" for item in found]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1366])
def test_axe_finds_no_violation(
    browser: Browser, service: Service, state: str, theme: Literal["light", "dark"], width: int
) -> None:
    """Every state is clean, with everything that can be opened open."""
    context = browser.new_context(
        base_url=service.url, color_scheme=theme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(STATES[state])
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation_in_trouble(page: Page, theme: Literal["light", "dark"]) -> None:
    """What is said while the service is slow or gone is clean too."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(at())
    page.route("**/?*", lambda route: route.abort())
    page.get_by_label("Team size").fill("9")
    expect(page.locator("#trouble")).to_be_visible()
    assert violations(page) == []
    page.unroute("**/?*")
    page.route("**/?*", lambda _: None)
    page.get_by_label("Team size").fill("10")
    expect(page.locator("#progress")).not_to_be_empty()
    assert violations(page) == []
