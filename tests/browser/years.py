"""The steps of a studio's three years and its acceptance, each as its person takes it on the pages (C6)."""

from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.onsite import fill_sheet

GOOD = "按计划完成，台账和照片附后。"


def fill_rows(desk: Desk, key: str, values: dict[str, object]) -> None:
    """Say the same in every row of a table that the server has filled."""
    for row in desk.lines(key):
        desk.fill(values, within=row)


def draft(desk: Desk, what: str, studio: str) -> None:
    """Hand in a year's plan as its template has it, with what each commitment comes to in the year."""
    desk.open(f"起草{what}", studio)
    fill_rows(desk, "tasks", {"planned": "年内完成三分之一。"})
    desk.complete()


def decide(desk: Desk, task: str, studio: str, verdict: str) -> None:
    """Approve or file what was handed in."""
    desk.open(task, studio)
    desk.decide(verdict)


def provide(desk: Desk, year: str, studio: str) -> None:
    """Give a room of 24.5 m², the page of the school's plan and the school's own money."""
    desk.open(f"落实{year}学校保障", studio)
    desk.fill({"plan_page": "第 12 页", "amount": "30000.00", "policy": "列入年度党建工作要点，由专人联系。"})
    desk.upload("plan_doc", "学校年度计划第12页")
    desk.page.locator("[id='rooms'] button[name=_add]").click()
    desk.page.locator("[id='rooms-0-name']").wait_for()
    desk.fill({"name": "教学楼 301", "area": "24.5"}, within="rooms-0")
    desk.upload("rooms-0-photos", "办公室照片")
    desk.complete()


def support(desk: Desk, year: str, studio: str) -> None:
    """Pledge the year's support."""
    desk.open(f"落实{year}支持经费", studio)
    desk.fill({"amount": "20000", "document": "年度教育经费预算"})
    desk.upload("doc", "预算批复")
    desk.decide("pledge")


def hold_activity(desk: Desk, year: str, studio: str, day: date) -> None:
    """Record an activity with its sign-in sheet and photos."""
    desk.open(f"登记{year}示范活动", studio)
    desk.fill({"kind": "demonstration", "title": "主题党日观摩", "place": "报告厅", "held_on": day.isoformat()})
    desk.fill({"people": 46, "summary": "五所学校支部书记参加。"})
    desk.upload("sign_in", "签到表")
    desk.upload("photos", "现场照片")
    desk.complete()


def book(desk: Desk, year: str, studio: str, day: date) -> None:
    """Record what came and what was spent."""
    desk.open(f"登记{year}经费收支", studio)
    desk.fill({"handler": "经办人"})
    came = {"kind": "receipt", "payer": "city", "amount": "20000", "on_day": day.isoformat(), "note": "专项到账"}
    spent = {"kind": "spending", "heading": "training", "amount": "1234.56", "on_day": day.isoformat(), "note": "培训"}
    desk.add_row("entries", came, "到账凭证")
    desk.add_row("entries", spent, "支出凭证")
    desk.complete()


def report(desk: Desk, year: str, studio: str) -> None:
    """Say what became of each commitment in the year."""
    desk.open(f"提交{year}报告", studio)
    desk.fill({"achievements": "全年按计划推进，形成一项可推广的做法。"})
    fill_rows(desk, "commitments", {"fulfilment": "done", "reported": "已完成"})
    desk.upload("doc", "年度报告盖章件")
    desk.complete()


def review(desk: Desk, year: str, studio: str) -> None:
    """Grade a year's report."""
    desk.open(f"评议{year}报告", studio)
    desk.fill({"grade": "good", "comment": "完成较好，继续推进。"})
    desk.complete()


def assess(desk: Desk, studio: str) -> None:
    """Assess oneself against the plan's own commitments, each with evidence."""
    desk.open("提交验收自评", studio)
    for row in desk.lines("commitments"):
        desk.fill({"kept": "full", "account": GOOD}, within=row)
        desk.upload(f"{row}-doc", "佐证")
    fill_rows(desk, "dimensions", {"account": "达到预期。"})
    desk.fill({"summary": "三年来逐项推进。", "pledge": True})
    desk.complete()


def name_inspectors(desk: Desk, studio: str, many: int, visit_on: date) -> None:
    """Name so many experts."""
    desk.open("选定验收专家", studio)
    for row in desk.lines("experts")[:many]:
        desk.fill({"chosen": True}, within=row)
    desk.fill({"visit_on": visit_on.isoformat()})
    desk.complete()


def inspect(page: Page, studio: str, day: date) -> bool:
    """Hand in one's sheet of a studio's inspection; tell whether one had any."""
    page.goto("/inspections/")
    sheet = page.locator("main li, main tr").filter(has_text=studio).locator("a[data-keep]")
    if not sheet.count():
        return False
    sheet.first.click()
    expect(page.locator("[data-onsite][data-ready=yes]")).to_be_attached()
    fill_sheet(page, day.isoformat())
    page.click("button[name=_complete]")
    expect(page.locator("[data-sheet-state]")).to_have_attribute("data-state", "received")
    return True


def conclude(desk: Desk, studio: str, document: str) -> None:
    """Accept the studio, as the inspectors' scores propose."""
    desk.open("作出验收结论", studio)
    desk.fill({"document_number": document, "opinion": "同意通过验收。"})
    desk.decide("pass")
