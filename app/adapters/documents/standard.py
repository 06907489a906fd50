"""Our own Word templates, one a layout: an office downloads one, changes it in Word, and puts it in place.

Laid out as GB/T 9704: A4, margins 37/35/28/26 mm, red head, title 二号, body 三号 on lines of 28.95 pt, page number at
the outer edge; whoever signs and seals does so on a page with words. It names the fonts that offices use (方正小标宋,
仿宋, 黑体, 宋体); Word takes another where one is missing.
"""

import io
from functools import cache
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

_TITLE, _FANG, _HEI, _SONG, _LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体", "Times New Roman"
_RED, _GREY = RGBColor(0xC8, 0x10, 0x2E), RGBColor(0x80, 0x80, 0x80)
_BODY = 16
_PAGE_NUMBER = 14
_PITCH = 28.95


@cache
def standard_template(layout: str) -> bytes:
    """Return the template of a layout as a .docx file; ``layout``: ``official`` (a letter), ``receipt`` or ``form``."""
    page = Document()
    _lay_out(page)
    _DRAWN[layout](page)
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def _letter(page: Any) -> None:
    _head(page)
    _loop(page, "paragraphs")
    _list(page)
    _loop(page, "closing", keeps=True)
    _sign(page)


def _receipt(page: Any) -> None:
    _line(page, "{{ title }}", size=22, font=_TITLE, pitch=36)
    _line(page, "{{ number }}", size=14)
    _line(page, "")
    _pairs(page, "pairs")
    _line(page, "")
    _loop(page, "paragraphs")
    _seal(page)


def _form(page: Any) -> None:
    """The cover, then part after part: a heading, paragraphs, a table where it has one."""
    for _ in range(3):
        _line(page, "")
    _line(page, "{{ programme }}", size=26, font=_TITLE, pitch=40)
    _line(page, "申报书", size=36, font=_TITLE, pitch=60)
    _line(page, "{{ number }}", size=14)
    _line(page, "")
    _pairs(page, "cover")
    page.add_page_break()
    _tag(page, "{%p for part in parts %}")
    _tag(page, "{%p if part[0] %}")
    _line(page, "{{ part[0] }}", centred=False, font=_HEI).paragraph_format.keep_with_next = True
    _tag(page, "{%p endif %}")
    _tag(page, "{%p for each in part[1] %}")
    _line(page, "{{ each }}", centred=False)
    _tag(page, "{%p endfor %}")
    _tag(page, "{%p if part[3] %}")
    _table(page, "part[2]", "part[3]")
    _tag(page, "{%p endif %}")
    _tag(page, "{%p endfor %}")


_DRAWN = {"official": _letter, "receipt": _receipt, "form": _form}


def _pairs(page: Any, name: str) -> None:
    """A table of two columns: what something is called, and what it is."""
    table = page.add_table(rows=3, cols=2)
    table.style = "Table Grid"
    _as_wide_as_the_page(table)
    for row, words in enumerate(
        ((f"{{%tr for pair in {name} %}}", ""), ("{{ pair[0] }}", "{{ pair[1] }}"), ("{%tr endfor %}", ""))
    ):
        for place, text in enumerate(words):
            _cell(table.cell(row, place), text, font=_FANG if place else _HEI, size=14)


