"""Which characters the papers' font can print: a rare one that it lacks is found before anything is printed."""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import noto_cjk_sans_otc
import typst

FAMILY = "Noto Sans CJK SC"
FOLDER = Path(noto_cjk_sans_otc.__file__).parent

_SEGMENTED = 12
"""The format of a character map that reaches beyond U+FFFF (OpenType, table cmap)."""


def has_glyph(char: str) -> bool:
    """Tell whether the font has a shape for ``char``."""
    starts, ends = _runs()
    place = bisect_right(starts, ord(char)) - 1
    return place >= 0 and ord(char) <= ends[place]


@cache
def _runs() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The first and last characters of every run that the font maps, in order."""
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)]).fonts()
    path, index = next((str(each.path), each.index) for each in found if each.family == FAMILY)
    runs = sorted(_groups(Path(path).read_bytes(), index))
    return tuple(start for start, _ in runs), tuple(end for _, end in runs)


def _groups(font: bytes, index: int) -> Iterator[tuple[int, int]]:
    """The runs of the face's character map, as an OpenType collection holds them."""
    (face,) = struct.unpack_from(">I", font, 12 + 4 * index)
    cmap = _table(font, face, b"cmap")
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    for number in range(count):
        (offset,) = struct.unpack_from(">I", font, cmap + 8 + 8 * number)
        (form,) = struct.unpack_from(">H", font, cmap + offset)
        if form == _SEGMENTED:
            (groups,) = struct.unpack_from(">I", font, cmap + offset + 12)
            yield from (struct.unpack_from(">II", font, cmap + offset + 16 + 12 * each) for each in range(groups))
            return
    raise LookupError(f"{FAMILY} has no full character map")


def _table(font: bytes, face: int, wanted: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, face + 4)
    for number in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, face + 12 + 16 * number)
        if tag == wanted:
            return int(offset)
    raise LookupError(f"{FAMILY} has no table {wanted!r}")
