"""What waits for a person: their inboxes with counts, the tasks by due date."""

from app.web.inbox.routes import bp

__all__ = ["bp"]
