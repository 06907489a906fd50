"""The defense desk: sessions, lots, the countdown, scores on phones and from sheets."""

from app.web.defense.routes import bp

__all__ = ["bp"]
