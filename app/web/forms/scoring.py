"""What scores come to while they are being typed: each criterion's share of the total, exact."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

_WHOLE = 100


def scored(rows: Iterable[Mapping[str, Any]]) -> list[Fraction]:
    """Return the weighted share of every row with a readable ``score`` and a ``weight`` in per cent."""
    shares = ((_number(row.get("score")), _number(row.get("weight"))) for row in rows)
    return [score * weight / _WHOLE for score, weight in shares if score is not None and weight is not None]


def shares(rows: Iterable[Mapping[str, Any]], column: str) -> list[Fraction]:
    """Return every readable share of 0 to 100 in a column; of no column none."""
    found = (_number(row.get(column)) for row in rows if column)
    return [share for share in found if share is not None]


def _number(value: Any) -> Fraction | None:
    try:
        found = Fraction(str(value).strip())
    except (ValueError, ZeroDivisionError):
        return None
    return found if 0 <= found <= _WHOLE else None
