"""The office's list of cycles: the next call begun like the last, a deadline extended with its reason in public."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.services.acting import NotAllowed
from app.services.cycles import office_cycles
from app.services.programme.subjects import settings_of
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


def test_only_the_office_sees_drafts(web: Flask, play: Play) -> None:
    assert as_one(web, play, "host_u1").get("/cycles").status_code == 403
    with pytest.raises(NotAllowed), play.stage.reading(play.province.people["prelim_u1"]) as act:
        office_cycles(act)
