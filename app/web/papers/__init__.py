"""Papers to open and save: of a case, for everybody, and the lists as Excel."""

from app.web.papers.routes import bp

__all__ = ["bp"]
