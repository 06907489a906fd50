"""Acceptance on site: the sheet of a studio, filled in on a phone that may have no network, sent later (C6.2)."""

from app.web.inspections.routes import bp

__all__ = ["bp"]
