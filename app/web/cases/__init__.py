"""Cases: those one may see, and one case's page with its diagram, course, clause ledger and documents."""

from app.web.cases.routes import bp

__all__ = ["bp"]
