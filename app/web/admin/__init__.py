"""The administrators' room: units, people and their roles, the calendar, incidents, the programme's clock."""

from app.web.admin.routes import bp

__all__ = ["bp"]
