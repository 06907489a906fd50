"""The reviews of applications: who may still be asked, whose are open, and how far each expert has come."""

from collections.abc import Sequence

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from app.store.models import InboxRow, OpenTask, PanelMember, Person, Queue, Recusal, Score

REVIEW = "material_review"
"""The user task at which an expert scores an application."""


def spare_members(session: Session, cycle_id: int, application_id: int, track: str) -> Sequence[Person]:
    """Return the voting members of a cycle's confirmed panel who judge the track, have not scored an application and
    need not stand aside from it.
    """
    scored = exists().where(Score.application_id == application_id, Score.expert_id == Person.id)
    aside = exists().where(Recusal.application_id == application_id, Recusal.person_id == Person.id)
    query = (
        select(Person)
        .join(PanelMember, PanelMember.person_id == Person.id)
        .where(PanelMember.cycle_id == cycle_id, PanelMember.voting, PanelMember.confirmed_at.is_not(None))
        .where(PanelMember.left_at.is_(None), PanelMember.review_group.in_(("all", track)))
        .where(Person.active, ~scored, ~aside)
        .order_by(Person.id)
    )
    return session.scalars(query).all()


def asked(session: Session, instance_id: int) -> Sequence[Row[Person, OpenTask]]:
    """Return the experts whose reviews of a case are open, with the task."""
    query = (
        select(Person, OpenTask)
        .select_from(OpenTask)
        .join(InboxRow, InboxRow.task_id == OpenTask.id)
        .join(Queue, Queue.id == InboxRow.queue_id)
        .join(Person, Person.id == Queue.person_id)
        .where(OpenTask.instance_id == instance_id, OpenTask.element_id == REVIEW)
        .order_by(Person.id)
    )
    return session.execute(query).all()
