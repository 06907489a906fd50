"""Which cases somebody may see: one condition, used wherever cases or what hangs on them are listed or opened."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from app.store.models import FormSubmission, InboxRow, Instance, InstanceParty, OpenTask, Role


def visible(
    person_id: int, held: Collection[tuple[str, int]], queue_ids: Collection[int], *, sees_all: bool
) -> ColumnElement[bool]:
    """Return the condition on ``Instance``: the person plays a part in the case, in person or by a role ``held`` at a
    unit (key, unit id); or has a task of it in one of the inboxes ``queue_ids``, or has completed one.
    """
    if sees_all:
        return true()
    at_desk = [and_(Role.key == role, InstanceParty.unit_id == unit_id) for role, unit_id in held]
    plays = (
        exists()
        .where(InstanceParty.instance_id == Instance.id, Role.id == InstanceParty.role_id)
        .where(
            or_(InstanceParty.person_id == person_id, and_(InstanceParty.person_id.is_(None), or_(false(), *at_desk)))
        )
    )
    waits = exists().where(
        OpenTask.instance_id == Instance.id, InboxRow.task_id == OpenTask.id, InboxRow.queue_id.in_(queue_ids)
    )
    did = exists().where(FormSubmission.instance_id == Instance.id, FormSubmission.by_id == person_id)
    return or_(plays, waits, did)


def sees_any(session: Session, condition: ColumnElement[bool], instance_ids: Collection[int]) -> bool:
    """Tell whether one of these cases meets ``condition``."""
    return session.scalar(select(Instance.id).where(Instance.id.in_(instance_ids), condition).limit(1)) is not None
