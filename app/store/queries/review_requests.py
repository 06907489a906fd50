"""Requests for review: of an application, of a case, and who has decided before."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from app.store.models import (
    Application,
    ApplicationState,
    FormSubmission,
    Instance,
    Person,
    ReviewOutcome,
    ReviewRequest,
    Unit,
)


def request_context(session: Session, public_id: str) -> Row[ReviewRequest, Application, Person, Unit]:
    """Return the request that a process is about, with application, host and branch."""
    query = (
        select(ReviewRequest, Application, Person, Unit)
        .join(Application, Application.id == ReviewRequest.application_id)
        .join(Person, Person.id == Application.host_id)
        .join(Unit, Unit.id == Application.branch_id)
        .where(ReviewRequest.public_id == public_id)
    )
    return session.execute(query).one()


def request_about(session: Session, application_id: int, until: datetime, stage: str) -> ReviewRequest | None:
    """Return the request against the decision of a stage whose days end at ``until``."""
    query = select(ReviewRequest).where(ReviewRequest.application_id == application_id, ReviewRequest.until == until)
    return session.scalars(query.where(ReviewRequest.stage == stage)).one_or_none()


def is_reopened(session: Session, application_id: int) -> bool:
    """Tell whether a review has annulled the initial review of the application."""
    upheld = (ReviewRequest.application_id == application_id, ReviewRequest.outcome == ReviewOutcome.UPHELD)
    return session.scalar(select(exists().where(*upheld, ReviewRequest.stage == "initial"))) or False


def completers(session: Session, instance_id: int, elements: Collection[str], *, before: datetime) -> Sequence[int]:
    """Return who completed one of ``elements`` of a case up to a moment."""
    query = select(FormSubmission.by_id).where(
        FormSubmission.instance_id == instance_id,
        FormSubmission.element_id.in_(tuple(elements)),
        FormSubmission.at <= before,
    )
    return session.scalars(query.distinct()).all()


def deciders(session: Session, instance_id: int, cycle_id: int, elements: Collection[str]) -> Sequence[int]:
    """Return who has completed one of ``elements`` of a case, or of its cycle's case."""
    query = (
        select(FormSubmission.by_id)
        .join(Instance, Instance.id == FormSubmission.instance_id)
        .where(
            (Instance.id == instance_id) | ((Instance.cycle_id == cycle_id) & (Instance.process_key == "cycle")),
            FormSubmission.element_id.in_(tuple(elements)),
        )
    )
    return session.scalars(query.distinct()).all()


def other_live(session: Session, application: Application) -> bool:
    """Tell whether host or branch apply in the same cycle a second time meanwhile."""
    same = (Application.host_id == application.host_id) | (Application.branch_id == application.branch_id)
    live = exists().where(
        Application.cycle_id == application.cycle_id,
        Application.id != application.id,
        Application.state == ApplicationState.LIVE,
        same,
    )
    return session.scalar(select(live)) or False
