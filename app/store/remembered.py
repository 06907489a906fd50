"""Rows that never change once committed, kept in the process: queue numbers, released models, parsed forms."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.orm import Session

T = TypeVar("T")
_HERE = "remembered"
_NEW = "remembered_new"


class Remembered:
    """A memory that a transaction reads and adds to; what it adds is forgotten if it is rolled back."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}

    def follow(self, session: Session) -> None:
        """Give ``session`` this memory and keep what it learns once it commits."""
        session.info[_HERE] = self._kept
        session.info[_NEW] = {}
        event.listen(session, "after_commit", self.keep)

    def forget(self) -> None:
        """Drop everything: the rows behind it are gone."""
        self._kept.clear()

    def keep(self, session: Session) -> None:
        """Keep for everybody what ``session`` learned; right only when what it saw is committed."""
        self._kept.update(session.info[_NEW])
        session.info[_NEW].clear()


def remembered(session: Session, key: Hashable, find: Callable[[], T | None]) -> T | None:
    """Return what is known under ``key``, else what ``find`` returns, which is then known; None is asked for anew.

    Only for what cannot change: the row behind it must be immutable.
    """
    known: dict[Hashable, Any] = session.info[_HERE]
    new: dict[Hashable, Any] = session.info[_NEW]
    if key in new:
        return cast("T", new[key])
    if key in known:
        return cast("T", known[key])
    value = find()
    if value is not None:
        new[key] = value
    return value


def forget(session: Session, key: Hashable) -> None:
    """Drop ``key``: something mutable changed (the calendar's overrides)."""
    session.info[_HERE].pop(key, None)
    session.info[_NEW].pop(key, None)
