"""A studio's book as a workbook: every line, struck ones, too, and the sums of each year (C6.3, C6.4)."""

from collections.abc import Iterator, Sequence

from app.adapters.documents.spreadsheet import MEDIA_TYPE, Cell, Sheet, workbook
from app.domain.amounts import MONEY_NAMES
from app.domain.evidence import clean_name
from app.services.acting import Act
from app.services.construction.bookkeeping import Book, LineShown, view_book
from app.services.papers.reading import OpenedPaper

_LINES = (
    *("年度", "类别", "来源或科目", "金额（元）", "计入合计（元）", "日期", "摘要", "登记人"),
    *("更正", "冲销时间", "冲销人", "冲销原因"),
)
_SUMS = ("年度", "承诺（元）", "到账（元）", "支出（元）", "结余（元）")
_FEN = 100


def book_as_excel(act: Act, *, public_id: str) -> OpenedPaper:
    """Return a studio's book for whoever may see it. Raises ``StudioUnknown``."""
    book = view_book(act, public_id=public_id)
    content = workbook(*book_sheets(book), made_at=act.now)
    return OpenedPaper(f"{clean_name(f'经费明细 {book.name}')}.xlsx", MEDIA_TYPE, content)


def book_sheets(book: Book) -> tuple[Sheet, Sheet]:
    """Return the lines, each with what of it counts, and the sums."""
    sums = [(year.number, *(fen / _FEN for fen in year.sums)) for year in book.years]
    return Sheet("经费", _LINES, list(_lines(book))), Sheet("经费合计", _SUMS, sums)


def _lines(book: Book) -> Iterator[Sequence[Cell]]:
    for year in book.years:
        for line in year.lines:
            what = (line.payer or line.heading or line.kind).value
            amounts = (line.fen / _FEN, line.counted / _FEN)
            named = (year.number, MONEY_NAMES[line.kind.value], MONEY_NAMES[what])
            yield (*named, *amounts, line.on_day, line.note, line.by, *_corrected(line))


def _corrected(line: LineShown) -> Sequence[Cell]:
    struck = line.struck
    is_new = "更正后" if line.is_correction else ""
    return (is_new, struck.at, struck.by, struck.reason) if struck else (is_new, None, "", "")
