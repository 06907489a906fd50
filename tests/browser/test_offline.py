"""An inspection on a phone: filled in without a network, kept, sent once there is one, counted once (C6.2)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.onsite import fill_sheet

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_sheet_is_filled_in_without_a_network_and_sent_later(visit):
    visitor = visit("expert1")
    page, state = visitor.page, visitor.page.locator("[data-sheet-state]")
    page.set_viewport_size(PHONE)
    page.goto("/inspections/")
    page.locator("a[data-keep]").first.click()
    address = page.url
    expect(page.locator("[data-onsite][data-kept=yes]")).to_be_attached()
    page.wait_for_function(
        "async (address) => !!(await (await caches.open('inspections-1')).match(address, { ignoreVary: true }))",
        arg=address,
    )

    visitor.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-onsite][data-ready=yes]")).to_be_attached()
    page.click("button[name=_complete]")  # what is missing is told before one has left, without a server
    expect(page.locator("[data-sheet-problems] li").last).to_have_text("签名：尚未填写")
    expect(state).to_have_attribute("data-state", "typing")
    fill_sheet(page)
    page.screenshot(path="build/screenshots/onsite-390.png", full_page=True)
    visitor.check_width(390, "onsite")
    page.click("button[name=_complete]")
    expect(state).to_have_attribute("data-state", "waiting")

    page.reload()  # the phone was put away and taken out again
    expect(state).to_have_attribute("data-state", "waiting")
    assert page.input_value("[name=opinion]") == "现场没有信号时填写。"
    expect(page.locator("[data-photos] li")).to_have_count(1)

    arrives_but_its_answer_is_lost(page, address)
    page.fill("[name=opinion]", "补充：档案齐全。")
    expect(state).to_have_attribute("data-state", "superseded")
    assert page.input_value("[name=opinion]") == "补充：档案齐全。"  # said and shown: it is not what was received
    page.goto("/inspections/")
    expect(page.locator("main")).to_contain_text(re.compile("已收到|收到|Received"))
    assert page.locator("a[data-keep]").count() == 0
    visitor.problems[:] = [each for each in visitor.problems if "ERR_INTERNET_DISCONNECTED" not in each]


def arrives_but_its_answer_is_lost(page, address):
    """The network comes back just long enough for the sheet to get through."""
    arrived = []

    def lose(route):
        if route.request.method != "POST":
            return route.continue_()
        arrived.append(route.fetch().status)
        return route.abort()

    page.route(address, lose)
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        page.context.set_offline(False)  # of which the page is told
    page.unroute(address)
    assert arrived == [200]
