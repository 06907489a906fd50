"""The office's list of cycles: the next call begun like the last, a deadline extended with its reason in public."""

import io

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from app.services.acting import NotAllowed
from app.services.applications import start_application
from app.services.cycles import create_cycle, office_cycle, office_cycles, view_cycle
from app.services.funnel import cycle_funnel
from app.services.programme.subjects import settings_of
from app.services.tasks import save_draft
from app.store.models import Cycle
from tests.factories.playing import Play
from tests.integration.web.conftest import Visitor


@pytest.fixture
def play(stage) -> Play:
    return Play(stage)


def as_one(web: Flask, play: Play, login: str) -> Visitor:
    return Visitor(web.test_client()).enter(play.province.people[login])


def test_the_next_call_begins_with_the_settings_of_the_last(web: Flask, play: Play) -> None:
    last = play.open_cycle(publicity_working_days=7)
    secretariat = as_one(web, play, "secretariat")
    assert "2026年度申报" in secretariat.get("/cycles").text
    sent = {"title": "2027年度申报", "year": "2027", "like": last}
    assert secretariat.post("/cycles", sent).status_code == 302
    with play.stage.reading() as act:
        fresh = act.session.scalars(select(Cycle).where(Cycle.year == 2027)).one()
        assert settings_of(fresh).publicity_working_days == 7
    assert "拟订申报通知" in secretariat.get("/inbox").text
    for wrong, status in (({"title": ""}, 400), ({"year": "27"}, 400), ({"like": "nothing"}, 404)):
        assert secretariat.post("/cycles", {**sent, **wrong}).status_code == status


def test_an_extension_is_published_with_its_reason(web: Flask, play: Play) -> None:
    cycle = play.open_cycle()
    province, secretariat = as_one(web, play, "province"), as_one(web, play, "secretariat")
    sent = {"deadline": "2026-04-10T17:30", "reason": "受灾地区交通中断"}
    assert secretariat.post(f"/cycles/{cycle}/extension", sent).status_code == 403
    assert province.post(f"/cycles/{cycle}/extension", {**sent, "reason": " "}).status_code == 400
    assert province.post(f"/cycles/{cycle}/extension", {"reason": "无日期"}).status_code == 400
    assert province.post(f"/cycles/{cycle}/extension", {**sent, "deadline": "soon"}).status_code == 400
    assert province.post(f"/cycles/{cycle}/extension", sent).status_code == 302
    play.work()
    for page in ("/", f"/rules/{cycle}"):
        shown = Visitor(web.test_client()).get(page).text
        assert "受灾地区交通中断" in shown
        assert "4月10日（周五） 17:30" in shown
    assert "延长" in province.get("/cycles").text


def test_the_funnel_counts_unit_by_unit(web: Flask, play: Play) -> None:
    cycle = play.open_cycle(unit_quota=2, unit_quotas=[{"row_key": "U2", "unit": "U2", "quota": 1}])
    one = play.apply("host_u1", "U2B1", cycle)
    play.apply("host_s2", "S2B1", cycle, track="school")
    play.attest(one, "u")
    play.review("prelim_u1", one, "recommend")
    with play.stage.acting(play.province.people["host_u2"]) as act:
        start_application(act, cycle=cycle, branch=play.province.units["U2B2"].public_id)
    with play.stage.reading(play.province.people["province"]) as act:
        found = cycle_funnel(act, cycle=cycle)
    numbers = {each.unit: (each.quota, each.counts.drafts, *each.counts.reached.values()) for each in found.units}
    assert numbers == {
        "陇原理工大学": (1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0),
        "金城市教育局": (2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    page = as_one(web, play, "secretariat").get(f"/cycles/{cycle}")
    assert "待排序签发" in page.text
    sheet = as_one(web, play, "province").get(f"/cycles/{cycle}/funnel.xlsx")
    (rows,) = [list(each.values) for each in openpyxl.load_workbook(io.BytesIO(sheet.data)).worksheets]
    assert rows[-1] == ("合计", None, None, None, 1, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0)
    assert as_one(web, play, "host_u1").get(f"/cycles/{cycle}").status_code == 403


def test_the_funnel_costs_the_same_for_many(play: Play) -> None:
    cycle = play.open_cycle()

    def cost() -> int:
        with play.stage.database.statements() as counted:
            with play.stage.reading(play.province.people["province"]) as act:
                cycle_funnel(act, cycle=cycle)
            return len(counted.statements)

    play.apply("host_u1", "U2B1", cycle)
    one = cost()
    play.apply("host_s2", "S2B1", cycle, track="school")
    play.attest(play.apply("host_u2", "U2B2", cycle), "u")
    assert cost() == one


def test_every_version_of_the_settings_is_shown(web: Flask, play: Play) -> None:
    with play.stage.acting(play.province.people["province"]) as act:
        cycle = create_cycle(act, title="2026年度申报", year=2026)
    play.do("secretariat", "draft_call", play.call(publicity_working_days=7), cycle)
    play.do("province", "release_call", {"decision": "return", "opinion": "公示期按5个工作日。"}, cycle)
    play.do("secretariat", "draft_call", play.call(publicity_working_days=5), cycle)
    play.do("province", "release_call", {"decision": "release"}, cycle)
    with play.stage.reading(play.province.people["province"]) as act:
        versions = office_cycle(act, public_id=cycle).versions
        public = view_cycle(act, public_id=cycle).versions
    changed = [(each.number, [(one.before, one.after) for one in each.changes]) for each in versions]
    assert changed == [(2, [("7", "5")]), (1, [("5", "7"), ("是", "否"), ("3", "0")])]
    assert [(each.number, each.is_first_published) for each in public] == [(2, True)]
    assert "设置的历次版本" in Visitor(web.test_client()).get(f"/rules/{cycle}").text


def test_the_rubric_s_weights_are_added_up_where_it_is_written(web: Flask, play: Play) -> None:
    with play.stage.acting(play.province.people["province"]) as act:
        create_cycle(act, title="2026年度申报", year=2026)
    secretariat, task_id = as_one(web, play, "secretariat"), play.task("draft_call")
    assert '<output class="num" data-sums="weight">100</output>' in secretariat.get(f"/tasks/{task_id}").text
    values = play.call()
    values["rubric"][0]["weight"] -= 5
    values["rubric"][1]["weight"] = "多"
    with play.stage.acting(play.province.people["secretariat"]) as act:
        save_draft(act, task_id=task_id, data=values, revision=0)
    assert '<output class="num" data-sums="weight">75</output>' in secretariat.get(f"/tasks/{task_id}").text


def test_only_the_office_sees_drafts(web: Flask, play: Play) -> None:
    assert as_one(web, play, "host_u1").get("/cycles").status_code == 403
    with pytest.raises(NotAllowed), play.stage.reading(play.province.people["prelim_u1"]) as act:
        office_cycles(act)
