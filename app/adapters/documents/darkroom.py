"""A process of its own that looks into people's files: pages as pictures, the words on them, prints to compare them by.

Speaks as ``beside.py`` says. ``do``: ``page`` (a page as a JPEG of ``width`` pixels, what ``cover`` finds in it painted
over), ``prints`` (a perceptual hash of each page, and what ``scans`` says), ``scans`` (the pages with something on them
that is no text, where words are not found). Nothing but pixels and words comes out: no metadata, no script.
A file that takes too long or too much memory ends this process, and the next question begins another.
"""

import ctypes
import io
import json
import re
import resource
import select
import signal
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import docx
import imagehash
import openpyxl
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageDraw, ImageFile, ImageOps

_IDLE_SECONDS = 60
_MOST_SECONDS = 20
_MOST_MEMORY = 2 * 1024**3
_MOST_PIXELS = 60_000_000
_MOST_TEXT = 200_000
_MOST_PRINTED = 40
_PRINT_WIDTH = 700
_HASH_SIDE = 16
_DARK = 160
_LEAST_INK = 0.01
"""A page with less of it dark is all but blank: it resembles every other such page."""

_MARGIN = 2
"""How far the paint reaches over a covered character, in pixels."""

Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
ImageFile.LOAD_TRUNCATED_IMAGES = False

Picture = Image.Image


def main() -> None:
    """Answer one question after another."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while select.select([asked], [], [], _IDLE_SECONDS)[0] and (line := asked.readline()):
        wanted = json.loads(line)
        content = asked.read(wanted["size"])
        signal.alarm(_MOST_SECONDS)
        try:
            head, answer = _DEEDS[wanted["do"]](content, wanted)
        except Exception as error:  # noqa: BLE001 - whatever a stranger's file does to a library is told, not raised
            answers.write(json.dumps({"error": f"{type(error).__name__}: {error}"[:300]}).encode() + b"\n")
        else:
            answers.write(json.dumps({**head, "size": len(answer)}).encode() + b"\n" + answer)
        signal.alarm(0)
        answers.flush()


def develop(content: bytes, wanted: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return a page as a JPEG with what stands on it in words; an office file comes as words alone."""
    cover = re.compile(wanted["cover"], re.IGNORECASE) if wanted.get("cover") else None
    kind, number = wanted["kind"], wanted["page"]
    if kind == "pdf":
        head, picture = _develop_pdf(content, number, wanted["width"], cover)
        return head, _jpeg(picture, wanted["boxes"])
    if number != 1:
        raise IndexError(number)
    if kind == "image":
        picture = _opened(content)
        picture.thumbnail((wanted["width"], wanted["width"] * 3))
        return {"pages": 1, "text": "", "is_scan": True}, _jpeg(picture, wanted["boxes"])
    text = "\n".join(_words(kind, content))[:_MOST_TEXT]
    return {"pages": 1, "text": cover.sub(wanted["mark"], text) if cover else text, "is_scan": False}, b""


def _develop_pdf(
    content: bytes, number: int, width: int, cover: re.Pattern[str] | None
) -> tuple[dict[str, Any], Picture]:
    document = pdfium.PdfDocument(content)
    page = document[number - 1]
    # a seal or a note laid upon the page is no part of its text: what is covered shows none
    picture = page.render(scale=width / page.get_width(), draw_annots=cover is None).to_pil().convert("RGB")
    words = page.get_textpage()
    text = _text_of(words)
    spots = [found.span() for found in cover.finditer(text)] if cover else []
    if spots:
        _paint(picture, page, words, spots)
    told = cover.sub("█", text) if cover else text
    head = {"pages": len(document), "text": told[:_MOST_TEXT], "is_scan": _is_scan(page, text)}
    return head, picture


def _text_of(words: pdfium.PdfTextPage) -> str:
    """The page's text with one character for each of the library's, so that places in both are the same."""
    codes = (pdfium_c.FPDFText_GetUnicode(words, index) for index in range(words.count_chars()))
    return "".join(chr(code) if code else " " for code in codes)


