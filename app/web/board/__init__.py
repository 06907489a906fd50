"""The board of a unit that reviews and recommends."""

from app.web.board.routes import bp

__all__ = ["bp"]
