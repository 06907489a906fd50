"""Overdue work put on top of the inboxes it lies in."""

from sqlalchemy import select, update

from app.store import Session
from app.store.models import InboxRow, OpenTask


def raise_priority(session: Session, instance_id: int, element_id: str, priority: int) -> None:
    """Give the open tasks of an element of a case a higher priority, in their inboxes, too."""
    found = select(OpenTask.id).where(OpenTask.instance_id == instance_id, OpenTask.element_id == element_id)
    waiting = tuple(session.scalars(found))
    rows = update(InboxRow).where(InboxRow.task_id.in_(waiting)).values(priority=priority)
    session.execute(rows.execution_options(synchronize_session=False))
    tasks = update(OpenTask).where(OpenTask.id.in_(waiting)).values(priority=priority)
    session.execute(tasks.execution_options(synchronize_session=False))
