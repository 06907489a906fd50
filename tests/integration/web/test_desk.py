"""The publicity desk as pages: lists with their objections, a window extended, an identity opened by two."""

import io
import re

import openpyxl
import pytest
from flask import Flask

from tests.factories.objecting import ACCEPTED, FOUND, add_auditor, approve, lodge, put_up, window_of
from tests.factories.playing import Play, pdf
from tests.integration.web.conftest import Visitor

SENT = {"identity_kind": "seal", "identity": "某单位", "contact": "0931-1111111", "body": "所列表彰并非本支部。"}


@pytest.fixture
def play(stage) -> Play:
    return Play(stage)


def as_one(web: Flask, play: Play, login: str) -> Visitor:
    return Visitor(web.test_client()).enter(play.province.people[login])


def test_a_unit_objects_with_its_sealed_scan_and_only_the_handler_reads_it(web: Flask, play: Play) -> None:
    cases = put_up(play)
    address = f"/publicity/{window_of(play)}"
    visitor = Visitor(web.test_client())
    refused = visitor.post(address, {**SENT, "application": cases[0]})
    assert refused.status_code == 422
    assert "请上传加盖单位公章的异议书扫描件。" in refused.text
    refused = visitor.post(address, {**SENT, "application": cases[0], "files": (io.BytesIO(b"MZ"), "公章.exe")})
    assert refused.status_code == 422
    assert "所列表彰并非本支部。" in refused.text
    sent = visitor.post(address, {**SENT, "application": cases[0], "files": (io.BytesIO(pdf("seal")), "公章.pdf")})
    number = sent.headers["Location"].rpartition("/")[2]
    task = play.task("screen_objection", number)
    handler = as_one(web, play, "prelim_u1")
    page = handler.get(f"/tasks/{task}").text
    link = re.search(rf"/tasks/{task}/handed-in/[\w-]+", page)
    assert link is not None
    assert "公章.pdf" in page
    assert handler.get(link[0]).data == pdf("seal")
    assert as_one(web, play, "prelim_c1").get(link[0]).status_code == 403
    assert as_one(web, play, "province").get(link[0]).status_code == 403


def test_the_desk_says_who_must_act_and_extends_a_window(web: Flask, play: Play) -> None:
    cases = put_up(play)
    objection = lodge(play, cases[0])
    desk = as_one(web, play, "prelim_u1")
    page = desk.get("/desk").text
    for words in ("陇原理工大学", "1 件异议在办", "审查是否受理", "延长公示期限", "今天之后剩 5 个工作日"):
        assert words in page, words
    assert f"/tasks/{play.task('screen_objection', objection)}" in page
    assert "简明远" not in page
    window = window_of(play)
    refused = desk.post(f"/desk/{window}/extension", {"days": "x", "reason": "原因写在这里"})
    assert refused.status_code == 400
    assert "原因写在这里" in refused.text
    assert desk.post(f"/desk/{window}/extension", {"days": "2", "reason": "系统维护。"}).status_code == 302
    assert as_one(web, play, "secretariat").post(f"/desk/{window}/extension", {}).status_code == 403
    assert "系统维护。" in Visitor(web.test_client()).get(f"/publicity/{window}").text


def test_an_identity_is_opened_by_two(web: Flask, play: Play) -> None:
    objection = lodge(play, put_up(play)[0])
    play.province.people["auditor"] = add_auditor(play)
    province, auditor = as_one(web, play, "province"), as_one(web, play, "auditor")
    assert province.post("/desk/identities", {"objection": "none", "reason": "原因"}).status_code == 404
    assert province.post("/desk/identities", {"objection": objection, "reason": "来信称系冒名"}).status_code == 302
    assert "同意开启" not in province.get("/desk/identities").text
    opening = re.search(r'action="(/desk/identities/[\w-]+)"', auditor.get("/desk/identities").text)
    assert opening is not None
    assert province.post(f"{opening[1]}/look", {}).status_code == 409
    assert auditor.post(opening[1], {"answer": "agree"}).status_code == 302
    assert "简明远" in province.post(f"{opening[1]}/look", {}).text
    assert as_one(web, play, "province2").post(f"{opening[1]}/look", {}).status_code == 409


def test_an_objection_to_the_approved_list_goes_from_its_form_to_the_ruling(web: Flask, play: Play) -> None:
    first, second = put_up(play)
    address = f"/rules/{approve(play, [first, second])}/publicity"
    visitor = Visitor(web.test_client())
    assert second in visitor.get(address).text
    refused = visitor.post(address, {**SENT, "identity_kind": "real_name", "identity": " ", "application": second})
    assert refused.status_code == 422
    assert "所列表彰并非本支部。" in refused.text
    sent = visitor.post(address, {**SENT, "application": second, "files": (io.BytesIO(pdf("seal")), "公章.pdf")})
    number = sent.headers["Location"].rpartition("/")[2]
    assert "异议处理中" in visitor.get(address).text
    desk = as_one(web, play, "province")
    page = desk.get("/desk").text
    assert f"/tasks/{play.task('screen_objection', number)}" in page
    assert "1 件异议在办" in page
    assert "某单位" not in page
    rows = list(openpyxl.load_workbook(io.BytesIO(desk.get("/lists/objections.xlsx").data)).active.values)
    assert [(row[0], row[4]) for row in rows[1:]] == [(number, "待审查")]
    assert number not in as_one(web, play, "prelim_u1").get("/desk").text
    play.do("province", "screen_objection", ACCEPTED, number)
    play.do("province", "investigate_objection", FOUND, number)
    play.do("province2", "rule_objection", {"reason": "与原件一致。", "ruling": "dismissed"}, number)
    play.catch_up()
    told = visitor.get(f"/objections/{number}").text
    assert "与原件一致。" in told
    assert visitor.get(f"/objections/{number}/reply.pdf").data.startswith(b"%PDF")
    assert "没有在办的异议" in desk.get("/desk").text
