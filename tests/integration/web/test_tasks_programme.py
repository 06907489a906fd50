"""The programme's own tasks on their pages: the clause check with its rulings, what follows, who is named to whom."""

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from app.domain.time import SHANGHAI
from app.engine import Definition, Source, load_definition
from app.web.diagrams.chart import Chart, read_chart
from app.web.tasks.onward import Way, ways_on
from tests.factories.playing import Play
from tests.factories.programme import PROJECT
from tests.integration.web.conftest import Visitor
from tests.integration.web.filling import Page, follow, send

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def play(stage) -> Play:
    return Play(stage)


@pytest.fixture
def at_work(web: Flask, play: Play):
    """The browser of somebody who has signed in."""

    def browser(login: str) -> Visitor:
        return Visitor(web.test_client()).enter(play.province.people[login])

    return browser


@pytest.fixture
def flagged(play: Play) -> str:
    """A case at its initial review, with a certificate instead of an appointment."""
    cycle = play.open_cycle()
    titles = [{"row_key": "t1", "level": "副高", "held_from": "2018-01-01", "basis": "certificate"}]
    case = play.apply("host_u1", "U2B1", cycle, titles=titles)
    play.attest(case, "u")
    return case


@pytest.fixture
def desk(at_work) -> Visitor:
    return at_work("prelim_u1")


@pytest.fixture
def review(desk: Visitor, play: Play, flagged: str) -> Page:
    return Page(desk.get(f"/tasks/{play.task('initial_review', flagged)}"))


@on_sqlite
class TestInitialReview:
    def test_every_clause_is_checked_with_its_facts(self, review: Page):
        words = review.words("clause-C4.1b")
        assert words == "C4.1b 任职年限有任职文件的任职 7 年 3 个月，现任符合 appointmentsa1.pdf 1 KB · 未查毒"
        assert "待人工判断" in review.words("clause-C4.1c")
        assert "符合 6 · 待人工判断 1 · 不符合 0" in review.answer.text
        assert [card.get("class") for card in review.root.xpath("//div[@class='three']/div")] == [
            "opt on", "opt on", "opt on", "opt off", "opt off", "opt off",
        ]  # fmt: skip

    def test_a_flag_is_ruled_beside_its_clause(self, review: Page):
        assert "由您判断：专业技术职务" in review.words("clause-C4.1c")
        assert review.root.xpath("//div[@id='clause-C4.1c']//textarea/@name") == ["rulings-0-reason"]
        assert "还有 1 条必须判断 (C4.1c)" in " ".join(
            review.root.xpath("//div[@class='actions']")[0].text_content().split()
        )

    def test_what_each_verdict_leads_to_is_told(self, review: Page):
        after = review.root.xpath("//section[@aria-labelledby='after-title']//li")
        assert [" ".join(each.text_content().split()) for each in after] == [
            "同意：随后等待名单公示",
            "退回修改：进入修改申报材料",
            "不同意：随后等待未申请复核、收到复核申请",
        ]

    def test_the_verdict_that_agrees_stands_last_and_away_from_the_one_that_does_not(self, review: Page):
        assert review.buttons() == ["保存草稿", "不同意", "退回修改", "同意"]

    def test_without_a_ruling_it_cannot_be_recommended(self, desk: Visitor, review: Page):
        refused = Page(send(desk, review, "decision", "recommend", {"opinion": "同意推荐。"}))
        assert refused.status == 422
        assert "还有必须判断的条款" in refused.words("errors")
        assert refused.value("opinion") == "同意推荐。"

    def test_the_bar_follows_what_is_ruled_while_typing(self, desk: Visitor, review: Page):
        address = review.root.get_element_by_id("work").get("data-autosave")
        before = desk.client.post(address, data=review.values()).json
        assert before["must"].startswith("还有 1 条必须判断 (C4.")
        ruled = {**review.values(), "_revision": before["revision"], "rulings-0-verdict": "met"}
        assert desk.client.post(address, data=ruled).json["must"] == ""

    def test_with_a_ruling_and_originals_it_goes_on(self, desk: Visitor, review: Page, play: Play, flagged: str):
        ticks = dict.fromkeys(review.root.xpath("//input[@type='checkbox']/@name"), "true")
        ruled = {"rulings-0-verdict": "met", "rulings-0-reason": "见聘任名册第 3 页", "opinion": "同意推荐。"}
        answer = send(desk, review, "decision", "recommend", {**ticks, **ruled})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox")
        assert "initial_review" not in play.open_elements(flagged)

    def test_the_application_is_read_and_not_written(self, review: Page):
        material = review.root.xpath("//section[@aria-labelledby='material-title']")[0]
        assert "党建与业务融合" in material.text_content()
        assert not material.xpath(".//input[not(@type='hidden')]|.//textarea|.//select")

    def test_what_was_returned_comes_back_filled_in(
        self, desk: Visitor, review: Page, at_work, play: Play, flagged: str
    ):
        send(desk, review, "decision", "return", {"opinion": "请补聘任文件。"})
        play.work()
        host = at_work("host_u1")
        page = Page(host.get(f"/tasks/{play.task('correct', flagged)}"))
        assert "请补聘任文件。" in page.answer.text
        basic = follow(host, send(host, page, "_step", "basic"))
        assert (basic.value("birth_date"), basic.value("field")) == ("1985-05-01", "党建与业务融合")


