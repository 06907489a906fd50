"""One's own notices, and how one wants to be told."""

from app.web.notices.routes import bp

__all__ = ["bp"]
