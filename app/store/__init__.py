"""The only room with SQL: tables, queries, and the one place that commits."""

from sqlalchemy.exc import OperationalError as Unavailable

from app.store.base import Database, Session, on_rollback

__all__ = ["Database", "Session", "Unavailable", "on_rollback"]
