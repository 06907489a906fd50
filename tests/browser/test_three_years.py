"""A studio from its first plan to its acceptance, played through the pages by everybody concerned (C6).

The short way does one year's work, the long one all three. The administrator moves the programme's clock.
"""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from app.domain.periods import DAY, add_years
from tests.browser import years
from tests.browser.conftest import PHONE, CommandLine, serving, visiting
from tests.browser.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STUDIO = "兰州市育才路实验学校数学组党支部书记工作室"
HOST, SCHOOL, PAYER, COMMITTEE = "host_school7", "party_school", "prelim_city", "province_committee"
YEARS = ("第一年度", "第二年度", "第三年度")
INSPECTORS, MOST_EXPERTS = 3, 7


@pytest.fixture
def place(request, chromium, tmp_path, many) -> Iterator[tuple[Office, CommandLine]]:
    """The demonstration, at last, for its clock goes three years ahead; the long way has one of its own."""
    if many == 1:
        yield Office(request.getfixturevalue("visit")), request.getfixturevalue("shuangyou")
        return
    shuangyou = CommandLine(tmp_path)
    with serving(shuangyou) as server, visiting(chromium, server) as visit:
        yield Office(visit), shuangyou


@pytest.mark.parametrize("many", [1, pytest.param(3, marks=pytest.mark.long)], ids=["one year", "three years"])
def test_a_studio_is_built_and_accepted(place, many):
    office, shuangyou = place
    years.decide(office.desk(COMMITTEE), "备案工作计划", STUDIO, "file")
    first, last = term_of(studio_page(office))
    for number, year in enumerate(YEARS[:many], start=1):
        live_a_year(office, year)
        go_to(office, add_years(first, number) + DAY)
        years.report(office.desk(HOST), year, STUDIO)
        years.review(office.desk(SCHOOL), year, STUDIO)
    go_to(office, last + 2 * DAY)
    accept(office)
    office.looked_for(lambda: accepted(studio_page(office)), "the studio is shown as accepted")
    assert shuangyou("audit", "verify").returncode == 0


def studio_page(office: Office) -> Page:
    """The studio's page, found from the menu."""
    page = office.desk(COMMITTEE).page
    page.goto("/")
    page.locator("header nav a", has_text="工作室").first.click()
    page.locator("main a", has_text=STUDIO).first.click()
    expect(page.locator("h1")).to_have_text(STUDIO)
    return page


def accepted(page: Page) -> str | None:
    """The head of a studio's page, if it says that it was accepted."""
    head = page.locator(".pagehead").inner_text()
    return head if "已通过验收" in head else None


def inspected(office: Office) -> str | None:
    """The first expert who has a sheet of the inspection and now handed it in, if one has it already."""
    experts = (f"expert{number}" for number in range(1, MOST_EXPERTS + 1))
    return next((login for login in experts if years.inspect(office.desk(login).page, STUDIO, office.today())), None)


def term_of(page: Page) -> tuple[date, date]:
    """First and last day of the term, as the page says them."""
    shown = page.locator("dt", has_text="建设周期").locator("+ dd").inner_text()
    first, last = (date(*map(int, found)) for found in re.findall(r"(\d+)年(\d+)月(\d+)日", shown))
    return first, last


def live_a_year(office: Office, year: str) -> None:
    """The year's plan, what the school and the payer provide, an activity and the money."""
    day = office.today()
    years.draft(office.desk(HOST), f"{year}工作计划", STUDIO)
    years.decide(office.desk(PAYER), f"批准{year}工作计划", STUDIO, "approve")
    years.decide(office.desk(COMMITTEE), f"备案{year}工作计划", STUDIO, "file")
    years.provide(office.desk(SCHOOL), year, STUDIO)
    years.support(office.desk(PAYER), year, STUDIO)
    years.hold_activity(office.desk(HOST), year, STUDIO, day)
    years.book(office.desk(HOST), year, STUDIO, day)


def go_to(office: Office, day: date) -> None:
    """Move the clock, as far as one move goes at a time."""
    while (left := (day - office.today()).days) > 0:
        office.move_clock("days", min(left, 400))


def accept(office: Office) -> None:
    """Self-assessment, three inspections (one on a phone), the conclusion."""
    years.assess(office.desk(HOST), STUDIO)
    years.name_inspectors(office.desk(COMMITTEE), STUDIO, INSPECTORS, office.today())
    office.desk("expert1").page.set_viewport_size(PHONE)
    for number in range(INSPECTORS):
        office.looked_for(lambda: inspected(office), f"the sheet of inspector {number + 1} is there to be handed in")
    years.conclude(office.desk(COMMITTEE), STUDIO, "甘教工委〔2029〕3号")
