"""Figures of all studios: by city, by stage, overdue, funds, activities, acceptance."""

from app.web.dashboard.routes import bp

__all__ = ["bp"]
