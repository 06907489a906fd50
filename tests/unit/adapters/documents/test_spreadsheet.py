"""A list in Excel: what people typed comes back as they typed it, and nothing of it is a formula or a link."""

import io
from datetime import UTC, date, datetime

import openpyxl

from app.adapters.documents.spreadsheet import Sheet, workbook

MADE = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)
HOSTILE = [
    "=1+1",
    "+cmd|'/c calc'!A0",
    "@SUM(A1)",
    "{=1}",
    "http://a.example/",
    "007",
    "<b>&\"'</b>",
    "𱍏",
    "第一行\n第二行",
]


def opened(*sheets):
    return openpyxl.load_workbook(io.BytesIO(workbook(*sheets, made_at=MADE)))


def test_what_was_typed_is_text():
    page = opened(Sheet("名单", ("内容",), [[text] for text in HOSTILE]))["名单"]
    cells = [page.cell(row, 1) for row in range(2, len(HOSTILE) + 2)]
    assert [cell.value for cell in cells] == HOSTILE
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(HOSTILE)


def test_days_moments_and_numbers_keep_their_kind():
    row = (date(2026, 10, 9), datetime(2026, 10, 9, 16, 30, tzinfo=UTC), 3, 91.25, None, "")
    page = opened(Sheet("名单", tuple("甲乙丙丁戊己"), [row]))["名单"]
    shown = [cell.value.isoformat(" ") for cell in page[2][:2]], [cell.value for cell in page[2][2:]]
    assert shown == (["2026-10-09 00:00:00", "2026-10-10 00:30:00"], [3, 91.25, None, None])


def test_headings_stay_in_view_and_filter():
    page = opened(Sheet("名单", ("姓名", "单位"), [("甲", "乙")] * 3))["名单"]
    assert ([cell.value for cell in page[1]], page.freeze_panes, page.auto_filter.ref) == (
        ["姓名", "单位"],
        "A2",
        "A1:B4",
    )


def test_an_empty_list_is_a_sheet_of_headings():
    page = opened(Sheet("名单", ("姓名",), []))["名单"]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [["姓名"]]


def test_a_text_longer_than_a_cell_is_cut_and_marked():
    value = opened(Sheet("名单", ("内容",), [["长" * 40_000]]))["名单"]["A2"].value
    assert value == "长" * 32_766 + "…"


def test_the_same_rows_give_the_same_bytes():
    sheet = Sheet("名单", ("姓名",), [["甲"], ["乙"]])
    assert workbook(sheet, made_at=MADE) == workbook(sheet, made_at=MADE)
