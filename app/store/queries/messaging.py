"""Stored messages and the receivers that wait for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Integer, Row, bindparam, exists, select, update
from sqlalchemy.orm import Session

from app.domain.states import InstanceState
from app.store.models import Incident, Instance, Message, Subscription


def deliverable(session: Session, limit: int) -> Sequence[Row[int, int]]:
    """Return messages somebody waits for, oldest first, each with the receiving case; troubled cases are left alone."""
    return session.execute(_DELIVERABLE, {"most": limit}).all()


_DELIVERABLE = (
    select(Message.id, Instance.id)
    .join(Subscription, Subscription.key_hash == Message.key_hash)
    .join(Instance, Instance.id == Subscription.instance_id)
    .where(
        Message.delivered_at.is_(None),
        Instance.state == InstanceState.ACTIVE,
        ~exists().where(Incident.instance_id == Instance.id, Incident.resolved_at.is_(None)),
    )
    .order_by(Message.id, Instance.id)
    .limit(bindparam("most", type_=Integer))
)
"""Asked at every turn of the worker, so built once."""


def lock_message(session: Session, message_id: int) -> Message | None:
    """Return a message that nobody took yet, locked."""
    query = select(Message).where(Message.id == message_id, Message.delivered_at.is_(None)).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def mark_delivered(session: Session, message_id: int, instance_id: int, at: datetime) -> bool:
    """Say who took a message and when; false if somebody else already had."""
    where = (Message.id == message_id, Message.delivered_at.is_(None))
    changed = session.execute(update(Message).where(*where).values(delivered_to_id=instance_id, delivered_at=at))
    return cast("CursorResult[Any]", changed).rowcount == 1


def undelivered(session: Session, limit: int) -> Sequence[Message]:
    """Return messages nobody took yet, oldest first."""
    return session.scalars(
        select(Message).where(Message.delivered_at.is_(None)).order_by(Message.id).limit(limit)
    ).all()
