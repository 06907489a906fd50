"""Lists as an Excel workbook; what a person typed stays text, whatever it begins with."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from app.domain.time import SHANGHAI

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | float | date | datetime | None
"""What a cell may hold; a moment is written in Shanghai's time, None leaves the cell empty."""

_LONGEST_TEXT = 32_767
_FILLED_IN = 5_000
"""Rows for which a sheet to be filled in offers its choices."""

_WIDEST, _NARROWEST = 60, 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name (at most 31 characters), the columns' headings, and a row of cells for each of the list.

    Of a sheet to be filled in: ``hints`` stand as remarks on the headings, ``choices`` are what a column may hold.
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    hints: Sequence[str] = ()
    choices: Sequence[Sequence[str]] = ()


def workbook(*sheets: Sheet, made_at: datetime) -> bytes:
    """Return the sheets as one .xlsx file: headings stay in view and filter; the same rows give the same bytes."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": made_at.astimezone(SHANGHAI).replace(tzinfo=None)})
        formats = _formats(book)
        for sheet in sheets:
            _fill(book.add_worksheet(sheet.name), sheet, formats)
    return out.getvalue()


def _formats(book: Any) -> dict[type, Any]:
    plain = {"valign": "top", "text_wrap": True}
    return {
        type: book.add_format({"bold": True, "bg_color": "#F2F2F2", "bottom": 1, "valign": "vcenter"}),
        str: book.add_format(plain),
        date: book.add_format(plain | {"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format(plain | {"num_format": "yyyy-mm-dd hh:mm"}),
    }


def _fill(page: Any, sheet: Sheet, formats: dict[type, Any]) -> None:
    widths = [_width(heading) for heading in sheet.columns]
    for place, heading in enumerate(sheet.columns):
        page.write_string(0, place, heading, formats[type])
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for place, cell in enumerate(row):
            _write(page, (last, place), cell, formats)
            widths[place] = max(widths[place], _width(cell))
    for place, width in enumerate(widths):
        page.set_column(place, place, min(max(width + 2, _NARROWEST), _WIDEST))
    _help(page, sheet)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, last, max(len(sheet.columns) - 1, 0))


def _help(page: Any, sheet: Sheet) -> None:
    for place, hint in enumerate(sheet.hints):
        if hint:
            page.write_comment(0, place, hint)
    for place, words in enumerate(sheet.choices):
        if words:
            rule = {"validate": "list", "source": list(words), "ignore_blank": True}
            page.data_validation(1, place, _FILLED_IN, place, rule)


def _write(page: Any, at: tuple[int, int], cell: Cell, formats: dict[type, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        page.write_datetime(*at, cell.astimezone(SHANGHAI).replace(tzinfo=None), formats[datetime])
    elif isinstance(cell, date):
        page.write_datetime(*at, cell, formats[date])
    elif isinstance(cell, str):
        page.write_string(*at, _fitting(cell), formats[str])
    else:
        page.write_number(*at, cell, formats[str])


def _fitting(text: str) -> str:
    """Excel opens no cell of more characters: the end is marked as cut."""
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def _width(cell: Cell) -> int:
    """Columns the cell takes; a Chinese character takes two."""
    if isinstance(cell, datetime):
        return len("2026-01-01 00:00")
    text = "" if cell is None else str(cell)[:_WIDEST]
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
