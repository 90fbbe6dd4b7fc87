"""The page in a real browser: what a head of data does with it, and what may go wrong meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import at
from tests.workers import Service

SENTENCE = "A bank in the modelling phase stops card fraud in real time, with a team of 8"


def hold(held: list[Route]) -> Callable[[Route], None]:
    """A handler that lets requests wait."""
    return lambda route: held.append(route)  # noqa: PLW0108 (Playwright marks the handler, which a built-in can't bear)


def said(page: Page) -> dict[str, list[str]]:
    """What the address says."""
    return parse_qs(urlsplit(page.url).query)


def test_a_sentence_is_answered_as_it_is_typed(page: Page) -> None:
    """Typing alone, without a submit or a reload, gives the headcount, and says what was read in which words."""
    page.goto("/")
    page.evaluate("window.kept = true")
    page.get_by_label("Describe the project").press_sequentially(SENTENCE, delay=5)
    expect(page.locator("#headline")).to_contain_text("8 people")
    expect(page.locator("#after-industry")).to_have_text("Read from “bank”")
    expect(page.get_by_label("Industry").locator("option").first).to_have_text("Finance, as read")
    assert page.evaluate("window.kept")
    assert said(page) == {"description": [SENTENCE]}


def test_a_changed_field_changes_the_answer_and_the_address(page: Page) -> None:
    """Picking another value re-scores at once, and the address says the new state."""
    page.goto(at())
    before = page.locator("#headline").inner_text()
    page.get_by_label("Phase now").select_option("deployment")
    expect(page.locator("#headline")).not_to_have_text(before)
    assert said(page)["phase"] == ["deployment"]
    expect(page.locator("#said")).to_contain_text("leans to ML engineers")


def test_back_and_forward_restore_the_form_and_the_answer(page: Page) -> None:
    """Each field that was changed is one step back, however many keys it took."""
    page.goto(at())
    first = page.locator("#headline").inner_text()
    page.get_by_label("Team size").fill("")
    page.get_by_label("Team size").press_sequentially("120", delay=5)
    expect(page.locator("#headline")).to_contain_text("120 people")
    page.go_back()
    expect(page.get_by_label("Team size")).to_have_value("8")
    expect(page.locator("#headline")).to_have_text(first, use_inner_text=True)
    page.go_forward()
    expect(page.locator("#headline")).to_contain_text("120 people")


def test_a_permalink_shows_the_same_in_a_fresh_browser(page: Page, browser: Browser) -> None:
    """The address is the whole state: another browser shows the same answer and the same form."""
    page.goto(at())
    page.get_by_label("Goal").select_option("insights")
    page.wait_for_url("**goal=insights**")
    expect(page.locator("#answer")).to_have_attribute("data-query", urlsplit(page.url).query)
    answer = page.locator("#answer").inner_text()
    context = browser.new_context()
    other = context.new_page()
    other.goto(page.url)
    assert other.locator("#answer").inner_text() == answer
    assert other.get_by_label("Goal").input_value() == "insights"
    context.close()


def test_without_javascript_the_form_submits_and_the_server_renders(browser: Browser, service: Service) -> None:
    """With scripts off the same form and links lead to the same answer."""
    context = browser.new_context(java_script_enabled=False, base_url=service.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Industry").select_option("retail")
    page.get_by_label("Phase now").select_option("modeling")
    page.get_by_label("Delivery").select_option("batch")
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator("#headline")).to_contain_text("people")
    question = page.locator(".question").inner_text()
    page.locator(".choices a").first.click()
    expect(page.locator(".question")).not_to_have_text(question)
    context.close()


def test_the_next_question_is_answered_in_place(page: Page) -> None:
    """A click on an answer re-scores without a reload, sets the field, and moves on to the next question."""
    page.goto(at())
    page.evaluate("window.kept = true")
    question = page.locator(".question").inner_text()
    page.locator(".choices a").first.click()
    expect(page.locator(".question")).not_to_have_text(question)
    assert page.evaluate("window.kept")
    expect(page.locator("#next")).to_be_focused()


def test_an_open_reason_stays_open_when_the_answer_changes(page: Page) -> None:
    """Each line of the sum opens to its input and claim, and stays open as the answer follows."""
    page.goto(at())
    reason = page.locator("#why-poor-data-data_scientist")
    reason.locator("summary").click()
    expect(reason).to_contain_text("Quality of the data: poor")
    expect(reason).to_contain_text("A33")
    page.get_by_label("Team size").fill("9")
    expect(page.locator("#headline")).to_contain_text("9 people")
    expect(reason).to_have_attribute("open", "")


def test_the_service_answers_the_page_with_redis_gone(
    browser: Browser, serve: Callable[..., Service], nobody_listens: str
) -> None:
    """A dead Redis costs the reader nothing."""
    service = serve(REDIS_URL=nobody_listens)
    context = browser.new_context(base_url=service.url)
    page = context.new_page()
    page.goto(at())
    page.get_by_label("Team size").fill("12")
    expect(page.locator("#headline")).to_contain_text("12 people")
    assert service.request("GET", "/health/ready").json()["status"] == "degraded"
    context.close()


def test_what_is_wrong_is_said_beside_its_field(page: Page) -> None:
    """The API's own message stands beside the field, tied to it for screen readers, and goes when it is mended."""
    page.goto(at())
    size = page.get_by_label("Team size")
    size.fill("2.5")
    expect(page.locator("#after-team-size")).to_contain_text("the nearest sizes: 2 and 3")
    expect(size).to_have_attribute("aria-invalid", "true")
    expect(size).to_have_accessible_description("2.5 is not made of whole increments of 1; the nearest sizes: 2 and 3")
    size.fill("3")
    expect(page.locator("#headline")).to_contain_text("3 people")
    expect(size).not_to_have_attribute("aria-invalid", "true")


