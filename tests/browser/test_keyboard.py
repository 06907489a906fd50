"""The main way by keyboard alone: sign in, the inbox, a task from claim to completion; the focus is always seen."""

import pytest
from playwright.sync_api import Page, expect

from app.services.demonstration import PASSWORD
from tests.browser.desk import document

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

_MOST_STEPS = 150
FOCUSED = "document.activeElement"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element is reached; on the way the focus always is on something that shows it."""
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED}.matches({selector!r})"):
            assert page.evaluate(f"getComputedStyle({FOCUSED}).outlineStyle") != "none", selector
            return
    raise AssertionError(f"{selector} is not reached by the keyboard")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def sign_in(page: Page, login: str) -> None:
    """Sign in by keyboard."""
    page.goto("/sign-in")
    tab_to(page, "#login")
    page.keyboard.type(login)
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox")


@pytest.fixture
def page(visit) -> Page:
    """A reviewing unit has signed in by keyboard."""
    page: Page = visit().page
    sign_in(page, "prelim_university")
    return page


def test_a_task_is_done_by_keyboard_alone(visit):
    page = visit().page
    sign_in(page, "discipline_university")
    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate(f"{FOCUSED}.id") == "main"
    page.keyboard.press("j")
    assert page.evaluate(f"{FOCUSED}.closest('.task') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    press(page, "button[name=_claim]")
    expect(page.locator("button[name=_claim]")).to_have_count(0)
    press(page, "input[name=clean_record][type=radio]", "Space")
    tab_to(page, "[name=signer]")
    page.keyboard.type("负责人")
    tab_to(page, "[id='seal_doc-file']")
    page.locator(":focus").set_input_files([document("盖章扫描件")])
    expect(page.locator("fieldset[id='seal_doc'] .thumb")).to_be_visible()
    expect(page.locator("fieldset[id='seal_doc']")).to_be_focused()
    press(page, "button[name=_complete]")
    page.wait_for_url("**/inbox")
    expect(page.locator(".flash")).to_be_visible()


def test_keys_are_silent_in_fields_and_can_be_switched_off(page):
    press(page, "[data-keys] button")
    page.keyboard.press("j")
    assert page.evaluate(f"{FOCUSED}.tagName") == "BUTTON"
    page.keyboard.press("Enter")
    page.goto("/cases")
    page.keyboard.press("/")
    expect(page.locator("main input[type=search]")).to_be_focused()
    page.keyboard.type("jk")
    expect(page.locator("main input[type=search]")).to_have_value("jk")


def test_a_hint_put_away_leaves_the_focus_on_the_text(page):
    press(page, ".hint button")
    expect(page.locator(".hint")).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()