@on_sqlite
def test_reviewers_are_not_named_to_one_another(play: Play, at_work):
    cycle = play.open_cycle(places_university=1)
    case = play.apply("host_u1", "U2B1", cycle)
    play.attest(case, "u")
    play.review("prelim_u1", case, "recommend")
    play.go_to(datetime(2026, 4, 1, 17, 30, tzinfo=SHANGHAI))
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    play.go_to(datetime(2026, 4, 30, 9, 0, tzinfo=SHANGHAI))
    play.format_check("secretariat", case, "complete")
    play.form_panel(tuple(f"expert{number}" for number in range(3, 8)))
    first, second = play.judges_of(case)[:2]
    play.score(first, case, 80)
    page = at_work(second).get(f"/tasks/{play.task('material_review', case, second)}").text
    assert "评审专家" in page
    assert f"人员{first}" not in page


@pytest.fixture(scope="module")
def application() -> tuple[Definition, Chart]:
    return drawn("application")


def drawn(process: str) -> tuple[Definition, Chart]:
    files = sorted(path for path in (PROJECT / "bpmn").rglob("*") if path.suffix in {".bpmn", ".dmn"})
    return load_definition([Source(path.name, path.read_bytes()) for path in files], process), chart_of(process)


def chart_of(process: str) -> Chart:
    chart = read_chart(Path(PROJECT / f"bpmn/{process}/{process}.bpmn").read_bytes(), process)
    assert chart is not None
    return chart


def test_ways_on_are_those_of_the_gateway_that_asks(application):
    assert ways_on(*application, "initial_review") == (
        Way("退回修改", None, ("修改申报材料",), (), ()),
        Way("不予推荐", 'initial_review.decision = "reject"', (), ("未申请复核", "收到复核申请"), ()),
        Way("推荐", 'initial_review.decision = "recommend"', (), ("名单公示",), ()),
    )


def test_a_verdict_that_a_later_gateway_asks_for_leads_where_that_one_leads():
    assert ways_on(*drawn("acceptance"), "conclude") == (
        Way("通过", 'conclude.decision = "pass"', (), (), ("通过验收",)),
        Way("不予通过", None, (), (), ("不予通过",)),
        Way("暂缓", 'conclude.decision = "defer"', ("提交整改报告",), (), ()),
        Way("补选", 'conclude.decision = "again"', ("选定验收专家",), (), ()),
    )


def test_without_a_question_the_next_steps_are_told(application):
    assert ways_on(*application, "fill_in") == (
        Way("", None, ("上级党组织证明", "学校党组织声明", "纪检机构声明"), (), ()),
    )


def test_a_called_process_that_comes_next_is_told_by_its_name():
    (way,) = ways_on(*drawn("construction"), "decide_support")
    assert (way.tasks, way.waits) == (("报批建设文件", "逐年建设"), ("建设期满",))


def test_a_task_of_a_called_process_leads_on_inside_it():
    definition, _ = drawn("construction")
    assert ways_on(definition, chart_of("filing"), "file_document") == (
        Way("备案", 'file_document.decision = "file"', (), (), ("已备案",), is_part=True),
        Way("格式退回", None, ("起草建设文件",), (), (), is_part=True),
    )
    approved = ways_on(definition, chart_of("filing"), "approve_county")  # of four tasks' decisions one step makes one
    assert [(way.name, way.tasks) for way in approved] == [("批准", ("审核备案",)), ("退回修改", ("起草建设文件",))]
    year = chart_of("construction_year")
    assert ways_on(definition, year, "pledge_county") == (Way("", None, (), ("年度完成",), (), is_part=True),)
    assert ways_on(definition, year, "yearly_report") == (Way("", None, ("评议年度报告",), (), (), is_part=True),)


@pytest.mark.parametrize("process", sorted(path.name for path in (PROJECT / "forms").iterdir()))
def test_every_task_leads_somewhere(process):
    definition, chart = drawn(process)
    for element_id, element in definition.user_tasks.items():
        if element.process_id == process:
            ways = ways_on(definition, chart, element_id)
            assert ways
            assert all(way.tasks or way.waits or way.ends for way in ways), element_id


@on_sqlite
def test_a_new_fact_is_reported_on_the_page_of_a_case_under_selection(play: Play, at_work):
    case = play.apply("host_u1", "U2B1", play.open_cycle())
    page, reporter = f"/cases/{play.case_page(case)}", at_work("discipline_u")
    assert b"/facts" not in reporter.get(page).data
    refused = reporter.post(f"{page}/facts", {"text": "收到新的反映"})
    assert refused.status_code == 409
    play.attest(case, "u")
    play.review("prelim_u1", case, "recommend")
    play.go_to(datetime(2026, 4, 22, 9, 0, tzinfo=SHANGHAI))
    play.rank("prelim_u1", "U2")
    play.release("prelim_u2", "U2")
    play.go_to(datetime(2026, 4, 30, 9, 0, tzinfo=SHANGHAI))
    reporter = at_work("discipline_u")  # time has passed: the session before has ended
    assert b"/facts" in reporter.get(page).data
    assert b"/facts" not in at_work("host_u1").get(page).data
    assert at_work("host_u1").post(f"{page}/facts", {"text": "自己来"}).status_code == 403
    assert reporter.post(f"{page}/facts", {"text": " "}).status_code == 400
    assert reporter.post(f"{page}/facts", {"text": "收到新的反映"}).status_code == 302
    assert play.context("province", play.task("reexamine_record", case))["fact"] == "收到新的反映"
