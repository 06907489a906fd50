"""The result of a cycle: the ranking, and the report on how lenient its experts were."""

from app.web.results.routes import bp

__all__ = ["bp"]
