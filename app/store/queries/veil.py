"""Blind review (C5.3b): which cases hide whose they are, and from whom, while their material is being reviewed."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Exists, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.store.models import Application, Cycle, FormSubmission, InboxRow, Instance, OpenTask, Queue
from app.store.queries.reviews import REVIEW, UNDER_VEIL


def under_veil() -> ColumnElement[bool]:
    """Return the condition on ``Instance``: an application of a blind cycle whose reviews are not complete."""
    return _is_blind(Instance.id).correlate(Instance)


def _is_blind(instance_id: InstrumentedAttribute[int]) -> Exists:
    unreviewed = and_(Application.instance_id == instance_id, Application.reviewed_at.is_(None))
    return exists().where(unreviewed, Cycle.id == Application.cycle_id, Cycle.settings["blind"].as_boolean())


def task_under_veil() -> ColumnElement[bool]:
    """Return the condition on ``OpenTask``: whoever holds it may not know whose case it is."""
    return and_(OpenTask.element_id.in_(UNDER_VEIL), _is_blind(OpenTask.instance_id).correlate(OpenTask))


def veiled_from(person_id: int) -> ColumnElement[bool]:
    """Return the condition on ``Instance``: it is under the veil, and the person reviews it or has done so."""
    asked = and_(OpenTask.instance_id == Instance.id, OpenTask.element_id == REVIEW, InboxRow.task_id == OpenTask.id)
    reviews = exists().where(asked, Queue.id == InboxRow.queue_id, Queue.person_id == person_id).correlate(Instance)
    handed_in = and_(FormSubmission.instance_id == Instance.id, FormSubmission.element_id == REVIEW)
    did = exists().where(handed_in, FormSubmission.by_id == person_id).correlate(Instance)
    return and_(or_(reviews, did), under_veil())


def veiled_among(session: Session, person_id: int, instance_ids: Collection[int]) -> frozenset[int]:
    """Return which of these cases are veiled from a person who reviews them."""
    query = select(Instance.id).where(Instance.id.in_(tuple(instance_ids)), veiled_from(person_id))
    return frozenset(session.scalars(query))


def is_under_veil(session: Session, instance_id: int) -> bool:
    """Tell whether a case is under the veil."""
    return session.scalar(select(Instance.id).where(Instance.id == instance_id, under_veil())) is not None
