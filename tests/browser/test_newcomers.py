"""A newcomer signs in as each demonstration role on a phone and finishes what waits: by what the pages say alone."""

import pytest
from playwright.sync_api import expect

from app.domain.roles import POLICIES, Duty, RoleKey
from app.services.demonstration.accounts import HOLDINGS, LATER, SHOWN
from tests.browser.conftest import PHONE
from tests.browser.newcomer import Newcomer

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROLES = {login: RoleKey(HOLDINGS[login][0][0]) for login in SHOWN}
AT_THE_DESK = {RoleKey.PANEL_CHAIR}
"""Whose task is finished at the defense desk, not on a task's page alone."""

IN_SHORT = {"host_university", "county", "expert1", "province_committee2"}
"""A form of steps, a statement with a seal, a rubric beside its evidence, a call to be released; the rest is long."""

WORKING = [
    login
    for login, role in ROLES.items()
    if POLICIES[role].duty is Duty.CASE and role not in AT_THE_DESK and login not in LATER
]
NEWCOMERS = [login if login in IN_SHORT else pytest.param(login, marks=pytest.mark.long) for login in WORKING]


ROOMS = {
    "unit_admin": (("follow", "更正申请"), ("write", "答复", "已核对任职文件，所在单位已更正。"), ("press", "已更正")),
    "secadmin": (
        ("follow", "人员与岗位"), ("search", "host_next"), ("open_first",), ("choose", "岗位", "县区教育部门"),
        ("write", "单位", "七里河区教育工作部门"), ("press", "授予"),
    ),
    "sysadmin": (("follow", "日历"), ("write", "日期", "2027-12-31"), ("press", "登记")),
    "designer": (
        ("follow", "第 2 版"), ("follow", "修改"), ("write", "改了什么，为什么", "放宽到 1500 字，便于写明理由"),
        ("press", "存为草稿"),
    ),
    "publisher": (("follow", "第 2 版"), ("press", "发布第 2 版")),
}  # fmt: skip
"""Who works without an inbox: where the first page leads, by its own words, and what they do there."""


@pytest.fixture
def newcomer(visit):
    """Call with a login; who comes has a phone, and presses it on the sign-in page where it is offered."""

    def enter(login: str) -> Newcomer:
        visitor = visit(None if login in SHOWN else login)
        page = visitor.page
        page.set_viewport_size(PHONE)
        if login not in SHOWN:
            return Newcomer(page)
        page.goto("/sign-in")
        page.locator("form", has=page.locator(f"input[name=login][value='{login}']")).locator("button").click()
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return Newcomer(page)

    return enter


@pytest.mark.parametrize("login", NEWCOMERS)
def test_a_newcomer_finishes_what_waits(newcomer, login):
    somebody = newcomer(login)
    waiting = somebody.waiting()
    assert waiting, somebody.words()
    assert any(somebody.finish(each) for each in waiting), somebody.words()


@pytest.mark.parametrize("login", [pytest.param(login, marks=pytest.mark.long) for login in ROOMS])
def test_a_newcomer_finds_the_room_of_an_office(newcomer, login):
    somebody = newcomer(login)
    for deed, *words in ROOMS[login]:
        getattr(somebody, deed)(*words)
    expect(somebody.page.locator(".flash:not(.note-red)")).to_be_visible()


@pytest.mark.long
def test_an_auditor_reads_a_case_and_sees_its_chain_proved(newcomer):
    auditor = newcomer("auditor")
    auditor.search("SQ-2026")
    auditor.open_first()
    expect(auditor.page.locator("main")).to_contain_text("审计链完整")


@pytest.mark.long
def test_a_chair_and_the_experts_finish_a_defense(newcomer):
    """From the chair's inbox to the desk, through the slot by the clock, and back to its record."""
    chair = newcomer("panel_chair")
    page = chair.page
    (first, *_) = chair.waiting()
    page.goto(first)
    page.get_by_role("link", name="去答辩台").click()
    for button in ("请入场", "身份已核对", "开始计时", "进入提问", "本件结束"):
        page.get_by_role("button", name=button).first.click()
        page.wait_for_load_state()
    seats = page.locator("[aria-labelledby^='bench-'] tbody tr").count()
    for number in range(1, seats + 1):
        expert = newcomer(f"expert{number}").page
        expert.locator(".menu summary").click()
        expert.locator(".menu").get_by_role("link", name="我的答辩评分").click()
        expert.locator("form[action^='/defense/mine/'] [name=score]").first.fill("88")
        expert.locator("form[action^='/defense/mine/'] button.btn-main").first.click()
        expect(expert.locator(".flash")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="登记").first.click()
    assert chair.finish(page.url), chair.words()
