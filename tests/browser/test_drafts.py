"""Nothing that was typed is ever lost: autosave, an expired session, two tabs, a colleague who was faster."""

import pytest
from playwright.sync_api import Page, expect

from app.services.demonstration import PASSWORD
from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TASK, CASE = "填写申报书", "工作室"


@pytest.fixture
def host(visit) -> Desk:
    """A host with a draft, on its first step."""
    desk = Desk(visit("host_school").page)
    desk.open(TASK, CASE)
    return desk


def saved(page: Page) -> None:
    """Wait until the page says that what was typed is saved."""
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")


def test_what_is_typed_saves_itself(host):
    host.fill({"field": "自动保存的领域"})
    saved(host.page)
    host.page.reload()
    assert host.page.locator("#field").input_value() == "自动保存的领域"


def test_an_expired_session_keeps_the_draft(host):
    host.page.wait_for_load_state("networkidle")  # an answer that is under way brings the cookie back
    host.page.context.clear_cookies()
    host.fill({"field": "会话过期前写的"})
    expect(host.page.locator("[data-save-state]")).to_have_attribute("data-state", "expired")
    host.save_draft()
    expect(host.page.locator(".note-amber")).to_contain_text("已保留")
    host.page.fill("#login", "host_school")
    host.page.fill("#password", PASSWORD)
    host.page.click("form.stack button.btn-main")
    host.page.click("button[name=_draft]")
    expect(host.page.locator("h1")).to_contain_text(TASK)
    expect(host.page.locator("#field")).to_have_value("会话过期前写的")


def test_a_button_pressed_twice_is_sent_once(host):
    held = []
    host.page.route("**/tasks/*", lambda route, _request: held.append(route))
    button = host.page.locator("button.btn-line[name=_draft]:visible")
    button.evaluate("each => { each.click(); window.setTimeout(() => each.click(), 100); }")
    host.page.wait_for_timeout(400)
    assert [route.request.method for route in held] == ["POST"]
    held[0].continue_()
    host.page.wait_for_load_state()


def test_a_page_that_was_sent_saves_nothing_after_itself(host):
    sent = []
    host.page.context.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    host.fill({"field": "写完立即按下"})
    with host.page.expect_navigation():
        host.save_draft()
    host.page.wait_for_load_state("networkidle")
    assert len(sent) == 1
    assert host.page.locator("#field").input_value() == "写完立即按下"


def test_two_tabs_show_both_versions(host):
    other = Desk(host.page.context.new_page())
    other.page.goto(host.page.url)
    other.fill({"field": "另一页写的"})
    saved(other.page)
    host.fill({"field": "这一页写的"})
    expect(host.page.locator("[data-save-state]")).to_have_attribute("data-state", "conflict")
    host.save_draft()
    sides = host.page.locator(".both section")
    expect(sides.nth(0)).to_contain_text("这一页写的")
    expect(sides.nth(1)).to_contain_text("另一页写的")
    host.page.click(".both button[name=_draft]")
    expect(host.page.locator("#field")).to_have_value("这一页写的")


def test_a_colleague_was_faster(visit):
    slow, fast = Desk(visit("prelim_university").page), Desk(visit("prelim_university2").page)
    for desk in (slow, fast):
        desk.open("排序推荐名单", "推荐名单")
        for number, row in enumerate(desk.lines("items"), start=1):
            desk.fill({"recommended": True, "rank": number}, within=row)
        desk.fill({"opinion": f"{desk.name}的推荐意见"})
        saved(desk.page)
    fast.complete()
    slow.page.click("button[name=_complete]")
    expect(slow.page.locator("main")).to_contain_text(fast.name)
    expect(slow.page.locator("main")).to_contain_text(f"{slow.name}的推荐意见")


def test_whoever_takes_a_task_is_seen_by_the_colleagues(visit):
    first, second = Desk(visit("prelim_city").page), Desk(visit("prelim_city2").page)
    first.open("审查是否受理", "异议")
    first.page.click("button[name=_claim]")
    second.open("审查是否受理", "异议")
    expect(second.page.locator(".work-note")).to_contain_text(first.name)
    assert not second.page.locator("[name=reason]").count()
    first.page.click("button.btn-bare[name=_release]")
    second.open("审查是否受理", "异议")
    expect(second.page.locator("[name=reason]")).to_be_visible()
