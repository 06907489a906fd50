"""Open tasks, drafts and submissions, one at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Row, ScalarSelect, bindparam, delete, exists, select, update
from sqlalchemy.orm import Session

from app.domain.roles import RoleKey
from app.store.adding import add_if_new
from app.store.models import (
    FormDraft,
    FormSubmission,
    InboxRow,
    Instance,
    InstanceParty,
    OpenTask,
    Person,
    Role,
    StoredState,
    TaskExclusion,
    Trail,
)
from app.store.queries.veil import task_under_veil


@dataclass(frozen=True, slots=True)
class Seen:
    """An open task as one person meets it; ``draft`` None: nothing was saved; ``is_veiled``: a blind review."""

    task: OpenTask
    instance: Instance
    blob: bytes
    assignee: str | None
    is_in_queue: bool
    exclusion: str | None
    draft: FormDraft | None
    is_veiled: bool


def see(session: Session, task_id: str, person_id: int, queue_ids: Collection[int]) -> Seen | None:
    """Return an open task with its case and this person's draft, None if it is not open. One statement."""
    values = {"seen_id": task_id, "seer": person_id, "queues": list(queue_ids)}
    row = session.execute(_SEE, values).one_or_none()
    return None if row is None else Seen(*row)


_SEE = (
    select(
        OpenTask,
        Instance,
        StoredState.blob,
        Person.name,
        exists().where(InboxRow.task_id == OpenTask.id, InboxRow.queue_id.in_(bindparam("queues", expanding=True))),
        TaskExclusion.reason,
        FormDraft,
        task_under_veil(),
    )
    .join(Instance, Instance.id == OpenTask.instance_id)
    .join(StoredState, StoredState.instance_id == Instance.id)
    .outerjoin(Person, Person.id == OpenTask.assignee_id)
    .outerjoin(TaskExclusion, (TaskExclusion.task_id == OpenTask.id) & (TaskExclusion.person_id == bindparam("seer")))
    .outerjoin(FormDraft, (FormDraft.task_id == OpenTask.id) & (FormDraft.person_id == bindparam("seer")))
    .where(OpenTask.id == bindparam("seen_id"))
)
"""Asked for every page of a task, so built once."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A task that is not open any more: its case with the host, and who completed it when, None where nobody did."""

    instance_id: int
    host_id: int | None
    lane: str | None = None
    by: str | None = None
    at: datetime | None = None
    by_id: int | None = None


def gone(session: Session, task_id: str) -> Gone | None:
    """Return what became of a task that is not open; None if there never was one: its token would have left a trail."""
    done = (
        select(FormSubmission.instance_id, _host_of(FormSubmission.instance_id), FormSubmission.lane, Person.name)
        .add_columns(FormSubmission.at, FormSubmission.by_id)
        .join(Person, Person.id == FormSubmission.by_id)
        .where(FormSubmission.task_id == task_id)
    )
    row = session.execute(done).one_or_none()
    if row is None:
        left = select(Trail.instance_id, _host_of(Trail.instance_id)).where(Trail.task_id == task_id).limit(1)
        row = session.execute(left).one_or_none()
    return None if row is None else Gone(*row)


def _host_of(instance_id: Any) -> ScalarSelect[Any]:
    query = select(InstanceParty.person_id).join(Role, Role.id == InstanceParty.role_id)
    query = query.where(InstanceParty.instance_id == instance_id, Role.key == RoleKey.HOST.value)
    return query.limit(1).scalar_subquery()


def assign(session: Session, task_id: str, person_id: int | None, at: datetime | None) -> None:
    """Give an open task to a person, or (None) back to its queue."""
    claimed = update(OpenTask).where(OpenTask.id == task_id)
    session.execute(
        claimed.values(assignee_id=person_id, claimed_at=at, revision=OpenTask.revision + 1), execution_options=_PLAIN
    )
    rows = update(InboxRow).where(InboxRow.task_id == task_id).values(assignee_id=person_id)
    session.execute(rows, execution_options=_PLAIN)


def draft(session: Session, task_id: str, person_id: int) -> FormDraft | None:
    """Return what a person saved of a task, read anew."""
    query = select(FormDraft).where(FormDraft.task_id == task_id, FormDraft.person_id == person_id)
    return session.scalar(query.execution_options(populate_existing=True))


def keep_draft(session: Session, draft: FormDraft) -> bool:
    """Keep a draft if the one it follows is still the latest (``draft.revision`` is the new number)."""
    before = draft.revision - 1
    if before == 0:
        row = {name: getattr(draft, name) for name in ("task_id", "person_id", "data", "revision", "saved_at")}
        return add_if_new(session, FormDraft, row)
    where = (
        FormDraft.task_id == draft.task_id,
        FormDraft.person_id == draft.person_id,
        FormDraft.revision == before,
    )
    changed = session.execute(
        update(FormDraft).where(*where).values(data=draft.data, revision=draft.revision, saved_at=draft.saved_at),
        execution_options=_PLAIN,
    )
    return cast("CursorResult[Any]", changed).rowcount == 1


def forget_drafts(session: Session, before: datetime) -> int:
    """Delete drafts saved before that moment whose task is no longer open; return how many."""
    is_open = exists().where(OpenTask.id == FormDraft.task_id)
    gone = session.execute(delete(FormDraft).where(FormDraft.saved_at < before, ~is_open), execution_options=_PLAIN)
    return cast("CursorResult[Any]", gone).rowcount


def submissions(session: Session, instance_id: int) -> Sequence[Row[FormSubmission, str]]:
    """Return a case's completed tasks in order, with who completed each."""
    return session.execute(_SUBMISSIONS, {"of_case": instance_id}).all()


_SUBMISSIONS = (
    select(FormSubmission, Person.name)
    .join(Person, Person.id == FormSubmission.by_id)
    .where(FormSubmission.instance_id == bindparam("of_case"))
    .order_by(FormSubmission.id)
)


def last_submission(session: Session, instance_id: int, element_id: str) -> FormSubmission | None:
    """Return the latest submission of an element of a case."""
    query = select(FormSubmission).where(
        FormSubmission.instance_id == instance_id, FormSubmission.element_id == element_id
    )
    return session.scalar(query.order_by(FormSubmission.id.desc()).limit(1))


_PLAIN = {"synchronize_session": False}


def task_at(session: Session, instance_id: int, element_id: str) -> str:
    """Return the open task of an element of a case."""
    query = select(OpenTask.id).where(OpenTask.instance_id == instance_id, OpenTask.element_id == element_id)
    return session.scalars(query).one()
