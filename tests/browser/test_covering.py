"""A page covered by hand: rectangles drawn with a mouse become the numbers that are kept, and can be taken away."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_rectangle_is_drawn_kept_and_removed(visit):
    page = visit("secretariat").page
    page.goto("/panel")
    addresses = [each.get_attribute("href") for each in page.locator("td.name a").all()]
    for address in addresses:
        page.goto(address)
        if page.locator("a[href^='/covering/']").count():
            break
    page.locator("a[href^='/covering/']").click()
    page.locator("td.name a").first.click()
    page.locator("a.cover-turn").first.click()
    drawn = page.locator("[data-page] svg")
    box = drawn.bounding_box()
    left, top = box["x"], box["y"]
    page.mouse.move(left + box["width"] * 0.1, top + box["width"] * 0.1)
    page.mouse.down()
    page.mouse.move(left + box["width"] * 0.6, top + box["width"] * 0.3, steps=4)
    page.mouse.up()
    first = page.locator("[data-row]").first
    expect(first.locator("[name=left]")).to_have_value("10")
    expect(first.locator("[name=width]")).to_have_value("50")
    expect(drawn.locator("rect")).to_have_count(1)
    page.locator("[data-covering] button[type=submit]").click()
    expect(page.locator(".flash")).to_be_visible()
    expect(drawn.locator("rect")).to_have_count(1)
    first.locator("[data-remove]").click()
    expect(drawn.locator("rect")).to_have_count(0)
    page.locator("[name=reason]").fill("试验")
    page.locator("[name=confirmed]").check()
    page.locator("form[action*='/uncover'] button").click()
    expect(page.locator("form[action*='/uncover']")).to_have_count(0)
