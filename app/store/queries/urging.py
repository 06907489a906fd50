"""Overdue work put on top of the inboxes it lies in, and due dates that move."""

from datetime import datetime

from sqlalchemy import select, update

from app.store import Session
from app.store.models import InboxRow, Instance, OpenTask


def raise_priority(session: Session, instance_id: int, element_id: str, priority: int) -> None:
    """Give the open tasks of an element of a case a higher priority, in their inboxes, too."""
    found = select(OpenTask.id).where(OpenTask.instance_id == instance_id, OpenTask.element_id == element_id)
    waiting = tuple(session.scalars(found))
    rows = update(InboxRow).where(InboxRow.task_id.in_(waiting)).values(priority=priority)
    session.execute(rows.execution_options(synchronize_session=False))
    tasks = update(OpenTask).where(OpenTask.id.in_(waiting)).values(priority=priority)
    session.execute(tasks.execution_options(synchronize_session=False))


def move_due(session: Session, cycle_id: int, element_id: str, due_at: datetime) -> None:
    """Let the open tasks of an element of all cases of a cycle fall due at another moment."""
    cases = select(Instance.id).where(Instance.cycle_id == cycle_id)
    found = select(OpenTask.id).where(OpenTask.element_id == element_id, OpenTask.instance_id.in_(cases))
    rows = update(InboxRow).where(InboxRow.task_id.in_(found)).values(due_sort=due_at)
    session.execute(rows.execution_options(synchronize_session=False))
    tasks = update(OpenTask).where(OpenTask.element_id == element_id, OpenTask.instance_id.in_(cases))
    session.execute(tasks.values(due_at=due_at, due_sort=due_at).execution_options(synchronize_session=False))
