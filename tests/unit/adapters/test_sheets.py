"""Hostile and torn sheets are refused before they cost anything; good ones are read as people see them."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook

from app.adapters.documents.delimited import csv_of
from app.adapters.documents.spreadsheet import Sheet, workbook
from app.adapters.sheets import SheetUnreadable, read_sheets

AT = datetime(2026, 3, 2, tzinfo=UTC)
GOOD = workbook(Sheet("单", ["甲", "乙"], [["=1+1", "1"]]), made_at=AT)


def repacked(**parts: bytes) -> bytes:
    """The good workbook with parts of it replaced, by their names' last word."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, parts.get(part.filename.rpartition("/")[2].partition(".")[0], old.read(part)))
    return out.getvalue()


def sheet_xml(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def reason(content: bytes) -> str:
    with pytest.raises(SheetUnreadable) as refused:
        read_sheets(content)
    return str(refused.value.params["reason"])


def test_a_workbook_is_read_as_people_see_it() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (["甲", "乙", None], [date(2026, 3, 1), 7.0, True], [None, None, None], [" x ", 1.5, "'=1"]):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    (sheet,) = read_sheets(out.getvalue())
    assert sheet.rows == ((1, ("甲", "乙")), (2, ("2026-03-01", "7", "1")), (4, ("x", "1.5", "=1")))


def test_what_was_made_no_formula_comes_back_as_it_was() -> None:
    assert read_sheets(csv_of(["甲"], [["=1+1"], ["-2"], ["+3"], ["@x"]]))[0].rows[1:] == (
        (2, ("=1+1",)),
        (3, ("-2",)),
        (4, ("+3",)),
        (5, ("@x",)),
    )
    assert read_sheets(GOOD)[0].rows == ((1, ("甲", "乙")), (2, ("=1+1", "1")))


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to() -> None:
    assert reason(repacked(sheet1=b" " * 41_000_000)) == "sheet_too_large"


@pytest.mark.parametrize(
    "hostile",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16"),
        b"<worksheet",
        b"",
    ],
)
def test_hostile_or_torn_xml_is_refused(hostile: bytes) -> None:
    assert reason(repacked(sheet1=hostile)) == "sheet_torn"


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>',
        "<row/>" * 20_002,
    ],
)
def test_a_sheet_of_too_many_rows_is_refused(rows: str) -> None:
    assert reason(repacked(sheet1=sheet_xml(rows))) == "sheet_too_long"


def test_columns_beyond_the_fortieth_are_not_read() -> None:
    cells = "".join(f'<c r="{column}1"><v>1</v></c>' for column in ("A", "AN", "AO", "XFD"))
    (sheet,) = (each for each in read_sheets(repacked(sheet1=sheet_xml(f'<row r="1">{cells}</row>'))) if each.rows)
    assert len(sheet.rows[0][1]) == 40


@pytest.mark.parametrize("content", [GOOD[:200], GOOD[:-40], b"PK\x03\x04", b"PK\x03\x04" + b"\xff" * 500])
def test_a_torn_archive_is_refused(content: bytes) -> None:
    assert reason(content) == "sheet_torn"
