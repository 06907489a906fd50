"""Help where the work is: a guide per role, hints on a first visit, whom to ask."""

from app.web.help.routes import bp

__all__ = ["bp"]
