"""Pages as pictures: what is told is covered, nothing but pixels comes out, and similar pages have similar prints."""

import io

import docx
import openpyxl
import pikepdf
import pytest
from PIL import Image

from app.adapters.documents.pictures import Box, Cover, Unreadable, develop, look_at, scans_of
from app.domain.prints import distance
from app.domain.veil import pattern_of, words_of
from app.services.demonstration.papers import paper
from tests.factories.scans import NAME, certificate

PDF = "application/pdf"
JPEG = "image/jpeg"
OFFICE = "application/vnd.openxmlformats-officedocument"
WORD = f"{OFFICE}.wordprocessingml.document"
SHEET = f"{OFFICE}.spreadsheetml.sheet"
COVERED = Cover(pattern_of(words_of([NAME], [])), "〔隐去〕")


def dark(picture: bytes, box: Box) -> float:
    """Which share of a part of a picture is black."""
    with Image.open(io.BytesIO(picture)) as shown:
        width, height = shown.size
        part = shown.convert("L").crop(tuple(int(at * by) for at, by in zip(box, (width, height) * 2, strict=True)))
    found = part.histogram()
    return sum(found[:60]) / sum(found)


def test_a_telling_word_is_painted_over_where_it_stands():
    content = paper(f"To {NAME} of Party branch 1")
    line = (0.12, 0.128, 0.45, 0.142)
    shown, covered = develop(content, PDF, 1, width=1000), develop(content, PDF, 1, width=1000, cover=COVERED)
    assert NAME in shown.text
    assert NAME not in covered.text
    assert "Party branch 1" in covered.text
    assert dark(covered.picture, line) > dark(shown.picture, line) + 0.1
    assert (shown.pages, shown.is_scan) == (1, False)


def test_nothing_but_pixels_comes_out_of_a_picture():
    content = certificate("abc")
    assert NAME.encode() in content
    shown = develop(content, JPEG, 1, width=600)
    assert NAME.encode() not in shown.picture
    with Image.open(io.BytesIO(shown.picture)) as picture:
        assert (dict(picture.getexif()), picture.size, shown.is_scan) == ({}, (600, 800), True)


def test_a_part_of_a_page_can_be_covered():
    covered = develop(certificate("abc"), JPEG, 1, width=600, cover=Cover(boxes=[(0, 0, 0.5, 0.5)]))
    assert dark(covered.picture, (0.01, 0.01, 0.49, 0.49)) == 1
    assert dark(covered.picture, (0.8, 0.6, 0.9, 0.7)) < 0.1


def test_office_files_are_read_as_words():
    letter, book, files = docx.Document(), openpyxl.Workbook(), {}
    letter.add_paragraph(f"To {NAME}, first")
    letter.add_table(1, 2).rows[0].cells[1].text = NAME
    book.active.append([NAME, 3])
    for kind, document in ((WORD, letter), (SHEET, book)):
        out = io.BytesIO()
        document.save(out)
        files[kind] = develop(out.getvalue(), kind, 1, width=600, cover=COVERED)
    assert files[WORD].text.split("\n")[0] == "To 〔隐去〕, first"
    assert "〔隐去〕 | 3" in files[SHEET].text
    assert {file.picture for file in files.values()} == {b""}
    assert not any(NAME in file.text for file in files.values())


@pytest.mark.parametrize(
    ("content", "kind", "page"),
    [
        (b"%PDF-1.4 no more", PDF, 1),
        (b"\xff\xd8\xff\xe0 no more", JPEG, 1),
        (certificate("abc")[:5000], JPEG, 1),
        (paper("one page"), PDF, 2),
        (paper("one page"), PDF, 0),
        (certificate("abc"), JPEG, 2),
        (b"PK\x03\x04 no more", WORD, 1),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_next_file_is_read(content, kind, page):
    with pytest.raises(Unreadable):
        develop(content, kind, page, width=600)
    assert develop(paper("the next"), PDF, 1, width=600).picture


def test_a_picture_that_unpacks_to_far_too_much_is_refused():
    out = io.BytesIO()
    Image.new("1", (16000, 16000)).save(out, "PNG")
    with pytest.raises(Unreadable):
        develop(out.getvalue(), "image/png", 1, width=600)


def test_scans_of_one_paper_resemble_each_other_and_those_of_two_do_not():
    first, other = look_at(certificate("abc"), JPEG).prints[1], look_at(certificate("xyz"), JPEG).prints[1]
    again = [
        look_at(certificate("abc", quality=35), JPEG).prints[1],
        look_at(certificate("abc", side=500), JPEG).prints[1],
        look_at(certificate("abc", turned=0.4), JPEG).prints[1],
    ]
    assert max(distance(first, each) for each in again) <= 24
    assert distance(first, other) > 40


def test_blank_pages_and_words_have_no_print():
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "JPEG")
    assert look_at(out.getvalue(), JPEG).prints == {}
    assert look_at(b"any", WORD).prints == {}
    assert look_at(paper("next to nothing"), PDF).prints == {}


def page_of(words: str, *, turned: int = 0, moved: float = 0, seal: bool = False) -> bytes:
    """A page with one line of words, turned or with its corner elsewhere, with a seal laid upon it."""
    book = pikepdf.new()
    page = book.add_blank_page(page_size=(400, 300))
    page.MediaBox = [moved, moved, 400 + moved, 300 + moved]
    page.Rotate = turned
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = book.make_stream(f"BT /F1 20 Tf {60 + moved} {200 + moved} Td ({words}) Tj ET".encode())
    if seal:
        drawn = book.make_stream(b"0 0 0 rg 0 0 100 100 re f")
        drawn.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 100, 100]})
        page.Annots = [
            book.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[250, 50, 350, 150], F=4,
                    AP=pikepdf.Dictionary(N=drawn),
                )
            )
        ]  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("turned", "moved"), [(0, 0), (90, 0), (180, 0), (270, 0), (0, 500), (90, 120)])
def test_a_word_is_covered_where_it_stands_however_the_page_lies(turned: int, moved: float):
    content = page_of(NAME, turned=turned, moved=moved)
    bare = develop(content, PDF, 1, width=800)
    covered = develop(content, PDF, 1, width=800, cover=COVERED)
    with Image.open(io.BytesIO(bare.picture)) as one, Image.open(io.BytesIO(covered.picture)) as other:
        ink = [at for at, value in enumerate(one.convert("L").tobytes()) if value < 100]
        veiled = other.convert("L").tobytes()
    assert ink
    assert [at for at in ink if veiled[at] > 60] == []


def test_a_seal_laid_upon_a_page_is_not_shown_under_the_veil():
    content, spot = page_of("words", seal=True), (0.65, 0.55, 0.85, 0.8)
    assert dark(develop(content, PDF, 1, width=800).picture, spot) == 1
    assert dark(develop(content, PDF, 1, width=800, cover=COVERED).picture, spot) == 0


def test_writing_drawn_as_lines_is_a_scan():
    book = pikepdf.new()
    page = book.add_blank_page(page_size=(400, 300))
    page.Contents = book.make_stream(b"10 10 m 200 200 l S")
    out = io.BytesIO()
    book.save(out)
    assert develop(out.getvalue(), PDF, 1, width=400).is_scan
    assert scans_of(out.getvalue(), PDF) == (1, {1})
    assert scans_of(page_of("words"), PDF) == (1, frozenset())
    assert scans_of(certificate("abc"), JPEG) == (1, {1})
