"""How soon the page shows an answer in a real Chromium: on a first visit, and after a keystroke."""

from __future__ import annotations

import shutil
from statistics import median
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from bench.processes import gunicorn
from schemas.flat import flatten
from schemas.openapi import EXAMPLE
from schemas.project import load_project

VISITS = 15
KEYSTROKES = 40
AIMS = {"first visit": 1_000, "keystroke": 100}  # ms
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]

PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
BYTES = """performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
    .reduce((sum, entry) => sum + entry.transferSize, 0)"""
# From the last keystroke to the frame after the answer was put in place.
WATCH = """() => {
  window.shown = [];
  addEventListener("input", () => (window.typed = performance.now()), true);
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => shown.push(performance.now() - typed))))
    .observe(document.querySelector("#answer"), { childList: true });
}"""


def main() -> None:
    """Measure visits, each with an empty cache, then keystrokes on one page; print medians and the worst."""
    query = urlencode(flatten(load_project(EXAMPLE)))
    with gunicorn("service.app:create_app()") as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        address = f"http://127.0.0.1:{port}/?{query}"
        visits = [_visit(browser, address) for _ in range(VISITS)]
        page = browser.new_page(bypass_csp=True)  # waiting evaluates text, which our policy forbids
        page.goto(address)
        keystrokes = _type(page)
        browser.close()
    print(f"Chromium and one worker on the same machine; ms, medians of {VISITS} visits and {KEYSTROKES} keystrokes")
    print(f"{'answer shown after':<32}{'median':>8}{'worst':>8}{'aim':>8}")
    _row("a first visit, cache empty", [ms for ms, _ in visits], AIMS["first visit"])
    _row("a keystroke, its pause included", keystrokes, AIMS["keystroke"])
    print(f"over the wire on a first visit: {visits[0][1] / 1_000:.1f} kB in all")


def _row(name: str, times: list[float], aim: int) -> None:
    print(f"{name:<32}{median(times):>8.0f}{max(times):>8.0f}{aim:>8}")


def _visit(browser: Browser, address: str) -> tuple[float, int]:
    """Milliseconds to the first paint, which has the answer, and bytes, in a context that has cached nothing."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(address, wait_until="load")
    page.locator("#headline").wait_for(state="visible")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    painted, size = page.evaluate(PAINTED), page.evaluate(BYTES)
    context.close()
    return painted, size


def _type(page: Page) -> list[float]:
    """Milliseconds from a keystroke to its answer: each changes the team's size to one not asked for before."""
    page.evaluate(WATCH)
    size = page.get_by_label("Team size")
    for number in range(KEYSTROKES):
        size.fill(str(101 + number))
        page.wait_for_function(f"shown.length == {number + 1}")
    times: list[float] = page.evaluate("shown")
    return times


if __name__ == "__main__":
    main()
