"""Money in whole fen and areas in whole square decimetres: exact from the text that somebody typed."""

import re
from collections.abc import Iterable, Mapping

from app.domain.errors import DomainError

LEAST_OFFICE_DM2 = 1500
"""The least area of a studio's rooms together: 15 m² (C6.6)."""

MONEY_NAMES: Mapping[str, str] = {
    "pledge": "承诺",
    "receipt": "到账",
    "spending": "支出",
    "school": "学校",
    "county": "县区",
    "city": "市州",
    "province": "省级",
    "training": "培训费",
    "activity": "活动费",
    "research": "研究费",
    "equipment": "设备费",
    "materials": "资料费",
    "other": "其他",
}
"""How lines of money, payers and headings are called in workbooks."""

_TEXT = re.compile(r"([0-9]{1,8})(?:\.([0-9]{1,2}))?")
_HUNDRED = 100


class MoneyInvalid(DomainError):
    """Money is more than nothing and below 100 million yuan, two decimals at most. Params: ``amount``, ``clause``."""

    code = "money_invalid"


class AreaInvalid(DomainError):
    """An area is given in square metres with two decimals at most. Params: ``area``, ``clause`` C6.6."""

    code = "area_invalid"


class OfficeTooSmall(DomainError):
    """A studio's rooms have 15 m² together at least. Params: ``area``: what they have, ``clause`` C6.6."""

    code = "office_too_small"


def fen_of(text: str, clause: str) -> int:
    """Return ``1234.5`` yuan in fen. Raises ``MoneyInvalid``: for nothing or less, a third decimal, 100 million."""
    found = _hundredths(text)
    if not found:
        raise MoneyInvalid(amount=text, clause=clause)
    return found


def yuan_of(fen: int) -> str:
    """Write fen as yuan with two decimals: 1,234.50."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // _HUNDRED:,}.{fen % _HUNDRED:02d}"


def office_of(areas: Iterable[str]) -> int:
    """Return the area of rooms together in dm². Raises ``AreaInvalid``, ``OfficeTooSmall``."""
    total = 0
    for text in areas:
        area = _hundredths(text)
        if not area:
            raise AreaInvalid(area=text, clause="C6.6")
        total += area
    if total < LEAST_OFFICE_DM2:
        raise OfficeTooSmall(area=metres_of(total), clause="C6.6")
    return total


def metres_of(dm2: int) -> str:
    """Write dm² as m² with two decimals."""
    return f"{dm2 // _HUNDRED}.{dm2 % _HUNDRED:02d}"


def _hundredths(text: str) -> int | None:
    found = _TEXT.fullmatch(text.strip())
    return int(found[1]) * _HUNDRED + int((found[2] or "").ljust(2, "0")) if found else None
