"""Which cases somebody may see: one condition, used wherever cases or what hangs on them are listed or opened."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from app.store.models import (
    ExclusionReason,
    FormSubmission,
    InboxRow,
    Instance,
    InstanceParty,
    OpenTask,
    Queue,
    Role,
    TaskExclusion,
)
from app.store.queries.veil import veiled_from


def visible(
    person_id: int, held: Collection[tuple[str, int]], queue_ids: Collection[int], *, sees_all: bool
) -> ColumnElement[bool]:
    """Return the condition on ``Instance``: the person plays a part in the case, in person or by a role ``held`` at a
    unit (key, unit id); or has a task of it in one of the inboxes ``queue_ids``, or has completed one.

    A desk at which an open task is closed to the person shows them nothing of that case; nor does any role show a case
    to somebody who reviews it under the veil of a blind cycle.
    """
    unveiled = ~veiled_from(person_id)
    if sees_all:
        return unveiled
    waits = exists().where(
        OpenTask.instance_id == Instance.id,
        InboxRow.task_id == OpenTask.id,
        InboxRow.queue_id.in_(queue_ids),
        ~_barred(person_id),
    )
    did = exists().where(FormSubmission.instance_id == Instance.id, FormSubmission.by_id == person_id)
    return and_(unveiled, or_(_plays(person_id, held), waits, did))


def _plays(person_id: int, held: Collection[tuple[str, int]]) -> ColumnElement[bool]:
    at_desk = [and_(Role.key == role, InstanceParty.unit_id == unit_id) for role, unit_id in held]
    closed = (
        exists()
        .where(OpenTask.instance_id == InstanceParty.instance_id, InboxRow.task_id == OpenTask.id, _barred(person_id))
        .where(Queue.id == InboxRow.queue_id, Queue.role_id == InstanceParty.role_id)
        .where(Queue.unit_id == InstanceParty.unit_id)
    )
    by_desk = and_(InstanceParty.person_id.is_(None), or_(false(), *at_desk), ~closed)
    return (
        exists()
        .where(InstanceParty.instance_id == Instance.id, Role.id == InstanceParty.role_id)
        .where(or_(InstanceParty.person_id == person_id, by_desk))
    )


def _barred(person_id: int) -> ColumnElement[bool]:
    return exists().where(TaskExclusion.task_id == OpenTask.id, TaskExclusion.person_id == person_id)


def exclusion(
    session: Session, person_id: int, queue_ids: Collection[int], public_ids: Collection[str]
) -> ExclusionReason | None:
    """Return why a person must keep out of an open task of these cases that lies in one of their inboxes."""
    query = (
        select(TaskExclusion.reason)
        .join(OpenTask, OpenTask.id == TaskExclusion.task_id)
        .join(InboxRow, InboxRow.task_id == OpenTask.id)
        .join(Instance, Instance.id == OpenTask.instance_id)
        .where(TaskExclusion.person_id == person_id, InboxRow.queue_id.in_(queue_ids))
        .where(Instance.public_id.in_(public_ids))
    )
    return session.scalar(query.limit(1))


def seen_among(session: Session, condition: ColumnElement[bool], instance_ids: Collection[int]) -> frozenset[int]:
    """Return which of these cases meet ``condition``."""
    return frozenset(session.scalars(select(Instance.id).where(Instance.id.in_(tuple(instance_ids)), condition)))


def sees_any(session: Session, condition: ColumnElement[bool], instance_ids: Collection[int]) -> bool:
    """Tell whether one of these cases meets ``condition``."""
    return session.scalar(select(Instance.id).where(Instance.id.in_(instance_ids), condition).limit(1)) is not None
