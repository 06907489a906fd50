"""Every kind of page, as those who use it: it draws without errors and never wider than a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PUBLIC = {
    "home": "/",
    "publicity": "/publicity",
    "receipt": "/receipt?number=SQ-2000-0001",
    "clauses": "/clauses",
    "sign-in": "/sign-in",
    "nowhere": "/no-such-page",
}
OFFICE = [
    ("designer", "workshop", "/workshop"),
    ("designer", "workshop-model", "/workshop/bpmn/application"),
    ("designer", "workshop-decision", "/workshop/dmn/eligibility_school"),
    ("designer", "workshop-form", "/workshop/form/application/initial_review"),
    ("designer", "workshop-upload", "/workshop/upload"),
    ("auditor", "audit", "/audit"),
    ("auditor", "audit-events", "/audit/events"),
    ("sysadmin", "admin", "/admin"),
    ("sysadmin", "admin-units", "/admin/units"),
    ("sysadmin", "admin-calendar", "/admin/calendar"),
    ("sysadmin", "admin-incidents", "/admin/incidents"),
    ("sysadmin", "admin-clock", "/admin/clock"),
    ("secadmin", "admin-people", "/admin/people"),
    ("host_university8", "apply", "/apply"),
    ("host_university", "profile", "/profile"),
    ("auditor", "cases", "/cases"),
]
TASKS = {
    "host_university": "填写申报书",
    "host_university10": "修改申报材料",
    "superior_university": "上级党组织证明",
    "school_university": "学校党组织声明",
    "discipline_university": "纪检机构声明",
    "county": "县区会签",
    "prelim_university": "初评",
    "prelim_city": "审查是否受理",
    "prelim_university2": "排序推荐名单",
    "secretariat": "形式审查",
    "expert1": "材料评审",
    "panel_chair": "答辩",
    "province_committee": "逐件审定",
    "province_committee2": "审发申报通知",
}


@pytest.mark.parametrize(("name", "address"), PUBLIC.items(), ids=PUBLIC)
def test_public_pages(visit, name, address):
    visitor = visit()
    visitor.page.goto(address)
    visitor.shoot(f"public-{name}")


@pytest.mark.parametrize("name", ["rules", "publicity"])
def test_public_pages_of_one_thing(visit, name):
    visitor = visit()
    visitor.page.goto("/" if name == "rules" else "/publicity")
    visitor.page.locator(f"main a[href^='/{name}/']").first.click()
    expect(visitor.page.locator("h1")).to_be_visible()
    visitor.shoot(f"public-one-of-{name}")


@pytest.mark.parametrize(("login", "name", "address"), OFFICE, ids=[name for _, name, _ in OFFICE])
def test_office_pages(visit, login, name, address):
    visitor = visit(login)
    assert visitor.page.goto(address).status == 200
    visitor.shoot(name)


def test_the_editor(visit):
    visitor = visit("designer")
    visitor.page.goto("/workshop/bpmn/application")
    visitor.page.click("main a.btn-main")
    expect(visitor.page.locator("#bpmn-editor [data-element-id=fill_in]").first).to_be_visible()
    visitor.shoot("workshop-editor")


def test_an_audited_case(visit):
    visitor = visit("auditor")
    visitor.page.goto("/audit")
    visitor.page.locator("main a[href^='/audit/cases/']").first.click()
    expect(visitor.page.locator("h1")).to_be_visible()
    visitor.shoot("audit-case")


@pytest.mark.parametrize(("login", "task"), TASKS.items(), ids=TASKS)
def test_each_role_finds_its_work(visit, login, task):
    """The inbox, the task and the case behind it."""
    visitor = visit(login)
    desk = Desk(visitor.page)
    visitor.shoot(f"inbox-{login}")
    desk.open(task, "")
    visitor.shoot(f"task-{login}")
    visitor.page.locator(".pagehead a.btn").first.click()
    expect(visitor.page.locator("h1")).to_be_visible()
    visitor.shoot(f"case-{login}")
