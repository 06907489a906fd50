"""Scans covered by hand for a blind review."""

from app.web.covering.routes import bp

__all__ = ["bp"]
