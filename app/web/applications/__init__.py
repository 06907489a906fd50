"""Applying: with which branch in which call, and one's own applications."""

from app.web.applications.routes import bp

__all__ = ["bp"]
