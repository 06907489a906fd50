"""What need not be read again: rows that never change once committed, and briefly a few that seldom do."""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import event
from sqlalchemy.orm import Session

T = TypeVar("T")
_HERE = "remembered"
_NEW = "remembered_new"
_CHANGED = "remembered_changed"
_OWNER = "remembered_by"


class Remembered:
    """A process's memory of one database. What a transaction learns is kept only if it commits."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}

    def follow(self, session: Session) -> None:
        """Give ``session`` this memory and keep what it learns once it commits."""
        session.info[_HERE] = self._kept
        session.info[_NEW] = {}
        session.info[_CHANGED] = set()
        session.info[_OWNER] = self

    def keep(self, session: Session) -> None:
        """Keep for everybody what ``session`` learned; right only when what it saw is committed."""
        self._kept.update(session.info[_NEW])
        session.info[_NEW].clear()
        for key in session.info[_CHANGED]:
            self._kept.pop(key, None)

    def forget(self) -> None:
        """Drop everything: the rows behind it are gone."""
        self._kept.clear()

    def fresh(self, key: Hashable, seconds: float, read: Callable[[], T]) -> T:
        """Return what was read under ``key`` at most ``seconds`` ago, else what ``read`` returns now.

        For what other processes change, too; a change made here (``changed``) is seen at once.
        """
        known = self._kept.get(key)
        if known is None or time.monotonic() - known[0] > seconds:
            known = (time.monotonic(), read())
            self._kept[key] = known
        return cast("T", known[1])


@event.listens_for(Session, "after_commit")
def _keep(session: Session) -> None:
    """One listener for all sessions: to give each its own costs more than a small query."""
    owner: Remembered | None = session.info.get(_OWNER)
    if owner is not None:
        owner.keep(session)


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


def changed(session: Session, key: Hashable) -> None:
    """Say that what ``fresh`` keeps under ``key`` is no longer so once this transaction commits."""
    session.info[_CHANGED].add(key)
