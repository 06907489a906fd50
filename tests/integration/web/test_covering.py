"""Scans covered by hand: withheld before, shown with what is covered after, withheld again when uncovered (C5.3b)."""

import base64
import io
import re

from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.services.programme.duplicates import order_prints
from app.store.models import Application, AuditEvent, PageCover
from tests.factories.playing import Play
from tests.factories.scans import certificate, put_in_place
from tests.integration.services.test_forming import cycle_of
from tests.integration.services.test_panel import ALL, ONE, checked
from tests.integration.web.conftest import Visitor
from tests.integration.web.test_blind import case, on_sqlite, play  # noqa: F401 - fixtures

PICTURE = re.compile(r"data:image/jpeg;base64,([A-Za-z0-9+/=]+)")
HALF = {"left": ["0", ""], "top": ["0", ""], "width": ["100", ""], "height": ["50", ""]}


def pictures(page: str) -> list[Image.Image]:
    return [Image.open(io.BytesIO(base64.b64decode(found))).convert("L") for found in PICTURE.findall(page)]


def is_black(picture: Image.Image, box: tuple[float, float, float, float]) -> bool:
    width, height = picture.size
    part = picture.crop(tuple(int(at * by) for at, by in zip(box, (width, height) * 2, strict=True)))
    return part.getextrema()[1] < 40


def entered(web: Flask, play: Play, login: str) -> Visitor:  # noqa: F811
    return Visitor(web.test_client()).enter(play.province.people[login])


@on_sqlite
def test_a_scan_is_shown_once_it_is_covered_and_withheld_again(web: Flask, play: Play, case: str):  # noqa: F811
    scan = put_in_place(play.stage, case, "titles", certificate("abc"))
    office, expert = entered(web, play, "secretariat"), entered(web, play, "expert3")
    cycle = cycle_of(play, case)
    leaf = f"/tasks/{play.task('material_review', case, 'expert3')}/evidence/{scan}"
    assert f"/covering/{cycle}" in office.get(f"/panel/{cycle}").text
    assert f"/covering/cases/{case}" in office.get(f"/covering/{cycle}").text
    assert "尚未统计" in office.get(f"/covering/{cycle}").text
    with play.stage.acting() as act:
        order_prints(act, play.application(case).instance_id)
    play.catch_up()
    assert "有 1 页暂不向专家显示" in office.get(f"/covering/{cycle}").text
    assert '<b class="num">1</b>' in office.get(f"/panel/{cycle}").text
    place = f"/covering/cases/{case}/{scan}"
    assert f"{place}?page=1" in office.get(f"/covering/cases/{case}").text
    before = office.get(place)
    assert len(pictures(before.text)) == 1  # the original alone: reviewers see nothing yet
    assert pictures(expert.get(leaf).text) == []

    wrong = office.post(place, {**HALF, "width": ["x", ""]})
    assert (wrong.status_code, 'value="x"' in wrong.text) == (400, True)
    assert office.post(place, HALF).status_code == 302
    original, veiled = pictures(office.get(place).text)
    (seen,) = pictures(expert.get(leaf).text)
    assert [is_black(each, (0.01, 0.01, 0.99, 0.49)) for each in (original, veiled, seen)] == [False, True, True]
    assert not is_black(seen, (0.01, 0.55, 0.99, 0.99))
    assert "没有暂不显示的页面" in office.get(f"/covering/{cycle}").text

    assert office.post(f"{place}/uncover", {"reason": "误盖"}).status_code == 400
    assert office.post(f"{place}/uncover", {"reason": "", "confirmed": "1"}).status_code == 400
    assert len(pictures(expert.get(leaf).text)) == 1
    assert office.post(f"{place}/uncover", {"reason": "误盖", "confirmed": "1"}).status_code == 302
    assert pictures(expert.get(leaf).text) == []
    with play.stage.database.reading() as session:
        query = select(AuditEvent.action).where(AuditEvent.action.like("%cover_page")).order_by(AuditEvent.id)
        assert session.scalars(query).all() == ["cover_page", "uncover_page"]
        assert [row.lift_reason for row in session.scalars(select(PageCover))] == ["误盖"]

    assert office.post(place, {side: ["", ""] for side in HALF}).status_code == 302  # nothing on it tells
    (seen,) = pictures(expert.get(leaf).text)
    assert not is_black(seen, (0.01, 0.01, 0.99, 0.49))


@on_sqlite
def test_who_reviews_covers_nothing_and_what_is_reviewed_stays(web: Flask, play: Play, case: str):  # noqa: F811
    scan = put_in_place(play.stage, case, "titles", certificate("abc"))
    place = f"/covering/cases/{case}/{scan}"
    assert entered(web, play, "expert3").get(place).status_code == 403
    assert Visitor(web.test_client()).get(place).status_code == 302
    office = entered(web, play, "secretariat")
    assert office.get(f"{place}?page=7").status_code == 409
    assert office.get(f"/covering/cases/{case}/{'x' * 22}").status_code == 404
    assert office.post(f"{place}/uncover", {"reason": "无", "confirmed": "1"}).status_code == 404
    for expert in ALL[2:]:
        play.score(expert, case, 80)
    assert office.get(place).status_code == 404
    assert office.post(place, HALF).status_code == 404


@on_sqlite
def test_a_cycle_that_is_not_blind_covers_nothing(web: Flask, stage):
    play = Play(stage)  # noqa: F811
    (case,) = checked(play, *ONE)  # noqa: F811
    office, cycle = entered(web, play, "secretariat"), cycle_of(play, case)
    assert "covering" not in office.get(f"/panel/{cycle}").text
    assert case not in office.get(f"/covering/{cycle}").text
    assert office.get(f"/covering/cases/{case}").status_code == 404


@on_sqlite
def test_short_forms_of_a_unit_are_kept_and_covered(web: Flask, play: Play, case: str):  # noqa: F811
    office = entered(web, play, "secretariat")
    refused = office.post("/covering/words", {"code": "U2", "shorts": "学生"})
    assert (refused.status_code, ">学生</textarea>" in refused.text) == (400, True)
    assert office.post("/covering/words", {"code": "U9", "shorts": "理工大"}).status_code == 400
    assert office.post("/covering/words", {"code": "U2", "shorts": "陇理工 | 新陇理工"}).status_code == 302
    page = office.get("/covering/words?unit=U2").text
    assert "陇理工 | 新陇理工" in page
    with play.stage.database.transaction() as session:
        application = session.scalars(select(Application).where(Application.public_id == case)).one()
        application.field = "陇理工党建与新陇理工"
    shown = entered(web, play, "expert3").get(f"/tasks/{play.task('material_review', case, 'expert3')}").text
    assert "〔隐去〕党建与新陇理工" in shown
    assert entered(web, play, "expert3").get("/covering/words").status_code == 403
