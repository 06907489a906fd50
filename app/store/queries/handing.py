"""Open reviews that go from one expert to another; the case's own state knows the task, not who has it."""

from sqlalchemy import select, update

from app.store import Session
from app.store.adding import add_if_new
from app.store.models import Application, ExclusionReason, InboxRow, Instance, OpenTask, Queue, TaskExclusion
from app.store.queries.tasks import assign

_REVIEW = "material_review"


def open_reviews(session: Session, cycle_id: int, person_id: int) -> dict[int, int]:
    """Return the applications of a cycle (by id, with their case) whose review lies in somebody's personal inbox."""
    found = session.execute(
        select(Application.id, Application.instance_id)
        .join(Instance, Instance.id == Application.instance_id)
        .join(OpenTask, OpenTask.instance_id == Instance.id)
        .join(InboxRow, InboxRow.task_id == OpenTask.id)
        .join(Queue, Queue.id == InboxRow.queue_id)
        .where(Application.cycle_id == cycle_id, OpenTask.element_id == _REVIEW, Queue.person_id == person_id)
    )
    return dict(found.all())


def application_of(session: Session, instance_id: int) -> int:
    """Return the application of a case."""
    return session.scalars(select(Application.id).where(Application.instance_id == instance_id)).one()


def review_in(session: Session, instance_id: int, queue_id: int) -> str | None:
    """Return a case's open review that lies in an inbox."""
    return session.scalars(
        select(OpenTask.id)
        .join(InboxRow, InboxRow.task_id == OpenTask.id)
        .where(OpenTask.instance_id == instance_id, OpenTask.element_id == _REVIEW, InboxRow.queue_id == queue_id)
    ).first()


def move(session: Session, task_id: str, *, leaves: int, comes: int) -> None:
    """Move a task from one inbox to another, claimed by nobody; what was typed stays with who typed it."""
    assign(session, task_id, None, None)
    moved = update(InboxRow).where(InboxRow.task_id == task_id, InboxRow.queue_id == leaves).values(queue_id=comes)
    session.execute(moved, execution_options={"synchronize_session": False})


def keep_out(session: Session, task_id: str, person_id: int, reason: ExclusionReason) -> None:
    """Close a task to somebody."""
    add_if_new(session, TaskExclusion, {"task_id": task_id, "person_id": person_id, "reason": reason})
