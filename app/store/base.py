"""The database: one engine, deferred readers, immediate writers, and the one commit."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.store.remembered import Remembered

__all__ = ["Counted", "Database", "Session", "leaves_mark", "on_rollback"]

_WAIT_SECONDS = 30
_WRITES = "shuangyou_writes"
_AFTER_ROLLBACK = "after_rollback"


@dataclass(slots=True)
class Counted:
    """What one stretch of work cost: the statements sent (an executemany is one) and the commits."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


class Database:
    """A SQLite file or a PostgreSQL database, by its SQLAlchemy ``url`` (``sqlite:///…``, ``postgresql+psycopg://…``).

    ``remembered`` keeps immutable rows in the process: queue numbers, released models. Not ``durable``: a commit does
    not wait for SQLite's disk, for what is begun anew should the machine stop.
    """

    def __init__(self, url: str, *, durable: bool = True) -> None:
        self.url = make_url(url)
        self.remembered = Remembered()
        self.is_durable = durable
        self._counters: list[Counted] = []
        self._engine = _engine(url, "FULL" if durable else "OFF")
        self._writer = self._engine.execution_options(**{_WRITES: True})
        self._reader = self._engine.execution_options(**self._reading_options())
        event.listen(self._engine, "before_cursor_execute", self._count_statement)
        event.listen(self._engine, "commit", self._count_commit)

    @property
    def engine(self) -> Engine:
        """The engine itself, for migrations and measurements."""
        return self._engine

    @property
    def connection(self) -> dict[str, Any] | None:
        """What libpq needs to know to reach the database; None: it is SQLite's."""
        if self.url.get_backend_name() == "sqlite":
            return None
        _, given = self._engine.dialect.create_connect_args(self.url)
        return {name: value for name, value in given.items() if name != "context"}

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a writing transaction: commits at the end, rolls back on any exception. Nobody else commits.

        After a rollback it writes what ``on_rollback`` asked for, each in a transaction of its own.
        """
        with Session(self._writer, expire_on_commit=False) as session:
            self.remembered.follow(session)
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                self._write_afterwards(session)
                raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a read-only session: one consistent picture, no lock in anybody's way, a write fails."""
        with Session(self._reader, expire_on_commit=False) as session:
            self.remembered.follow(session)
            yield session
            self.remembered.keep(session)

    @contextmanager
    def statements(self) -> Iterator[Counted]:
        """Count what this database is sent while the block runs."""
        counted = Counted()
        self._counters.append(counted)
        try:
            yield counted
        finally:
            self._counters.remove(counted)

    def close(self) -> None:
        """Give every connection back."""
        self._engine.dispose()

    def _write_afterwards(self, failed: Session) -> None:
        for write in failed.info.get(_AFTER_ROLLBACK, ()):
            with self.transaction() as session:
                write(session)

    def _reading_options(self) -> dict[str, Any]:
        if self.url.get_backend_name() == "sqlite":
            return {_WRITES: False}
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def _count_statement(self, _connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        for counted in self._counters:
            counted.statements.append(statement)

    def _count_commit(self, _connection: Connection) -> None:
        for counted in self._counters:
            counted.commits += 1


def on_rollback(session: Session, write: Callable[[Session], None]) -> None:
    """Have ``write`` run in a transaction of its own should this one be rolled back: a failed step leaves its mark."""
    session.info.setdefault(_AFTER_ROLLBACK, []).append(write)


def leaves_mark(session: Session) -> bool:
    """Tell whether something is written should this session's transaction be rolled back."""
    return _AFTER_ROLLBACK in session.info


def _engine(url: str, synchronous: str) -> Engine:
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    engine = create_engine(
        url,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={"timeout": _WAIT_SECONDS, "check_same_thread": False} if is_sqlite else {},
        pool_pre_ping=not is_sqlite,
        hide_parameters=True,
    )
    if is_sqlite:
        event.listen(engine, "connect", partial(_prepare_sqlite, synchronous))
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(synchronous: str, connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the begin event says BEGIN, not the driver
    # Recursive: a row that is replaced counts as deleted, so that its trigger is asked.
    for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once, so that no reader turns writer on a stale picture; readers cannot write at all."""
    writes = connection.get_execution_options().get(_WRITES, True)
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA query_only={0 if writes else 1}")
    cursor.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    cursor.close()
