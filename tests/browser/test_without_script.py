"""With JavaScript off everything still works: rows, evidence, drafts, decisions."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.desk import Desk, document
from tests.browser.steps import UNIVERSITY, Entrant

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def host(visit) -> Desk:
    return Desk(visit("host_university", script=False).page)


def upload(desk: Desk, field: str, name: str) -> None:
    """Choose a file and press the button beside it."""
    desk.page.set_input_files(f"[id='{field}-file']", [document(name)])
    desk.page.locator(f"fieldset[id='{field}'] button[name=_upload]").click()
    expect(desk.page.locator(f"fieldset[id='{field}'] .thumb", has_text=name)).to_be_visible()


def test_a_row_its_evidence_and_a_draft(host):
    host.open("填写申报书", "工作室")
    host.go_to("六选三")
    rows = host.page.locator("#appraisals .row-set")
    assert rows.count() == 1
    host.page.locator("#appraisals button[name=_add]").click()
    expect(rows).to_have_count(2)
    host.fill({"year": 2020, "grade": "较好"}, within="appraisals-1")
    upload(host, "appraisals-1-doc", "考核通报2020")
    host.fill({"issuer": "上级党组织甲"}, within="appraisals-1")
    host.save_draft()
    host.page.goto("/inbox")
    host.open("填写申报书", "工作室")
    host.go_to("六选三")
    kept = [host.page.locator(f"#appraisals-1-{column}").input_value() for column in ("year", "grade", "issuer")]
    assert kept == ["2020", "较好", "上级党组织甲"]
    host.page.locator("button[name=_remove][value=appraisals-1]").click()
    expect(rows).to_have_count(1)


def test_a_task_done_to_the_end(visit):
    desk = Desk(visit("superior_university", script=False).page)
    desk.open("上级党组织证明", "工作室")
    desk.fill({"political_attestation": "yes", "staffing_met": "yes", "signer": "党委书记"})
    upload(desk, "seal_doc", "盖章扫描件")
    assert "“上级党组织证明”已办结" in desk.complete()


def test_what_is_missing_is_said_at_its_place(visit):
    desk = Desk(visit("school_university", script=False).page)
    desk.open("学校党组织声明", "工作室")
    desk.fill({"clean_record": "yes"})
    desk.page.click("button[name=_complete]")
    expect(desk.page.locator("#errors a").first).to_have_attribute("href", "#signer")
    assert desk.page.locator("#clean_record-1").is_checked()
    desk.fill({"signer": "负责人"})
    upload(desk, "seal_doc", "盖章扫描件")
    assert "“学校党组织声明”已办结" in desk.complete()


def test_an_application_is_started_and_given_up(visit):
    entrant = Entrant("host_university9", UNIVERSITY)
    desk = Desk(visit(entrant.login, script=False).page)
    steps.start(desk, entrant)
    assert desk.page.locator("h1").inner_text() == f"填写申报书：{entrant.studio}"
    desk.page.goto("/apply")
    desk.page.locator("summary", has_text="放弃").click()
    desk.page.locator("form[action$='/abandon'] button").click()
    expect(desk.page.locator(".flash")).to_be_visible()
    assert not desk.rows("填写申报书", entrant.studio).count()