def _paint(picture: Picture, page: pdfium.PdfPage, words: pdfium.PdfTextPage, spots: list[tuple[int, int]]) -> None:
    brush = ImageDraw.Draw(picture)
    for start, end in spots:
        for index in range(start, end):
            left, bottom, right, top = words.get_charbox(index, loose=True)
            corners = [_placed(page, picture.size, corner) for corner in ((left, bottom), (right, top))]
            (xs, ys) = zip(*corners, strict=True)
            grown = (min(xs) - _MARGIN, min(ys) - _MARGIN, max(xs) + _MARGIN, max(ys) + _MARGIN)
            brush.rectangle(grown, fill="black")


def _placed(page: pdfium.PdfPage, size: tuple[int, int], point: tuple[float, float]) -> tuple[int, int]:
    """Where a point of the page lies in its picture, however the page is turned or cropped."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, *size, 0, *point, across, down)
    return across.value, down.value


def _is_scan(page: pdfium.PdfPage, text: str) -> bool:
    """Whether something on the page is no text: a scan, a logo, writing drawn as lines; words in it are not found."""
    wanted = [pdfium_c.FPDF_PAGEOBJ_IMAGE, *([] if text.strip() else [pdfium_c.FPDF_PAGEOBJ_PATH])]
    return any(True for _ in page.get_objects(filter=wanted, max_depth=4))


def look_through(content: bytes, wanted: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return how many pages a file has, and which of them hold something that is no text."""
    if wanted["kind"] == "image":
        _opened(content)
        return {"pages": 1, "scans": [1]}, b""
    if wanted["kind"] != "pdf":
        return {"pages": 1, "scans": []}, b""
    document = pdfium.PdfDocument(content)
    scans = [number for number, page in enumerate(document, 1) if _is_scan(page, _text_of(page.get_textpage()))]
    return {"pages": len(document), "scans": scans}, b""


def _opened(content: bytes) -> Picture:
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        return ImageOps.exif_transpose(picture).convert("RGB")


def _jpeg(picture: Picture, boxes: list[list[float]]) -> bytes:
    out, brush, (width, height) = io.BytesIO(), ImageDraw.Draw(picture), picture.size
    for left, top, right, bottom in boxes:
        brush.rectangle((left * width, top * height, right * width, bottom * height), fill="black")
    Image.frombytes("RGB", picture.size, picture.tobytes()).save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _words(kind: str, content: bytes) -> Iterator[str]:
    if kind == "word":
        document = docx.Document(io.BytesIO(content))
        yield from (paragraph.text for paragraph in document.paragraphs)
        for table in document.tables:
            yield from (" | ".join(cell.text for cell in row.cells) for row in table.rows)
        return
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for sheet in book.worksheets:
        yield sheet.title
        for row in sheet.iter_rows(values_only=True):
            yield " | ".join("" if value is None else str(value) for value in row)


def compare(content: bytes, wanted: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return a perceptual hash of each page, in hex, pages all but blank left out; and which pages are scans."""
    prints = {
        str(number): str(imagehash.phash(picture, hash_size=_HASH_SIDE))
        for number, picture in _pictures(wanted["kind"], content)
        if _ink(picture) >= _LEAST_INK
    }
    head, _ = look_through(content, wanted)
    return {**head, "prints": prints}, b""


def _ink(picture: Picture) -> float:
    found = picture.convert("L").histogram()
    return sum(found[:_DARK]) / sum(found)


def _pictures(kind: str, content: bytes) -> Iterator[tuple[int, Picture]]:
    if kind == "image":
        yield 1, _opened(content)
        return
    document = pdfium.PdfDocument(content)
    for index in range(min(len(document), _MOST_PRINTED)):
        page = document[index]
        yield index + 1, page.render(scale=_PRINT_WIDTH / page.get_width()).to_pil()


_DEEDS = {"page": develop, "prints": compare, "scans": look_through}

if __name__ == "__main__":
    main()
