"""The page of a task: what it asks, the form, the case beside it, and everything a person can do with it."""

from app.web.tasks.routes import bp

__all__ = ["bp"]
