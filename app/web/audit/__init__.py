"""The auditor's room: search, a case's whole history, its chain, exports. No route of it changes anything."""

from app.web.audit.routes import bp

__all__ = ["bp"]
