"""A studio's affairs: its hosts, what happened by a document, its acceptance, its dossier."""

from app.web.affairs.routes import bp

__all__ = ["bp"]
