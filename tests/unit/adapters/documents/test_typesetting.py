"""Papers as PDF: what people typed is printed as it stands, a missing glyph is found, the file names nobody."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from app.adapters.documents.glyphs import has_glyph
from app.adapters.documents.typesetting import typeset

AT = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)
HOSTILE = (
    '#eval("1+1")', "$x^2$", "*粗*", "_斜_", "[x]", "<label>", "@ref", "\\n", "= 标题", "{{ 7*7 }}", "&amp;", "// 注",
    '#image("/etc/passwd")', "`raw`", "~", "'--'",
)  # fmt: skip


def letter(**changes):
    return {
        "title": "关于公示的通知",
        "number": "双优示〔2026〕3号",
        "issuer": "陇原理工大学",
        "addressee": "各党支部",
        "paragraphs": ["第一段。"],
        "table_title": "名单",
        "columns": ["序号", "工作室"],
        "widths": [1, 5],
        "rows": [["1", "甲工作室"]],
        "closing": ["特此通知。"],
        "signatures": ["组长（签名）"],
        "signed_by": "陇原理工大学",
        "date": "2026年4月22日",
    } | changes


CLOSING = letter(signatures=[], closing=[], paragraphs=["公示时间为五个工作日。" * 6] * 3)


def read(printed):
    return PdfReader(io.BytesIO(printed.content))


def text_of(printed):
    """The printed text without the breaks and places to break that the layout put in."""
    pages = "".join(page.extract_text() for page in read(printed).pages)
    return "".join(pages.split()).replace("\u200b", "")


@pytest.fixture(scope="module")
def hostile():
    return typeset("official", letter(paragraphs=list(HOSTILE), rows=[["1", each] for each in HOSTILE]), at=AT)


def test_what_people_typed_is_printed_as_it_stands(hostile):
    text = text_of(hostile)
    assert [each for each in HOSTILE if text.count("".join(each.split())) < 2] == []


def test_every_part_of_a_letter_is_there(hostile):
    text = text_of(hostile)
    parts = (
        "关于公示的通知",
        "双优示〔2026〕3号",
        "各党支部：",
        "名单",
        "特此通知。",
        "组长（签名）：",
        "2026年4月22日",
        "印章",
    )
    assert [each for each in parts if each not in text] == []


def test_the_file_names_nobody_and_says_when_the_event_was(hostile):
    found = read(hostile).metadata
    assert (found.author, found.title, found.creation_date) == (None, "关于公示的通知", AT.replace(hour=12))
    assert b"pdfaid:part" in hostile.content
    assert hostile.content.count(b"pdfaid:conformance>B<") == 1


def test_a_letter_lies_on_the_page_as_the_standard_says(hostile):
    box = read(hostile).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_the_same_facts_give_the_same_bytes():
    assert typeset("official", letter(), at=AT) == typeset("official", letter(), at=AT)


def test_a_character_without_glyph_is_reported_and_marked():
    printed = typeset("official", letter(paragraphs=["姓名：\U0003134f某、\U0003134f、\ue000"]), at=AT)
    text = text_of(printed)
    assert printed.missing == ("\U0003134f", "\ue000")
    assert "姓名：〓某、〓、〓" in text
    assert "U+3134F、U+E000" in text


def test_rare_characters_that_the_font_has_are_printed():
    rare = "㛃龘𬭚𠮷"
    printed = typeset("official", letter(paragraphs=[rare]), at=AT)
    assert all(has_glyph(char) for char in rare)
    assert printed.missing == ()
    assert rare in text_of(printed)


def test_characters_that_cannot_be_seen_are_left_out():
    printed = typeset("official", letter(paragraphs=["甲\u202e乙\x00丙\ud800丁"]), at=AT)
    assert "甲乙丙丁" in text_of(printed)


@pytest.mark.parametrize("name", ["长" * 10_000, "A" * 10_000], ids=["chinese", "latin"])
def test_a_name_of_ten_thousand_characters_breaks_over_pages(name):
    printed = typeset("official", letter(rows=[["1", name]], paragraphs=[name]), at=AT)
    assert text_of(printed).count(name[0]) >= 20_000
    assert len(read(printed).pages) > 10


def test_a_receipt_has_its_code():
    facts = {
        "title": "受理回执",
        "number": "双优受〔2026〕1号",
        "pairs": [["受理号", "SQ-2026-0001"]],
        "paragraphs": ["已收到。"],
        "qr": "https://a.example/receipt?number=SQ-2026-0001",
        "signed_by": "承办大学",
        "date": "2026年3月2日",
    }
    with_code, without = typeset("receipt", facts, at=AT), typeset("receipt", facts | {"qr": None}, at=AT)
    assert ("扫码" in text_of(with_code), "扫码" in text_of(without)) == (True, False)
    assert "SQ-2026-0001" in text_of(with_code)


def test_a_seal_never_stands_on_a_page_without_a_word_of_the_paper():
    """GB/T 9704: however long the list, its last row is on the page with the seal, under a head (C5.2b, C5.3e)."""
    for many in range(1, 26):
        rows = [[str(number), f"第{number}工作室"] for number in range(1, many + 1)]
        pages = [page.extract_text() for page in read(typeset("official", CLOSING | {"rows": rows}, at=AT)).pages]
        assert f"第{many}工作室" in pages[-1], many
        assert [page for page in pages if page.count("序号") != ("第" in page)] == [], many


def test_a_receipt_number_stays_within_its_column():
    rows = [["1", "SQ-2026-000001"]]
    printed = typeset("official", letter(columns=["序号", "受理号", "工作室"], widths=[3, 2, 9], rows=rows), at=AT)
    assert "SQ-2026-000001" not in read(printed).pages[0].extract_text().replace("\u200b", "")
    assert "SQ-2026-000001" in text_of(printed)
