"""Rows that one transaction needs again and again, read once in it."""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from app.store import Session

T = TypeVar("T")
_HELD = "held_within"


def within(session: Session, key: Hashable, find: Callable[[], T]) -> T:
    """Return what ``find`` finds, the same object for as long as this session lives; None is asked for anew.

    The session forgets a row that nobody holds; here somebody does.
    """
    held: dict[Hashable, object] = session.info.setdefault(_HELD, {})
    if held.get(key) is None:
        held[key] = find()
    return cast("T", held[key])
