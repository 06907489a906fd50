"""Office sheets read from Excel and CSV files: bounded in bytes, rows and columns, whatever the file says of itself."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from app.domain.errors import DomainError
from app.domain.roster.columns import Sheet

LARGEST = 5_000_000
"""Bytes a file may have."""

MOST_ROWS = 20_000
"""Rows a file may have, all sheets together."""

_LARGEST_UNPACKED = 40_000_000
_MOST_PARTS = 300
_MOST_COLUMNS = 40
_LONGEST_CELL = 1_000
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NEUTRALISED = ("'=", "'+", "'-", "'@")


class SheetUnreadable(DomainError):
    """The file cannot be read as a sheet. Params: ``reason``, a stable word."""

    code = "sheet_unreadable"


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of an Excel workbook, or the one of a CSV file (UTF-8 or GB 18030); blank rows are left out.

    Raises ``SheetUnreadable``.
    """
    if not content:
        raise SheetUnreadable(reason="sheet_empty")
    if len(content) > LARGEST:
        raise SheetUnreadable(reason="sheet_too_large")
    found = tuple(_workbook(content)) if content.startswith(_ZIP) else (_csv(content),)
    if not any(sheet.rows for sheet in found):
        raise SheetUnreadable(reason="sheet_empty")
    return found


def _workbook(content: bytes) -> Iterator[Sheet]:
    from openpyxl import load_workbook  # noqa: PLC0415 - with it comes numpy, 40 MB that few processes ever need
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet  # noqa: PLC0415 - with the former

    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        left = MOST_ROWS
        for name in book.sheetnames:
            page: Any = book[name]
            if not isinstance(page, ReadOnlyWorksheet):
                continue  # a page that is a chart
            rows = _rows(page, left)
            left -= len(rows)
            yield Sheet(name, rows)
    except SheetUnreadable:
        raise
    except Exception as error:  # whatever the library stumbles over in a torn or hostile file is the file's fault
        raise SheetUnreadable(reason="sheet_torn") from error


def _check_archive(content: bytes) -> None:
    """Refuse archives that unpack to too much, and XML that defines entities, before anything is parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
                raise SheetUnreadable(reason="sheet_too_large")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")) and _is_hostile(archive.read(part)):
                    raise SheetUnreadable(reason="sheet_torn")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise SheetUnreadable(reason="sheet_torn") from error


def _is_hostile(xml: bytes) -> bool:
    return xml.startswith(_UTF16) or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml


def _rows(page: Any, most: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
    page.reset_dimensions()
    values = page.iter_rows(max_col=_MOST_COLUMNS, values_only=True)
    return _filled(enumerate(([_text(value) for value in row] for row in values), start=1), most)


def _filled(rows: Iterable[tuple[int, list[str]]], most: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The rows that say something, each with its number; gaps count, for a file may claim a million of them."""
    taken = list(islice(rows, most + 1))
    if len(taken) > most:
        raise SheetUnreadable(reason="sheet_too_long")
    return tuple((number, tuple(_trimmed(texts))) for number, texts in taken if any(texts))


def _trimmed(texts: list[str]) -> list[str]:
    """A row without the blanks at its end."""
    last = max(place for place, text in enumerate(texts) if text)
    return texts[: last + 1]


def _text(value: object) -> str:
    """Write a cell as people see it: days as 2026-03-01, whole numbers without a point."""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _plain("" if value is None else str(value))


def _plain(text: str) -> str:
    """A cell's text without the mark that keeps a spreadsheet from taking it for a formula."""
    plain = text.strip()[:_LONGEST_CELL]
    return plain[1:] if plain.startswith(_NEUTRALISED) else plain


def _csv(content: bytes) -> Sheet:
    reader = csv.reader(io.StringIO(_decoded(content), newline=""))
    try:
        rows = ((reader.line_num, [_plain(cell) for cell in row[:_MOST_COLUMNS]]) for row in reader)
        return Sheet("", _filled(rows, MOST_ROWS))
    except csv.Error as error:
        raise SheetUnreadable(reason="sheet_torn") from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetUnreadable(reason="sheet_no_text")
