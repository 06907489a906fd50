"""The page of one's own data, the administrators' list of corrections, a calendar day taken out."""

import io

import orjson
import pytest
from flask import Flask
from openpyxl import load_workbook

from tests.factories.acts import Stage
from tests.factories.errands import People, found
from tests.integration.web.conftest import Visitor


@pytest.fixture(autouse=True)
def people(stage: Stage) -> People:
    return found(stage, models=False)


def as_one(web: Flask, login: str) -> Visitor:
    visitor = Visitor(web.test_client())
    visitor.sign_in(login)
    return visitor


def test_my_data_is_seen_and_taken_along(web: Flask) -> None:
    host = as_one(web, "host")
    assert "host先生" in host.get("/my-data").text
    taken = orjson.loads(host.post("/my-data/export.json").data)
    assert taken["profile"]["login"] == "host"
    book = load_workbook(io.BytesIO(host.post("/my-data/export.xlsx").data))
    assert book.sheetnames[:2] == ["基本信息", "岗位"]
    assert host.post("/my-data/export.pdf").status_code == 404
    assert Visitor(web.test_client()).get("/my-data").status_code == 302


def test_a_number_is_shown_in_full_once(web: Flask) -> None:
    sysadmin, host = as_one(web, "sysadmin"), as_one(web, "host")
    place = next(
        part.split('"')[0] for part in sysadmin.get("/admin/people?text=host").text.split('href="')[1:]
        if part.startswith("/admin/people/")
    )  # fmt: skip
    sent = {"name": "host先生", "unit": "B1", "id_number": "11010519491231002X"}
    assert sysadmin.post(f"{place}/file", sent).status_code == 302
    assert "11010519491231002X" not in sysadmin.get(place).text
    page = host.get("/my-data").text
    assert "110***********002X" in page
    assert "11010519491231002X" not in page
    assert "11010519491231002X" in host.post("/my-data/number").text
    assert "11010519491231002X" not in host.get("/my-data").text
    assert sysadmin.post(f"{place}/file", {**sent, "id_number": "1"}).status_code == 400
    assert sysadmin.post("/my-data/number").status_code == 404


def test_a_correction_goes_its_way(web: Flask) -> None:
    host, sysadmin = as_one(web, "host"), as_one(web, "sysadmin")
    assert host.post("/my-data/corrections", {"about": "name", "text": ""}).status_code == 400
    assert host.post("/my-data/corrections", {"about": "name", "text": "姓名有误"}).status_code == 302
    page = sysadmin.get("/admin/corrections").text
    assert "姓名有误" in page
    number = page.split("/admin/corrections/")[1].split('"')[0]
    assert as_one(web, "secadmin").post(f"/admin/corrections/{number}", {"answer": "好"}).status_code == 403
    assert sysadmin.post(f"/admin/corrections/{number}", {"granted": "no", "answer": ""}).status_code == 400
    assert sysadmin.post(f"/admin/corrections/{number}", {"granted": "no", "answer": "查无错误"}).status_code == 302
    assert "查无错误" in host.get("/my-data").text
    assert "查无错误" in sysadmin.get("/admin/corrections?state=answered").text


def test_a_day_not_yet_used_is_taken_out(web: Flask) -> None:
    sysadmin = as_one(web, "sysadmin")
    sent = {"working": "no", "source": "official", "note": "省政府公告"}
    for day in ("2026-03-02", "2026-03-09"):
        sysadmin.post("/admin/calendar", {"day": day, **sent})
    assert sysadmin.post("/admin/calendar/leave", {"day": "2026-03-09"}).status_code == 302
    assert sysadmin.post("/admin/calendar/leave", {"day": "2026-03-02"}).status_code == 409
    assert sysadmin.post("/admin/calendar/leave", {"day": "soon"}).status_code == 400
    page = sysadmin.get("/admin/calendar?year=2026").text
    assert "3月2日" in page
    assert "3月9日" not in page
    assert as_one(web, "secadmin").post("/admin/calendar/leave", {"day": "2026-03-02"}).status_code == 403
