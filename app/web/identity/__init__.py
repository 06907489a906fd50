"""Signing in and out, and one's own roles and password."""

from app.web.identity.routes import bp

__all__ = ["bp"]
