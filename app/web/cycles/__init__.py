"""The office's list of cycles: the next call begun, a deadline extended."""

from app.web.cycles.routes import bp

__all__ = ["bp"]
