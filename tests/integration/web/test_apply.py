"""An application from its start to its submission, filled in page by page without JavaScript."""

import re

import pytest
from flask import Flask

from tests.factories.playing import Play
from tests.integration.web.conftest import Visitor
from tests.integration.web.filling import PDF, Page, follow, send

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def play(stage) -> Play:
    return Play(stage)


@pytest.fixture
def cycle(play: Play) -> str:
    return play.open_cycle()


@pytest.fixture
def at_work(web: Flask, play: Play):
    """The browser of somebody who has signed in."""

    def browser(login: str) -> Visitor:
        return Visitor(web.test_client()).enter(play.province.people[login])

    return browser


@pytest.fixture
def host(at_work, cycle: str) -> Visitor:
    assert cycle
    return at_work("host_s1")


@pytest.fixture
def first(host: Visitor) -> Page:
    """The first step of a new application of a school."""
    start = Page(host.get("/apply"))
    (form,) = [form for form in start.root.forms if form.get("action") == "/apply"]
    return follow(host, host.client.post("/apply", data=dict(form.form_values())))


def go(host: Visitor, page: Page, step: str, **typed: object) -> Page:
    return follow(host, send(host, page, "_step", step, typed))


def test_where_one_may_apply_is_shown_with_the_time_left(host: Visitor):
    page = host.get("/apply")
    assert "河口县第一中学数学组党支部书记工作室" in page.text
    assert "4月1日（周三） 17:30" in page.text
    assert "剩 22 个工作日" in page.text


@pytest.mark.usefixtures("cycle")
def test_only_hosts_apply(at_work):
    refused = at_work("prelim_c1").get("/apply")
    assert (refused.status_code, "主持人" in refused.text) == (403, True)


@pytest.mark.usefixtures("play")
def test_without_a_call_nothing_can_be_started(at_work):
    assert "目前没有您的支部可以申报的批次" in at_work("host_s1").get("/apply").text


@pytest.mark.usefixtures("first")
def test_a_second_application_is_refused_with_its_clause(host: Visitor, cycle: str, play: Play):
    branch = play.province.units["S1B1"].public_id
    again = host.post("/apply", {"cycle": cycle, "branch": branch})
    assert (again.status_code, "C5.1" in again.text) == (409, True)
    assert "查看申报" in host.get("/apply").text


@pytest.mark.parametrize(("cycle_id", "branch", "status"), [("nothing", "", 404), ("", "nothing", 404)])
def test_unknown_calls_and_branches_are_refused(host: Visitor, cycle: str, play: Play, cycle_id, branch, status):
    sent = {"cycle": cycle_id or cycle, "branch": branch or play.province.units["S1B1"].public_id}
    assert host.post("/apply", sent).status_code == status


def test_somebody_elses_branch_is_refused(host: Visitor, cycle: str, play: Play):
    branch = play.province.units["S2B1"].public_id
    assert host.post("/apply", {"cycle": cycle, "branch": branch}).status_code == 403


def test_steps_say_what_is_wanting(first: Page):
    steps = [" ".join(step.text_content().split()) for step in first.root.xpath("//ol[@class='stp']//span")]
    assert steps == [
        "基本信息还差 3 处",
        "任职与职称还差 2 处",
        "六选三满足 0 项",
        "证明与声明提交后",
        "承诺与提交还差 2 处",
    ]
    assert first.root.xpath("string(//ol[@class='stp']//*[@aria-current='step']/i)") == "1"
    assert first.words("name") == "人员host_s1"
    assert first.root.get_element_by_id("branch_kind").get("hidden") is not None
    assert first.buttons() == ["保存草稿", "下一步"]


def test_going_on_keeps_what_is_wrong_as_typed(host: Visitor, first: Page):
    six = go(host, first, "six", birth_date="1976-02-30", field="党建")
    back = go(host, six, "basic")
    assert (back.value("birth_date"), back.value("field")) == ("1976-02-30", "党建")
    assert back.root.get_element_by_id("birth_date").get("type") == "text"


def test_rows_come_and_go_by_buttons(host: Visitor, first: Page):
    six = go(host, first, "six")
    one = follow(host, send(host, six, "_add", "awards"))
    two = follow(host, send(host, one, "_add", "awards", {"awards-0-title": "甲奖"}))
    both = follow(host, send(host, two, "_draft", typed={"awards-1-title": "乙奖", "awards-1-level": "city"}))
    keys = [both.values()[f"awards-{number}-row_key"] for number in (0, 1)]
    assert len(set(keys)) == 2
    left = follow(host, send(host, both, "_remove", "awards-0"))
    assert (left.value("awards-0-title"), left.value("awards-0-level")) == ("乙奖", "city")
    assert left.values()["awards-0-row_key"] == keys[1]
    assert not left.has("awards-1")


