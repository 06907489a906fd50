"""The only room with SQL: tables, queries, and the one place that commits."""

from app.store.base import Database, Session, on_rollback

__all__ = ["Database", "Session", "on_rollback"]
