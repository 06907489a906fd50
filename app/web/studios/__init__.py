"""Studios: the list, one with its years, what is owed there, the calendar of one's own."""

from app.web.studios.routes import bp

__all__ = ["bp"]
