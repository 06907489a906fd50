"""The register of experts from a sheet: tried out, refused with its reasons, applied as shown (C5.3a)."""

import io

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from app.adapters.documents.spreadsheet import Sheet, workbook
from app.services.panel.importing import try_experts, view_experts
from app.store.models import Expert, ExpertWork
from tests.factories.acts import NOON
from tests.factories.programme import Province, build_province
from tests.integration.web.conftest import Visitor
from tests.integration.web.test_imports import digest

HEADS = ["登录名*", "姓名*", "所在单位编码", "职务", "专业领域", "可抽取"]
WORKS = ["登录名*", "题名*", "发表日期*", "作者"]
TWO = ["expert2", "人员expert2", "U3", "教授", "党建、思政", "是"]


@pytest.fixture
def province(stage) -> Province:
    return build_province(stage)


@pytest.fixture
def office(web: Flask, province: Province) -> Visitor:
    return Visitor(web.test_client()).enter(province.people["secretariat"])


def send(visitor: Visitor, *sheets: Sheet):
    file = (io.BytesIO(workbook(*sheets, made_at=NOON)), "专家.xlsx")
    return visitor.post("/panel/experts/import", {"file": file}, content_type="multipart/form-data")


def tried(visitor: Visitor, *rows: list[str]) -> str:
    place = str(send(visitor, Sheet("专家", HEADS, rows)).location)
    return visitor.get(place).text


def register(stage) -> tuple:
    with stage.reading() as act:
        experts = act.session.execute(select(Expert.person_id, Expert.fields, Expert.post)).all()
        return experts, act.session.scalars(select(ExpertWork.title)).all()


def test_a_sheet_is_shown_and_applied_whole(office: Visitor, province: Province, stage) -> None:
    new = ["chair", "人员chair", "", "", "中小学校", ""]
    works = Sheet(
        "发表", WORKS, [["expert2", "论党建", "2025-03-01", "人员host_u1"], ["chair", "论教学", "2024-05-06", ""]]
    )
    place = str(send(office, Sheet("专家", HEADS, [TWO, new]), works).location)
    page = office.get(place).text
    assert "专业领域: 党建 → <b>党建、思政</b>" in page
    assert office.post(place, {"digest": digest(page)}).status_code == 302
    experts, titles = register(stage)
    fields = {person: (tuple(named), post) for person, named, post in experts}
    assert fields[province.people["expert2"]] == (("党建", "思政"), "教授")
    assert fields[province.people["chair"]] == (("中小学校",), "")
    assert sorted(titles) == ["论党建", "论教学"]
    assert office.get(place).status_code == 404
    assert "文件内容与现有数据一致" in tried(office, TWO)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["nobody", "某人", "", "", "", ""]], "没有登录名为 nobody 的人员"),
        ([["expert2", "别人", "", "", "", ""]], "人员expert2"),
        ([[*TWO[:2], "U9", "", "", ""]], "U9"),
        ([TWO, [*TWO[:3], "副教授", *TWO[4:]]], "内容不同"),
        ([TWO, TWO], "已在别行出现"),
        ([[*TWO[:5], "也许"]], "也许"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_changes(office: Visitor, stage, rows: list[list[str]], said: str) -> None:
    before = register(stage)
    place = str(send(office, Sheet("专家", HEADS, rows)).location)
    page = office.get(place).text
    assert said in page
    assert 'name="digest"' not in page
    assert office.post(place, {"digest": "0" * 64}).status_code == 409
    assert register(stage) == before


def test_wrong_columns_and_files_are_refused(office: Visitor) -> None:
    page = office.get(str(send(office, Sheet("专家", ["登录名", "电话"], [["expert2", "1"]])).location)).text
    assert "姓名" in page
    assert "电话" in page
    torn = office.post(
        "/panel/experts/import", {"file": (io.BytesIO(b"PK\x03\x04no"), "x.xlsx")}, content_type="multipart/form-data"
    )
    assert torn.status_code == 422


def test_a_long_sheet_costs_as_many_statements_as_a_short_one(stage, province: Province) -> None:
    def cost(rows: int) -> int:
        works = [["expert2", f"论党建{number}", "2025-03-01", ""] for number in range(rows)]
        content = workbook(Sheet("专家", HEADS, [TWO]), Sheet("发表", WORKS, works), made_at=NOON)
        with stage.acting(province.people["secretariat"]) as act:
            key = try_experts(act, file_name="专家.xlsx", content=content)
        with stage.database.statements() as counted, stage.reading(province.people["secretariat"]) as act:
            assert view_experts(act, public_id=key).plan.is_sound
        return len(counted.statements)

    assert cost(1) == cost(30) <= 10


def test_the_template_is_what_can_be_imported(office: Visitor, web: Flask, province: Province) -> None:
    book = load_workbook(io.BytesIO(office.get("/panel/experts/import/template.xlsx").data))
    assert {page.title: [cell.value for cell in page[1]] for page in book} == {"专家": HEADS, "发表": WORKS}
    outsider = Visitor(web.test_client()).enter(province.people["expert2"])
    assert outsider.get("/panel/experts/import").status_code == 403
