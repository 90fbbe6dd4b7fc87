"""A real Chromium for the page's tests, and the addresses that they visit."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.workers import Service

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FRAUD = {
    "name": "Card fraud",
    "industry": "finance",
    "phase": "modeling",
    "goal": "decision_automation",
    "deployment.pattern": "real_time",
    "deployment.peak_rps": "900",
    "data.quality": "poor",
    "team.size": "8",
    "team.existing.data_scientist": "2",
    "team.existing.ml_engineer": "1",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser by the fixtures they ask for."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as the system has it."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def service(serve_module: Callable[..., Service]) -> Service:
    """The service as it ships, without Redis."""
    return serve_module()


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """A fresh page; what its scripts throw or its policy forbids fails the test."""
    context = browser.new_context(base_url=service.url, viewport={"width": 1366, "height": 768})
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
    yield opened
    context.close()
    assert wrong == []


def at(**said: str) -> str:
    """The address of the fraud project with some answers changed; an empty one leaves it out."""
    answers = FRAUD | {name.replace("__", "."): text for name, text in said.items()}
    return "/?" + urlencode({name: text for name, text in answers.items() if text})
