"""What a person covers of a page for a blind review: rectangles, as shares of the page (C5.3b)."""

from collections.abc import Sequence
from fractions import Fraction

from app.domain.errors import DomainError, Kind

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the page's width and height."""

MOST = 40
"""Rectangles on a page at most: who needs more covers all of it."""

_WHOLE = 100


class CoverWrong(DomainError):
    """A rectangle has four numbers from 0 to 100 and lies on the page. Params: ``number``, ``most``."""

    code = "cover_wrong"
    kind = Kind.BAD_INPUT


def boxes_of(rows: Sequence[Sequence[str]]) -> tuple[Box, ...]:
    """Return rectangles as they are typed: left, top, width, height in hundredths of the page; blank rows are left out.

    Raises ``CoverWrong``.
    """
    typed = [(number, row) for number, row in enumerate(rows, start=1) if any(each.strip() for each in row)]
    if len(typed) > MOST:
        raise CoverWrong(number=len(typed), most=MOST)
    return tuple(_box(number, row) for number, row in typed)


def _box(number: int, row: Sequence[str]) -> Box:
    try:
        left, top, width, height = (Fraction(each.strip()) for each in row)
    except (ValueError, ZeroDivisionError) as error:
        raise CoverWrong(number=number, most=MOST) from error
    is_on_page = 0 <= left < _WHOLE and 0 <= top < _WHOLE and width > 0 and height > 0
    if not is_on_page:
        raise CoverWrong(number=number, most=MOST)
    right, bottom = min(left + width, Fraction(_WHOLE)), min(top + height, Fraction(_WHOLE))
    x1, y1, x2, y2 = (round(float(each) / _WHOLE, 4) for each in (left, top, right, bottom))
    return x1, y1, x2, y2


def typed_of(box: Sequence[float]) -> tuple[str, str, str, str]:
    """Return a rectangle as it is typed."""
    left, top, right, bottom = box
    return _written(left), _written(top), _written(right - left), _written(bottom - top)


def _written(share: float) -> str:
    return f"{share * _WHOLE:.2f}".rstrip("0").rstrip(".")
