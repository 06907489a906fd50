"""Rows that a person puts in an order: those ticked by their rank, the others after them."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.forms.schema import ROW_KEY, Rows

Placed = tuple[int, Mapping[str, Any]]
"""A row with the place it has in the list as served."""


def in_ranks(rows: Rows, listed: Sequence[Mapping[str, Any]]) -> list[Placed]:
    """Return rows in the order in which they are shown: a ranking by its ranks, any other list as it stands."""
    placed = list(enumerate(listed))
    return sorted(placed, key=lambda each: _key(rows, each)) if rows.rank else placed


def moved(rows: Rows, listed: Sequence[Mapping[str, Any]], row_key: str, by: int) -> list[dict[str, Any]]:
    """Return the rows with one moved ``by`` places (-1: up) and the ticked ones ranked from 1.

    A row that is not ticked comes onto the list, as its last one, when it is moved up.
    """
    chosen = [place for place, row in in_ranks(rows, listed) if row.get(rows.chosen)]
    here = next(place for place, row in enumerate(listed) if row.get(ROW_KEY) == row_key)
    if here in chosen:
        at = chosen.index(here)
        to = min(max(at + by, 0), len(chosen) - 1)
        chosen.insert(to, chosen.pop(at))
    elif by < 0:
        chosen.append(here)
    ranks = {place: rank for rank, place in enumerate(chosen, start=1)}
    return [{**row, rows.chosen: place in ranks, rows.rank: ranks.get(place)} for place, row in enumerate(listed)]


def _key(rows: Rows, placed: Placed) -> tuple[bool, float, int]:
    place, row = placed
    return not row.get(rows.chosen), _rank(row.get(rows.rank)), place


def _rank(value: object) -> float:
    """A rank as typed; what is no number yet comes last."""
    text = str(value).strip()
    return int(text) if text.isdecimal() and text.isascii() else float("inf")
