"""Adding rows in as few statements as there are tables."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Insert, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.models import Base


def add_rows(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert ``rows`` with one statement; none at all for no rows. Every row names the same columns."""
    if rows:
        session.execute(_insert(table), list(rows))


@cache
def _insert(table: type[Base]) -> Insert:
    """The statement for a table's rows, built once; rows as they are, without the mapper's way around."""
    return insert(cast("Table", table.__table__))


def add_if_new(session: Session, table: type[Base], row: dict[str, Any]) -> bool:
    """Insert ``row`` unless a unique key is taken; tell whether it went in. Two writers at once are no error."""
    target = cast("Table", table.__table__)
    statement = _unless_there(session, table).values(**row).returning(*target.primary_key)
    return session.execute(statement).first() is not None


_MOST_ROWS = 1000


def add_new(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], *known: str) -> list[Any]:
    """Insert those of ``rows`` whose unique keys are free; return the ``known`` columns of what went in.

    One statement for a thousand rows. Every row names the same columns.
    """
    columns = cast("Table", table.__table__).c
    added: list[Any] = []
    for begin in range(0, len(rows), _MOST_ROWS):
        statement = _unless_there(session, table).values(list(rows[begin : begin + _MOST_ROWS]))
        added += session.execute(statement.returning(*(columns[name] for name in known))).all()
    return added


def _unless_there(session: Session, table: type[Base]) -> Any:
    """An insert that leaves alone what is there: neither dialect's statement shares a type with the other's."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(cast("Table", table.__table__)).on_conflict_do_nothing()
