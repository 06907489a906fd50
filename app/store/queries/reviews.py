"""The reviews of applications: who may still be asked, whose are open, and how far each expert has come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, and_, exists, select
from sqlalchemy.orm import Session

from app.store.models import (
    Application,
    Cycle,
    FormDraft,
    InboxRow,
    Instance,
    OpenTask,
    PanelMember,
    Person,
    Queue,
    Recusal,
    Score,
)

REVIEW = "material_review"
"""The user task at which an expert scores an application."""

UNDER_VEIL = (REVIEW, "handle_overdue")
"""The user tasks whose holders may be its reviewers: a blind cycle tells them no name."""


def spare_members(session: Session, cycle_id: int, application_id: int, groups: Collection[str]) -> Sequence[Person]:
    """Return the voting members of a cycle's confirmed panel in one of these review groups who have not scored an
    application and need not stand aside from it.
    """
    scored = exists().where(Score.application_id == application_id, Score.expert_id == Person.id)
    aside = exists().where(Recusal.application_id == application_id, Recusal.person_id == Person.id)
    query = (
        select(Person)
        .join(PanelMember, PanelMember.person_id == Person.id)
        .where(PanelMember.cycle_id == cycle_id, PanelMember.voting, PanelMember.confirmed_at.is_not(None))
        .where(PanelMember.left_at.is_(None), PanelMember.review_group.in_(tuple(groups)))
        .where(Person.active, ~scored, ~aside)
        .order_by(Person.id)
    )
    return session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class OneReview:
    """An expert's review of a case: ``task`` and ``draft`` while it waits, ``score`` once it is handed in."""

    case: Instance
    cycle: Cycle
    task: OpenTask | None = None
    draft: FormDraft | None = None
    score: Score | None = None


def of_expert(session: Session, queue_id: int, person_id: int) -> list[OneReview]:
    """Return the reviews that wait for an expert, by due date, then those handed in, latest first. Two statements."""
    waiting = (
        select(Instance, Cycle, OpenTask, FormDraft)
        .select_from(InboxRow)
        .join(OpenTask, OpenTask.id == InboxRow.task_id)
        .join(Instance, Instance.id == OpenTask.instance_id)
        .join(Cycle, Cycle.id == Instance.cycle_id)
        .outerjoin(FormDraft, and_(FormDraft.task_id == OpenTask.id, FormDraft.person_id == person_id))
        .where(InboxRow.queue_id == queue_id, OpenTask.element_id == REVIEW)
        .order_by(OpenTask.due_sort, OpenTask.id)
    )
    done = (
        select(Instance, Cycle, Score)
        .select_from(Score)
        .join(Application, Application.id == Score.application_id)
        .join(Instance, Instance.id == Application.instance_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .where(Score.expert_id == person_id)
        .order_by(Score.submitted_at.desc(), Score.id)
    )
    open_ = [OneReview(*row) for row in session.execute(waiting)]
    return open_ + [OneReview(case, cycle, score=score) for case, cycle, score in session.execute(done)]


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
