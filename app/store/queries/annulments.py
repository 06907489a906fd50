"""Stages annulled and done again: what waits for its decision, and what may still be annulled."""

from sqlalchemy import exists, select

from app.domain.states import InstanceState
from app.store import Session
from app.store.models import Instance, Subscription


def is_pending(session: Session, instance_id: int) -> bool:
    """Tell whether an annulment in this application's case waits for its decision."""
    alive = Instance.state.in_((InstanceState.ACTIVE, InstanceState.SUSPENDED))
    query = exists().where(Instance.parent_id == instance_id, Instance.process_key == "annulment", alive)
    return session.scalar(select(query)) or False


def waits_at(session: Session, instance_id: int, element: str) -> bool:
    """Tell whether a case waits for a message at an element."""
    query = exists().where(Subscription.instance_id == instance_id, Subscription.element_id == element)
    return session.scalar(select(query)) or False
