"""A model changed on the pages: drawn in the editor, findings on the canvas, released by a second person."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.desk import Desk
from tests.browser.steps import UNIVERSITY, Entrant

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAME = "形式审查（新版）"


@pytest.fixture
def designer(visit) -> Page:
    return visit("designer").page


def draw(page: Page) -> str:
    """Open the application's process in the editor; return its text once it is drawn."""
    page.goto("/workshop/bpmn/application")
    page.click("main a.btn-main")
    expect(page.locator("#bpmn-editor [data-element-id=fill_in]").first).to_be_visible()
    return page.locator("#model-source").input_value()


def hand_in(page: Page, text: str) -> None:
    """Hand a model in as a file."""
    file = {"name": "application.bpmn", "mimeType": "application/xml", "buffer": text.encode()}
    page.set_input_files("#upload", [file])
    page.fill("#note", "试改")
    page.click("button[form=editing].btn-main")
    expect(page.locator(".flash")).to_be_visible()


def version_of(page: Page) -> str:
    """The number of the version shown."""
    found = re.search(r"第 ?(\d+) ?版", page.locator("h1").inner_text())
    assert found
    return found.group(1)


def test_findings_stand_on_the_canvas_and_keep_a_draft_from_release(designer, visit):
    text = draw(designer)
    hand_in(designer, text.replace('implementation="record_lapse"', 'implementation="no_such_action"'))
    expect(designer.locator(".flash")).to_contain_text("有错误")
    address = designer.url
    designer.locator("a.btn-line", has_text="修改").click()
    mark = designer.locator("#bpmn-editor .lint-mark[data-element=record_lapse]")
    expect(mark).to_be_visible()
    designer.click("button[data-lint]")
    expect(mark).to_be_visible()
    publisher = visit("publisher").page
    publisher.goto(address)
    expect(publisher.locator(".actions button")).to_be_disabled()


def test_a_new_version_serves_new_cases_only(designer, visit):
    running = Entrant("host_university9", UNIVERSITY)
    before = Desk(visit(running.login).page)
    steps.start(before, running)
    text = draw(designer)
    hand_in(designer, text.replace("no_such_action", "record_lapse").replace('name="形式审查"', f'name="{NAME}"'))
    expect(designer.locator(".flash")).to_contain_text("已保存")
    assert designer.locator(".actions button[disabled]").count() == 1
    number = version_of(designer)

    publisher = visit("publisher").page
    publisher.goto(designer.url)
    publisher.click(".actions button.btn-main")
    expect(publisher.locator(".flash")).to_contain_text("新案卷")
    publisher.goto("/workshop/bpmn/application")
    assert version_of_model(publisher) == number

    newcomer = Entrant("host_school8", steps.SCHOOL)
    after = Desk(visit(newcomer.login).page)
    steps.start(after, newcomer)
    for desk, shown in ((before, False), (after, True)):
        desk.page.click("main .pagehead a")
        assert (NAME in desk.page.locator("main").inner_html()) is shown

    designer.goto("/workshop/running/application")
    designer.fill("[name=reason]", "在办案卷同样按改正后的图办理。")
    designer.click("button.btn-main[form=ask]")
    publisher.goto(designer.url)
    publisher.click("button[name=decision][value=release]")
    expect(publisher.locator("#progress-panel")).to_contain_text("等待 0 件")
    before.page.reload()
    assert NAME in before.page.locator("main").inner_html()
    give_up(before.page)
    give_up(after.page)


def version_of_model(page: Page) -> str:
    """The number of the version in force, as the model's page says it."""
    found = re.search(r"第 ?(\d+) ?版", page.locator(".pagehead").inner_text())
    assert found
    return found.group(1)


def give_up(page: Page) -> None:
    """Give up the draft of an application, so that its host may begin anew."""
    page.goto("/apply")
    page.locator("summary", has_text="放弃").click()
    page.locator("form[action$='/abandon'] button").click()
    expect(page.locator(".flash")).to_be_visible()