def _lay_out(page: Any) -> None:
    section = page.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    normal = page.styles["Normal"]
    normal.font.name, normal.font.size = _LATIN, Pt(_BODY)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FANG)
    normal.element.rPr.append(_element("lang", val="en-US", eastAsia="zh-CN"))
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = Pt(_PITCH)
    normal.paragraph_format.space_after = Pt(0)
    page.settings.odd_and_even_pages_header_footer = True
    _number_pages(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number_pages(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def _number_pages(paragraph: Any, edge: WD_ALIGN_PARAGRAPH) -> None:
    """The number at the outer edge, a character in from it."""
    paragraph.alignment = edge
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(_PAGE_NUMBER)
    before, number, after = (paragraph.add_run(text) for text in ("— ", "1", " —"))
    for run in (before, number, after):
        _look(run, _PAGE_NUMBER, _SONG)
    field = _element("fldSimple", instr="PAGE")
    number._r.addprevious(field)  # noqa: SLF001 - python-docx has no fields
    field.append(number._r)  # noqa: SLF001 - as above


def _head(page: Any) -> None:
    _tag(page, "{%p if issuer %}")
    _line(page, "{{ issuer }}", size=30, font=_TITLE, colour=_RED, pitch=40)
    _tag(page, "{%p endif %}")
    ruled = _line(page, "{{ number }}")
    borders = _element("pBdr")
    borders.append(_element("bottom", val="single", sz="12", space="4", color="C8102E"))
    ruled._p.pPr.insert_element_before(borders, "w:spacing")  # noqa: SLF001 - python-docx has no borders
    _line(page, "")
    _line(page, "{{ title }}", size=22, font=_TITLE, pitch=36)
    _line(page, "")
    _tag(page, "{%p if addressee %}")
    _line(page, "{{ addressee }}：", centred=False)
    _tag(page, "{%p endif %}")


def _loop(page: Any, name: str, *, keeps: bool = False) -> None:
    """A paragraph for each; ``keeps``: on one page with what comes after them."""
    _tag(page, f"{{%p for each in {name} %}}")
    body = _line(page, "{{ each }}", centred=False)
    body.paragraph_format.first_line_indent = Pt(2 * _BODY)
    body.paragraph_format.keep_with_next = keeps
    _tag(page, "{%p endfor %}")


def _list(page: Any) -> None:
    _tag(page, "{%p if rows %}")
    _line(page, "{{ table_title }}", size=14, font=_HEI).paragraph_format.keep_with_next = True
    _table(page, "columns", "rows")
    _tag(page, "{%p endif %}")


def _table(page: Any, columns: str, rows: str) -> None:
    """A table with as many columns and rows as these two lists have."""
    table = page.add_table(rows=4, cols=3)
    table.style = "Table Grid"
    _as_wide_as_the_page(table)
    _repeat(table.rows[0])
    for row, words in enumerate(
        (
            (f"{{%tc for name in {columns} %}}", "{{ name }}", "{%tc endfor %}"),
            (f"{{%tr for row in {rows} %}}", "", ""),
            ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
            ("{%tr endfor %}", "", ""),
        )
    ):
        for place, text in enumerate(words):
            _cell(table.cell(row, place), text, font=_FANG if row else _HEI)


def _as_wide_as_the_page(table: Any) -> None:
    """However many columns there will be, together they take the whole line, each as wide as its words need."""
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx has no widths in percent
    properties.remove(properties.find(qn("w:tblW")))
    properties.find(qn("w:tblStyle")).addnext(_element("tblW", type="pct", w="5000"))
    for cell in table._cells:  # noqa: SLF001 - as above
        width = cell._tc.get_or_add_tcPr().get_or_add_tcW()  # noqa: SLF001 - as above
        width.set(qn("w:type"), "auto")
        width.set(qn("w:w"), "0")


def _repeat(row: Any) -> None:
    """The head of a table stands on each of its pages."""
    row._tr.get_or_add_trPr().append(_element("tblHeader"))  # noqa: SLF001 - python-docx has no repeated rows


def _cell(cell: Any, text: str, *, font: str, size: float = 11) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    (paragraph,) = cell.paragraphs
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _look(paragraph.add_run(text), size, font)


def _sign(page: Any) -> None:
    _tag(page, "{%p for name in signatures %}")
    _line(page, "{{ name }}：____________________", centred=False).paragraph_format.keep_with_next = True
    _tag(page, "{%p endfor %}")
    _seal(page)


def _seal(page: Any) -> None:
    _line(page, "").paragraph_format.keep_with_next = True
    for words, colour in (("{{ signed_by }}", None), ("{{ date }}", None), ("（印章）", _GREY)):
        line = _line(page, words, colour=colour, centred=False)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Pt(4 * _BODY)
        line.paragraph_format.keep_with_next = colour is None


def _tag(page: Any, text: str) -> None:
    page.add_paragraph(text)


def _line(page: Any, text: str, *, centred: bool = True, pitch: float = _PITCH, **look: Any) -> Any:
    paragraph = page.add_paragraph()
    run = paragraph.add_run(text)
    _look(run, look.get("size", _BODY), look.get("font", _FANG))
    if look.get("colour") is not None:
        run.font.color.rgb = look["colour"]
    paragraph.paragraph_format.line_spacing = Pt(pitch)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _look(run: Any, size: float, font: str) -> None:
    run.font.size = Pt(size)
    if font != _FANG:
        run.font.name = font
        run._r.rPr.rFonts.set(qn("w:eastAsia"), font)  # noqa: SLF001 - python-docx knows Latin fonts only


def _element(name: str, **attributes: str) -> Any:
    found = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        found.set(qn(f"w:{key}"), value)
    return found
