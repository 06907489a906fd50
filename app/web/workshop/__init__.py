"""The workshop: models with their versions, drawn, edited, checked, compared and released."""

from app.web.workshop.routes import bp

__all__ = ["bp"]
