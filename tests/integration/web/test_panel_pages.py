"""The pages on which a panel is formed: ties, a public draw, the matrix changed by hand (C5.3a, C5.3b)."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from app.services.panel.seating import PanelTooSmall
from tests.factories.playing import Play
from tests.integration.services.test_forming import cycle_of
from tests.integration.services.test_panel import ALL, FIVE, ONE, TWO, checked
from tests.integration.web.conftest import Visitor

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def play(stage) -> Play:
    return Play(stage)


@on_sqlite
def test_a_panel_is_drawn_and_assigned_on_pages(web: Flask, play: Play) -> None:
    (case,) = checked(play, *ONE)
    cycle = cycle_of(play, case)
    office = Visitor(web.test_client()).enter(play.province.people["secretariat"])
    assert cycle in office.get("/panel").text
    shown = office.get(f"/panel/{cycle}").text
    assert "回避 1 件：本单位 1" in shown
    refused = office.post(f"/panel/{cycle}/draw", {"word": "0712", "size": "4"})
    assert refused.status_code == 400
    assert 'value="0712"' in refused.text
    drawn = office.post(f"/panel/{cycle}/draw", {"word": "0712", "size": "7"}).headers["Location"]
    anybody = Visitor(web.test_client())
    page = anybody.get(drawn)
    assert page.status_code == 200
    assert "人员expert2" not in page.text
    assert len(anybody.get(f"{drawn}.json").json["taken"]) == 7
    assert anybody.get("/panel/draws/none").status_code == 404
    play.propose_panel(ALL)
    for each in ALL:
        play.answer(each)
    play.work()
    matrix = office.get(f"/panel/{cycle}/assignment")
    assert "最优（已证明）" in matrix.text
    free = [play.province.public_ids[each] for each in ALL[1:]]
    tied = play.province.public_ids["expert1"]
    wrong = office.post(f"/panel/{cycle}/assignment", {"case": case, f"e-{case}": [tied, *free[:4]]})
    assert wrong.status_code == 422
    assert "有专家须回避该申报" in wrong.text
    kept = office.post(f"/panel/{cycle}/assignment", {"case": case, f"e-{case}": free[1:]})
    assert kept.status_code == 302
    assert office.get(f"/panel/{cycle}/assignment").text.count(" checked") == 5
    anew = office.post(f"/panel/{cycle}/assignment/search", {"cap": "0"})
    assert anew.status_code == 302
    assert "计算中" in office.get(f"/panel/{cycle}/assignment").text
    play.work()
    assert "最优（已证明）" in office.get(f"/panel/{cycle}/assignment").text
    assert Visitor(web.test_client()).enter(play.province.people["expert2"]).get(f"/panel/{cycle}").status_code == 403


@on_sqlite
def test_where_no_assignment_is_possible_the_page_says_the_smallest_change_and_it_does(web: Flask, play: Play) -> None:
    cases = checked(play, *TWO, reviews_per_expert=1)
    cycle = cycle_of(play, cases[0])
    office = Visitor(web.test_client()).enter(play.province.people["secretariat"])
    register(office, "expert3", "《论文 1》")  # which both hosts list; neither list names its authors
    register(office, "expert5", "别的论文", unit="P")  # the province is above everybody, and keeps nobody from judging
    with pytest.raises(PanelTooSmall):
        play.propose_panel(FIVE)
    play.propose_panel(ALL)
    tie = {"row_key": "t1", "case": cases[0], "kind": "adviser", "note": "博士生导师"}
    play.answer("expert4", conflicts=[tie])
    for each in (*ALL[:3], *ALL[4:]):
        play.answer(each)
    play.work()
    page = f"/panel/{cycle}/assignment"
    shown = said(office.get(page).text)
    assert "无法分派" in shown
    assert "上级单位" not in shown
    assert "近三年合作发表（《论文 1》）" in shown
    assert shown.count("回避后可评专家少 1 位：再邀请 1 位") == 1
    assert "把上限提高到 2 件，或再增加 4 位专家。" in shown
    task = play.task("adjust_assignment")
    assert f'href="{page}"' in office.get(f"/tasks/{task}").text
    refused = office.post(f"/tasks/{task}", {"_revision": "0", "_complete": "", "decision": "forward"})
    assert (refused.status_code, "还有 2 件申报没有分派专家" in refused.text) == (422, True)
    register(office, "expert3", "别的论文")
    anew = {"_revision": "1", "_complete": "", "decision": "rework", "opinion": "专家库登记有误，已更正。"}
    assert office.post(f"/tasks/{task}", anew).status_code == 302
    play.go_to(play.stage.clock.now() + timedelta(minutes=1))
    play.propose_panel(ALL)
    play.work()
    shown = said(office.get(page).text)
    assert "再邀请" not in shown
    assert "把上限提高到 2 件" in shown
    assert office.post(f"{page}/search", {"cap": "2"}).status_code == 302
    play.work()
    assert "最优（已证明）" in said(office.get(page).text)


def register(office: Visitor, login: str, work: str, *, unit: str = "") -> None:
    """Enter an expert who lists one publication of last year."""
    listed = {"login": login, "unit": unit, "fields": "", "works": f"{work} | 2025-03-01 | ", "available": "1"}
    assert office.post("/panel/experts", listed).status_code == 302


def said(text: str) -> str:
    """What a page says, without its marks."""
    return re.sub(r"<[^>]*>", "", text)


@on_sqlite
def test_the_register_is_kept_and_ties_are_recorded_and_lifted(web: Flask, play: Play) -> None:
    office = Visitor(web.test_client()).enter(play.province.people["secretariat"])
    expert = {
        "login": "expert2",
        "fields": "高校，党建",
        "works": "论党建 | 2025-03-01 | 人员host_u1",
        "available": "1",
    }
    refused = office.post("/panel/experts", {**expert, "works": "论党建"})
    assert refused.status_code == 400
    assert "论党建" in refused.text
    assert office.post("/panel/experts", expert).status_code == 302
    assert "2025-03-01 人员host_u1" in office.get("/panel/experts").text
    tie = {"person": play.province.public_ids["expert2"], "other": "host_u1", "kind": "kin", "note": "姻亲"}
    assert office.post("/panel/ties", {**tie, "other": "nobody"}).status_code == 400
    assert office.post("/panel/ties", tie).status_code == 302
    page = office.get("/panel/experts").text
    assert "姻亲" in page
    lift = page.partition('action="/panel/ties/')[2].partition('"')[0]
    assert office.post(f"/panel/ties/{lift}", {"reason": "登记有误"}).status_code == 302
    assert "姻亲" not in office.get("/panel/experts").text
