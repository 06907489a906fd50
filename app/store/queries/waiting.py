"""Open tasks as one person's inboxes hold them."""

from collections.abc import Collection

from sqlalchemy import select

from app.store import Session
from app.store.models import InboxRow, Instance, OpenTask


def task_for(session: Session, process_key: str, business_key: str, element_id: str, queue_ids: Collection[int]) -> str:
    """Return the id of a case's open task of an element that lies in one of the inboxes. Raises ``LookupError``."""
    found = session.scalars(
        select(OpenTask.id)
        .join(Instance, Instance.id == OpenTask.instance_id)
        .join(InboxRow, InboxRow.task_id == OpenTask.id)
        .where(
            Instance.process_key == process_key,
            Instance.business_key == business_key,
            OpenTask.element_id == element_id,
            InboxRow.queue_id.in_(tuple(queue_ids)),
        )
        .order_by(OpenTask.item)
        .limit(1)
    ).first()
    if found is None:
        raise LookupError(f"no {element_id} of {process_key} {business_key} waits in these inboxes")
    return found


def task_titled(session: Session, business_key: str, title: str, queue_ids: Collection[int]) -> str:
    """Return the id of a case's open task of this title that lies in one of the inboxes. Raises ``LookupError``."""
    found = session.scalars(
        select(OpenTask.id)
        .join(Instance, Instance.id == OpenTask.instance_id)
        .join(InboxRow, InboxRow.task_id == OpenTask.id)
        .where(Instance.business_key == business_key, OpenTask.title == title, InboxRow.queue_id.in_(tuple(queue_ids)))
        .limit(1)
    ).first()
    if found is None:
        raise LookupError(f"no {title} of {business_key} waits in these inboxes")
    return found
