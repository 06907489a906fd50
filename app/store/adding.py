"""Adding rows in as few statements as there are tables."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.models import Base


def add_rows(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert ``rows`` with one statement; none at all for no rows. Every row names the same columns."""
    if rows:
        session.execute(insert(table), list(rows))


def add_if_new(session: Session, table: type[Base], row: dict[str, Any]) -> bool:
    """Insert ``row`` unless a unique key is taken; tell whether it went in. Two writers at once are no error."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    target = cast("Table", table.__table__)
    statement = dialect.insert(target).values(**row).on_conflict_do_nothing().returning(*target.primary_key)
    return session.execute(statement).first() is not None


_MOST_ROWS = 1000


def add_new(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], *known: str) -> list[Any]:
    """Insert those of ``rows`` whose unique keys are free; return the ``known`` columns of what went in.

    One statement for a thousand rows. Every row names the same columns.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    target = cast("Table", table.__table__)
    added: list[Any] = []
    for begin in range(0, len(rows), _MOST_ROWS):
        statement = dialect.insert(target).values(list(rows[begin : begin + _MOST_ROWS])).on_conflict_do_nothing()
        added += session.execute(statement.returning(*(target.c[name] for name in known))).all()
    return added