def test_a_fault_in_a_folded_group_opens_it(page: Page) -> None:
    """What is wrong is never hidden in a fold."""
    page.goto(at(deployment__users="many"))
    expect(page.locator("#after-deployment-users")).to_be_visible()
    expect(page.locator("#after-deployment-users")).to_contain_text("'many' is not a number")


def test_a_slow_service_shows_progress(page: Page) -> None:
    """While the answer is awaited the page says so, and keeps the last one."""
    page.goto(at())
    held: list[Route] = []
    page.route("**/?*", hold(held))
    page.get_by_label("Team size").fill("9")
    expect(page.locator("#progress")).to_have_text("Working out the answer…")
    expect(page.locator("#answer")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#headline")).to_contain_text("8 people")
    held[0].continue_()
    expect(page.locator("#headline")).to_contain_text("9 people")
    expect(page.locator("#progress")).to_be_empty()
    expect(page.locator("#answer")).not_to_have_attribute("aria-busy", "true")


def test_only_the_last_of_several_changes_is_shown(page: Page) -> None:
    """An answer that comes late never takes the place of a later one."""
    page.goto(at())
    held: list[Route] = []
    page.route("**/?*team.size=9*", hold(held))
    page.get_by_label("Team size").fill("9")
    expect(page.locator("#progress")).not_to_be_empty()
    page.get_by_label("Team size").fill("11")
    expect(page.locator("#headline")).to_contain_text("11 people")
    expect(page.locator("#progress")).to_be_empty()


def test_a_service_that_is_gone_is_said_and_can_be_asked_again(page: Page) -> None:
    """A failed request is said in words; the last answer stays, and a button tries again."""
    page.goto(at())
    page.route("**/?*", lambda route: route.abort())
    page.get_by_label("Team size").fill("9")
    expect(page.locator("#trouble")).to_contain_text("can't be reached")
    expect(page.locator("#headline")).to_contain_text("8 people")
    page.unroute("**/?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#headline")).to_contain_text("9 people")
    expect(page.locator("#trouble")).to_be_empty()


def test_the_keyboard_alone_reaches_and_answers_everything(page: Page) -> None:
    """Skip link first, then the sentence; Enter opens a reason and answers the next question."""
    page.goto(at())
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")
    expect(page.get_by_label("Describe the project")).to_be_focused()
    page.locator("#why-poor-data-data_scientist summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#why-poor-data-data_scientist .reason")).to_be_visible()
    page.locator(".choices a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#next")).to_be_focused()


def test_an_answer_is_copied_as_json_csv_link_and_advert(page: Page) -> None:
    """Each button puts what it names on the clipboard, and says so."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(at())

    def copied(name: str) -> str:
        button = page.locator("#answer .button, #answer button").filter(has_text=name).first
        button.click()
        said = "Profile copied" if name == "Copy" else f"{name} copied"
        expect(button.locator("xpath=..").locator(".copied")).to_have_text(said)
        return str(page.evaluate("navigator.clipboard.readText()"))

    assert copied("JSON").startswith('{"id":')
    assert copied("CSV").startswith("section,item,data_scientist,ml_engineer,says")
    assert copied("Permalink") == page.url
    assert copied("Copy").startswith("Data scientist\n\nWhat they will do\n- ")


def test_scenarios_are_compared_with_what_differs_first(page: Page) -> None:
    """From an answer to its comparison with the change that flips it: the changed input heads the table."""
    page.goto(at())
    page.get_by_role("link", name="Side by side").click()
    rows = page.get_by_role("region", name="What differs").locator("tr.differs")
    expect(rows.first).to_contain_text("Goal")
    page.get_by_label("Its permalink").fill(page.url.split("/compare")[0] + at(phase="deployment"))
    page.get_by_role("button", name="Add").last.click()
    expect(page.locator(".scenarios > li")).to_have_count(3)


def test_the_rulebook_is_filtered_as_one_types(page: Page) -> None:
    """Words, theme and what holds for this project narrow the rules down; the address keeps the filter."""
    page.goto("/rules" + at()[1:])
    page.get_by_label("Find").press_sequentially("real-time")
    expect(page.locator(".rule:visible").first).to_contain_text("Holds for this project")
    page.get_by_label("This project").select_option("near")
    expect(page.locator("#count")).not_to_contain_text(" 92 of")
    for state in page.locator(".rule:visible .state").all_inner_texts():
        assert state == "One answer away"
    page.reload()
    expect(page.get_by_label("Find")).to_have_value("real-time")


@pytest.mark.parametrize("width", [320, 390, 768, 1366, 1920])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    """From a small phone to a wide screen the page never scrolls sideways."""
    page.set_viewport_size({"width": width, "height": 800})
    for address in ("/", at(), at(team__size="2.5"), "/compare", "/rules" + at()[1:]):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
