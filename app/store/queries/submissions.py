"""Forms handed in: what a case's tasks were completed with."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.store import Session
from app.store.models import FormSubmission, Instance, Person


def last_at(session: Session, instance_id: int, elements: Collection[str]) -> FormSubmission | None:
    """Return the latest submission at one of ``elements`` of a case."""
    return session.scalars(
        select(FormSubmission)
        .where(FormSubmission.instance_id == instance_id, FormSubmission.element_id.in_(tuple(elements)))
        .order_by(FormSubmission.id.desc())
        .limit(1)
    ).first()


def last_of_cycle(session: Session, cycle: str, element: str) -> FormSubmission | None:
    """Return the latest submission at an element of a cycle's own case; None where the cycle has none."""
    query = (
        select(FormSubmission)
        .join(Instance, Instance.id == FormSubmission.instance_id)
        .where(Instance.process_key == "cycle", Instance.business_key == cycle, FormSubmission.element_id == element)
    )
    return session.scalars(query.order_by(FormSubmission.id.desc()).limit(1)).first()


def last_decided(session: Session, instance_id: int, cycle_id: int, elements: Collection[str]) -> datetime | None:
    """Return when one of ``elements`` was last completed, of a case or of its cycle's case."""
    query = (
        select(func.max(FormSubmission.at))
        .join(Instance, Instance.id == FormSubmission.instance_id)
        .where(
            (Instance.id == instance_id) | ((Instance.cycle_id == cycle_id) & (Instance.process_key == "cycle")),
            FormSubmission.element_id.in_(tuple(elements)),
        )
    )
    return session.scalar(query)


def of_case(session: Session, instance_id: int) -> Sequence[tuple[FormSubmission, Person]]:
    """Return every submission of a case with who handed it in, oldest first."""
    return session.execute(
        select(FormSubmission, Person)
        .join(Person, Person.id == FormSubmission.by_id)
        .where(FormSubmission.instance_id == instance_id)
        .order_by(FormSubmission.id)
    ).all()


def of_tasks(session: Session, task_ids: Collection[str]) -> Sequence[FormSubmission]:
    """Return what these tasks were completed with."""
    return session.scalars(select(FormSubmission).where(FormSubmission.task_id.in_(tuple(task_ids)))).all()
