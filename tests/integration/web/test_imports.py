"""The pages of imports and exports: a file is shown row by row, applied as shown, refused with its reasons."""

import io
import re

import pytest
from flask import Flask
from openpyxl import load_workbook

from app.adapters.documents.spreadsheet import Sheet, workbook
from app.store.queries.organisation import units_by_code
from tests.factories.acts import NOON, Stage
from tests.factories.errands import People, found
from tests.integration.web.conftest import Visitor

HEADS = ["单位编码*", "单位名称*", "单位类别*", "上级编码*", "隶属*"]


@pytest.fixture(autouse=True)
def people(stage: Stage) -> People:
    return found(stage, models=False)


@pytest.fixture
def sysadmin(web: Flask) -> Visitor:
    visitor = Visitor(web.test_client())
    visitor.sign_in("sysadmin")
    return visitor


def sent(visitor: Visitor, *rows: list[str]) -> str:
    file = workbook(Sheet("单位", HEADS, rows), made_at=NOON)
    answer = visitor.post(
        "/admin/imports", {"file": (io.BytesIO(file), "单位.xlsx")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 302
    return str(answer.location)


def digest(page: str) -> str:
    found_digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found_digest is not None
    return found_digest[1]


def test_a_file_is_shown_and_applied(sysadmin: Visitor, stage: Stage) -> None:
    place = sent(sysadmin, ["C3", "丙市", "市州教育工作部门", "P", ""], ["C1", "甲州", "市州教育工作部门", "P", ""])
    page = sysadmin.get(place).text
    assert "名称: 甲市 → <b>甲州</b>" in page
    assert sysadmin.post(place, {"digest": digest(page)}).status_code == 302
    with stage.reading() as act:
        units = units_by_code(act.session)
    assert (units["C3"].name, units["C1"].name) == ("丙市", "甲州")
    assert "新增 1 条，变更 1 条" in sysadmin.get("/admin/imports").text
    assert sysadmin.get(place).status_code == 404


def test_refused_rows_say_why_and_block_everything(sysadmin: Visitor, stage: Stage) -> None:
    place = sent(sysadmin, ["C3", "丙市", "市州教育工作部门", "P", ""], ["C4", "丁市", "市", "Q", ""])
    page = sysadmin.get(place).text
    assert "没有“市”这种单位类别" in page
    assert 'name="digest"' not in page
    assert "丙市" not in sysadmin.get(f"{place}?show=refused").text
    checked = load_workbook(io.BytesIO(sysadmin.get(f"{place}/checked.xlsx").data)).active
    assert checked is not None
    assert [[cell.value for cell in row][5:] for row in checked.iter_rows()] == [
        ["核对结果", "说明"],
        ["新增", None],
        ["不予接受", "没有“市”这种单位类别"],
    ]
    assert sysadmin.post(place, {"digest": "0" * 64}).status_code == 409
    assert sysadmin.post(f"{place}/discard").status_code == 302
    with stage.reading() as act:
        assert "C3" not in units_by_code(act.session)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04torn"])
def test_a_file_that_cannot_be_read_is_refused(sysadmin: Visitor, content: bytes) -> None:
    answer = sysadmin.post(
        "/admin/imports", {"file": (io.BytesIO(content), "x.xlsx")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "未作任何更改" in answer.text


def test_exports_and_the_template_are_workbooks(sysadmin: Visitor) -> None:
    for place in ("/admin/exports/units.xlsx", "/admin/exports/people.xlsx", "/admin/imports/template.xlsx"):
        answer = sysadmin.get(place)
        assert answer.data.startswith(b"PK")
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "单位编码*,单位名称*" in sysadmin.get("/admin/exports/units.csv").data.decode("utf-8-sig")
    assert sysadmin.get("/admin/exports/secrets.csv").status_code == 404
    assert sysadmin.get("/admin/exports/units.pdf").status_code == 404
