"""Applications on paper, entered by the superior Party organisation for their hosts."""

from app.web.intake.routes import bp

__all__ = ["bp"]
