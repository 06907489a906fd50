"""An expert's own reviews."""

from app.web.reviews.routes import bp

__all__ = ["bp"]
