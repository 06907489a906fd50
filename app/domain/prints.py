"""Prints of pages (perceptual hashes): how alike two are, and the bands by which alike ones are found (C5.3a)."""

from collections.abc import Iterator

BITS = 256
BANDS = 16
"""So many bands of 16 bits: two prints that differ in fewer bits than this share at least one band."""

ALIKE = 24
"""Two pages are alike when their prints differ in at most so many bits; other scans of one paper do in fewer."""

_BAND_DIGITS = BITS // BANDS // 4
_BAND_VALUES = 1 << (BITS // BANDS)


def distance(one: str, other: str) -> int:
    """Return in how many bits two prints, in hex, differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def bands_of(found: str) -> Iterator[int]:
    """Yield the bands of a print, each with its place: equal numbers are equal bands at the same place."""
    for place in range(BANDS):
        start = place * _BAND_DIGITS
        yield place * _BAND_VALUES + int(found[start : start + _BAND_DIGITS], 16)
