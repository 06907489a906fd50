"""The only room with SQL: tables, queries, and the one place that commits."""

from sqlalchemy.exc import OperationalError as Unavailable

from app.store.base import Database, Session, leaves_mark, on_rollback

__all__ = ["Database", "Session", "Unavailable", "leaves_mark", "on_rollback"]
