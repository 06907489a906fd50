"""Our own Word template, for every kind of letter: an office downloads it, changes it in Word, and puts it in place.

Laid out as GB/T 9704: A4, margins 37/35/28/26 mm, red head, title 二号, body 三号 on lines of 28.95 pt. It names the
fonts that offices use (方正小标宋, 仿宋); Word takes another where one is missing.
"""

import io
from functools import cache
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

_SONG, _FANG, _LATIN = "方正小标宋简体", "仿宋_GB2312", "Times New Roman"
_RED, _GREY = RGBColor(0xC8, 0x10, 0x2E), RGBColor(0x80, 0x80, 0x80)
_BODY = 16
_PITCH = 28.95


@cache
def standard_template() -> bytes:
    """Return the template as a .docx file."""
    page = Document()
    _lay_out(page)
    _head(page)
    _loop(page, "paragraphs")
    _list(page)
    _loop(page, "closing")
    _sign(page)
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def _lay_out(page: Any) -> None:
    section = page.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    normal = page.styles["Normal"]
    normal.font.name, normal.font.size = _LATIN, Pt(_BODY)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FANG)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = Pt(_PITCH)
    normal.paragraph_format.space_after = Pt(0)
    _number_pages(section.footer.paragraphs[0])


def _number_pages(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ").font.size = Pt(14)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields
    paragraph.add_run(" —").font.size = Pt(14)


def _head(page: Any) -> None:
    _tag(page, "{%p if issuer %}")
    _line(page, "{{ issuer }}", size=30, font=_SONG, colour=_RED, pitch=40)
    _tag(page, "{%p endif %}")
    ruled = _line(page, "{{ number }}")
    ruled._p.get_or_add_pPr().append(_red_rule())  # noqa: SLF001 - python-docx has no borders
    _line(page, "")
    _line(page, "{{ title }}", size=22, font=_SONG, pitch=36)
    _line(page, "")
    _tag(page, "{%p if addressee %}")
    _line(page, "{{ addressee }}：", centred=False)
    _tag(page, "{%p endif %}")


def _red_rule() -> Any:
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", "C8102E")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    return borders


def _loop(page: Any, name: str) -> None:
    _tag(page, f"{{%p for each in {name} %}}")
    body = _line(page, "{{ each }}", centred=False)
    body.paragraph_format.first_line_indent = Pt(2 * _BODY)
    _tag(page, "{%p endfor %}")


def _list(page: Any) -> None:
    _tag(page, "{%p if rows %}")
    _line(page, "{{ table_title }}", size=14)
    table = page.add_table(rows=4, cols=3)
    table.style = "Table Grid"
    for row, words in enumerate(
        (
            ("{%tc for name in columns %}", "{{ name }}", "{%tc endfor %}"),
            ("{%tr for row in rows %}", "", ""),
            ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
            ("{%tr endfor %}", "", ""),
        )
    ):
        for place, text in enumerate(words):
            _cell(table.cell(row, place).paragraphs[0], text)
    _tag(page, "{%p endif %}")


def _cell(paragraph: Any, text: str) -> None:
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.add_run(text).font.size = Pt(11)


def _sign(page: Any) -> None:
    _tag(page, "{%p for name in signatures %}")
    _line(page, "{{ name }}：____________________", centred=False)
    _tag(page, "{%p endfor %}")
    _line(page, "")
    for words, colour in (("{{ signed_by }}", None), ("{{ date }}", None), ("（印章）", _GREY)):
        line = _line(page, words, colour=colour, centred=False)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Pt(4 * _BODY)


def _tag(page: Any, text: str) -> None:
    page.add_paragraph(text)


def _line(page: Any, text: str, *, centred: bool = True, pitch: float = _PITCH, **look: Any) -> Any:
    paragraph = page.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size = Pt(look.get("size", _BODY))
    if look.get("font"):
        run.font.name = look["font"]
        run._r.rPr.rFonts.set(qn("w:eastAsia"), look["font"])  # noqa: SLF001 - python-docx knows Latin fonts only
    if look.get("colour") is not None:
        run.font.color.rgb = look["colour"]
    paragraph.paragraph_format.line_spacing = Pt(pitch)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph
