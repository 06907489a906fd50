"""Copies of a whole database: what one picture of it holds, and loading it into an empty one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, inspect, select, table, union
from sqlalchemy.orm import Session

from app.store.base import Database
from app.store.models import AuditHead
from app.store.queries.evidence import NAMING_FILES


@dataclass(frozen=True, slots=True)
class Content:
    """What a database holds: rows by table, the ends of the audit chains by case, the digests of its files."""

    counts: dict[str, int]
    heads: dict[int, tuple[int, str]]
    digests: frozenset[str]


def content_of(session: Session) -> Content:
    """Return what the session's picture of the database holds."""
    names = sorted(inspect(session.connection()).get_table_names())
    counts = {name: session.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}
    heads = {row.case_id: (row.seq, row.hash) for row in session.scalars(select(AuditHead))}
    holding = [column for column in NAMING_FILES if column.class_.__tablename__ in counts]
    named = union(*(select(column).where(column.is_not(None)) for column in holding))
    return Content(counts, heads, frozenset(filter(None, session.scalars(named))))


def is_empty(database: Database) -> bool:
    """Tell whether there is no table yet."""
    with database.engine.connect() as connection:
        return not inspect(connection).get_table_names()


def copy_embedded(database: Database, target: Path) -> Content:
    """Copy a SQLite database into a file while others go on writing, and return what the copy holds."""
    with closing(sqlite3.connect(str(database.url.database))) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    copied = Database(f"sqlite:///{target}")
    try:
        with copied.reading() as session:
            return content_of(session)
    finally:
        copied.close()


def load_embedded(database: Database, source: Path) -> None:
    """Put a copy in the place of a SQLite database that holds nothing; all of it or nothing."""
    database.close()
    target = Path(str(database.url.database))
    for rest in ("-wal", "-shm"):
        target.with_name(f"{target.name}{rest}").unlink(missing_ok=True)
    source.replace(target)


@contextmanager
def picture(database: Database) -> Iterator[tuple[str, Content]]:
    """Hold one picture of a PostgreSQL database: its exported name, for others to see the same, and what it holds."""
    with database.reading() as session:
        name = session.connection().exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        yield str(name), content_of(session)