@pytest.mark.parametrize(
    ("button", "argument"),
    [("_add", "ranks"), ("_add", "name"), ("_remove", "awards-7"), ("_remove", "awards-x"), ("_drop", "x y")],
)
def test_rows_that_are_not_there_are_refused(host: Visitor, first: Page, button: str, argument: str):
    assert send(host, first, button, argument).status_code == 403


def test_the_self_check_speaks_as_one_types(host: Visitor, first: Page):
    address = first.root.get_element_by_id("selfcheck").get("hx-post")
    typed = {**first.values(), "birth_date": "1975-04-01", "field": "党建"}
    answer = host.client.post(address, data=typed, headers={"HX-Request": "true"})
    words = " ".join(Page(answer).root.text_content().split())
    assert answer.status_code == 200
    assert "须 1975年4月2日（含）以后出生，基准日 51 周岁，超过年龄" in words
    assert "提交前还缺" in words
    assert "六选三：满足 0 项，还差 3 项" in words
    assert Page(host.get(first.root.get_element_by_id("work").get("action"))).value("field") in ("", None)


def test_self_check_marks_the_lists_of_the_six_items(host: Visitor, first: Page):
    six = go(host, first, "six")
    six = follow(host, send(host, six, "_add", "awards"))
    typed = {
        "awards-0-title": "竞赛一等奖",
        "awards-0-issuer": "天水市教育局",
        "awards-0-relation": "coached",
        "awards-0-holder": "team",
        "awards-0-level": "city",
        "awards-0-date": "2025-06-01",
        "_file-awards-0-doc": PDF,
    }
    done = follow(host, send(host, six, "_draft", typed=typed))
    assert done.words("mark-C4.4.6") == "C4.4.6 计入"
    assert done.words("mark-C4.4.1") == "C4.4.1 未申报"
    assert not done.has("mark-C4.3.6")


def test_submission_tells_everything_that_is_missing_step_by_step(host: Visitor, first: Page):
    last = go(host, first, "commitment")
    refused = Page(send(host, last, "_complete"))
    assert refused.status == 422
    links = [
        link.get("href").partition("?")[2] or link.get("href") for link in refused.root.xpath("//div[@id='errors']//a")
    ]
    assert links == [
        "step=basic#birth_date",
        "step=basic#field",
        "step=basic#results",
        "#pledge",
        "#signature",
        "step=service#appointments",
        "step=service#titles",
    ]


@pytest.mark.usefixtures("first")
def test_a_draft_is_given_up_and_another_begun(host: Visitor):
    case = _case_of(host)
    assert host.post(f"/apply/{case}/abandon").status_code == 302
    assert "开始申报" in host.get("/apply").text


def test_an_application_is_submitted_page_by_page_and_withdrawn(host: Visitor, first: Page, play: Play):
    service = go(host, first, "service", birth_date="1985-05-01", field="党建与教学融合", results="有积累。")
    service = follow(
        host,
        send(
            host,
            service,
            "_draft",
            typed={
                "appointments-0-post": "secretary",
                "appointments-0-branch": "self",
                "appointments-0-from": "2019-01-01",
                "_file-appointments-0-doc": PDF,
                "titles-0-level": "中级",
                "titles-0-held_from": "2015-09-01",
                "titles-0-basis": "appointed",
                "_file-titles-0-doc": PDF,
            },
        ),
    )
    last = go(host, go(host, service, "statements"), "commitment")
    done = send(host, last, "_complete", typed={"pledge": "true", "signature": "人员host_s1"})
    case = re.fullmatch(r"/cases/(.+)", done.headers["Location"])
    assert case is not None
    assert "SQ-2026-0001" in host.get("/apply").text
    assert play.stage is not None
    withdrawn = host.post(f"/apply/{case[1]}/withdraw", {"reason": "另有安排"})
    assert withdrawn.status_code == 302
    assert "已撤回" in host.get("/apply").text
    assert host.post(f"/apply/{case[1]}/withdraw").status_code == 404


def _case_of(host: Visitor) -> str:
    found = re.search(r'href="/cases/([^"]+)"', host.get("/apply").text)
    assert found is not None
    return found[1]
