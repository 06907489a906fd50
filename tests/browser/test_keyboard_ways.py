"""The main ways by keyboard alone: an application, a review with its opinion, an objection screened, the approval."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.test_keyboard import FOCUSED, press, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def write(page: Page, selector: str, text: str) -> None:
    """Go to a field and put ``text`` in the place of what stands there."""
    tab_to(page, selector)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def leave(page: Page, selector: str) -> None:
    """Go to a link or a button, press it and wait for the page it leads to."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, name: str, value: str) -> None:
    """Go to a group of answers and choose one of them with the arrows."""
    tab_to(page, f"input[name='{name}']")
    for _ in range(8):
        if page.evaluate(f"{FOCUSED}.value") == value:
            page.keyboard.press("Space")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} has no answer {value}")


def done(page: Page) -> str:
    complaints = page.locator("#errors, .note-red, .refused")
    assert not complaints.count(), complaints.first.inner_text()
    return page.locator(".flash").inner_text()


@pytest.fixture
def open_task(visit):
    """Sign in, open a task from the inbox by keyboard, and return the page."""

    def enter(login: str, task: str) -> Page:
        page: Page = visit(login).page
        desk = Desk(page)
        desk.see(task, "")
        address = desk.rows(task, "").first.locator("h4 a").get_attribute("href")
        leave(page, f"main h4 a[href='{address}']")
        return page

    return enter


def test_an_application_is_begun_and_its_steps_are_gone_through(visit):
    page = visit("host_university9").page
    page.goto("/apply")
    leave(page, ".choice form button")
    write(page, "#field", "党建与业务融合")
    write(page, "#results", "坚持每月一次主题研讨。")
    leave(page, "button.btn-main[name=_step]")
    expect(page.locator(".stp [aria-current=step]")).to_contain_text("任职")
    if page.locator("details[id='appointments']:not([open])").count():
        press(page, "[id='appointments'] summary")
    leave(page, "[id='appointments'] button[name=_add]")
    expect(page.locator("[id='appointments-0']")).to_be_visible()
    choose(page, "appointments-0-post", "secretary")
    page.goto("/apply")
    press(page, "main details:has(form[action$='/abandon']) summary")
    leave(page, "form[action$='/abandon'] button")
    expect(page.locator(".flash")).to_be_visible()


def test_a_corrected_application_is_handed_in(open_task):
    page = open_task("host_university10", "修改申报材料")
    for _ in range(8):
        if page.locator("button[name=_complete]:visible").count():
            break
        if page.locator("#reply").count():
            write(page, "#reply", "已按意见补充。")
        leave(page, "button.btn-main[name=_step]")
    press(page, "input[name=pledge]", "Space")
    write(page, "#signature", page.locator(".me b").inner_text())
    leave(page, "button.btn-main[name=_complete]")
    assert "已办结" in done(page)


def test_a_review_with_its_opinion(open_task):
    page = open_task("prelim_university", "初评")
    for place in page.locator("input[name^='rulings-'][name$='-verdict'][value=met]").all():
        name = place.get_attribute("name") or ""
        choose(page, name, "met")
        write(page, f"[name='{name.replace('-verdict', '-reason')}']", "已核对原件。")
    for box in page.locator("input[name^='originals-'][type=checkbox]").all():
        press(page, f"[name='{box.get_attribute('name')}']", "Space")
    write(page, "#opinion", "材料齐全，建议推荐。")
    leave(page, "button[name=decision][value=recommend]")
    assert "已办结" in done(page)


def test_an_objection_is_screened(open_task):
    page = open_task("prelim_city2", "审查是否受理")
    choose(page, "verified", "verified")
    choose(page, "grounded", "grounded")
    leave(page, "button[name=decision][value=accept]")
    assert "已办结" in done(page)


def test_the_list_is_approved(open_task):
    page = open_task("province_committee", "逐件审定")
    rows = page.locator("input[type=radio][name$='-decision'][value=approve]")
    for name in [each.get_attribute("name") or "" for each in rows.all()]:
        choose(page, name, "approve")
    for name in ("meeting", "opinion"):
        write(page, f"#{name}", "省委教育工委会议")
    leave(page, "button.btn-main[name=_complete]")
    assert "已办结" in done(page)


def test_an_objection_is_lodged_by_the_public(visit):
    page = visit().page
    page.goto("/publicity")
    leave(page, "main a[href^='/publicity/']")
    tab_to(page, "#application")
    page.keyboard.press("ArrowDown")
    write(page, "#body", "任职时间与公开信息不一致，请核查。")
    write(page, "#identity", "某某")
    write(page, "#contact", "0931-0000000")
    leave(page, "#objection button.btn-main")
    expect(page.locator("main")).to_contain_text("异议已收到")
