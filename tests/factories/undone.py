"""A database on which anything may be tried: every transaction is undone at its end."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.store import Database, Session


class Undone(Database):
    """Runs every statement of a transaction, its constraints included, and keeps nothing."""

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with Session(self._writer, expire_on_commit=False) as session:
            self.remembered.follow(session)
            try:
                yield session
                session.flush()
                session.expunge_all()
            finally:
                session.rollback()
