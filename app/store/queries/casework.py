"""Running cases: locked for a step, read around it, written after it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    Integer,
    Select,
    String,
    Table,
    Update,
    bindparam,
    delete,
    exists,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from app.domain.states import InstanceState
from app.store.models import (
    AuditHead,
    Evidence,
    EvidenceUse,
    ExclusionReason,
    FormDraft,
    FormSubmission,
    InboxRow,
    Incident,
    Instance,
    InstanceParty,
    OpenTask,
    Role,
    StoredState,
    Subscription,
    TaskExclusion,
    Tie,
)
from app.store.queries.audit import keep_locked
from app.store.types import KEY


@dataclass(frozen=True, slots=True)
class Locked:
    """A case that nobody else can move until this transaction ends."""

    instance: Instance
    stored: StoredState


@dataclass(frozen=True, slots=True)
class LockedTask:
    """An open task of a locked case, and what stands between it and one person.

    ``is_in_queue``: it is in one of the person's inboxes; ``draft_revision`` 0: nothing was saved; ``files``: how many
    of the files asked for the case uses as evidence.
    """

    case: Locked
    task: OpenTask
    is_in_queue: bool
    exclusion: ExclusionReason | None
    draft_revision: int
    files: int


def lock_case(session: Session, instance_id: int) -> Locked | None:
    """Lock a case with its state and the end of its audit chain, in this order; one statement."""
    parts = (Instance, StoredState, AuditHead)
    query = _joined(select(*parts)).where(Instance.id == instance_id)
    row = session.execute(_for_update(query, parts)).one_or_none()
    if row is None:
        return None
    keep_locked(session, row[2])
    return Locked(row[0], row[1])


def lock_task(
    session: Session, task_id: str, person_id: int, queue_ids: Collection[int], files: Collection[str] = ()
) -> LockedTask | None:
    """Lock an open task's case, then the task; None if it is not open. One statement.

    ``files``: public ids of evidence to be counted on the way.
    """
    values = {"locked_id": task_id, "locker": person_id, "queues": list(queue_ids)}
    if files:
        values["files"] = list(files)
    row = session.execute(_lock_task(counts_files=bool(files)), values).one_or_none()
    if row is None:
        return None
    keep_locked(session, row[2])
    reason = ExclusionReason(row[5]) if row[5] else None
    return LockedTask(Locked(row[0], row[1]), row[3], row[4], reason, row[6] or 0, row[7])


@cache
def _lock_task(*, counts_files: bool) -> Select[Any]:
    """Sent with every completion, so built once: building a statement takes longer than sending it."""
    parts = (Instance, StoredState, AuditHead, OpenTask)
    query = _joined(select(*parts, *_standing(), _files() if counts_files else literal(0)))
    query = query.join(OpenTask, OpenTask.instance_id == Instance.id).where(OpenTask.id == bindparam("locked_id"))
    return _for_update(query, parts)


def _joined(query: Any) -> Select[Any]:
    with_state = query.join(StoredState, StoredState.instance_id == Instance.id)
    joined: Select[Any] = with_state.join(AuditHead, AuditHead.case_id == Instance.id)
    return joined


def _for_update(query: Select[Any], parts: tuple[Any, ...]) -> Select[Any]:
    """NO KEY: rows that merely point at the case are not held up. What is read is what the lock was got on."""
    return query.with_for_update(key_share=True, of=parts).execution_options(populate_existing=True)


def _standing() -> tuple[ColumnElement[Any], ...]:
    person_id: BindParameter[int] = bindparam("locker")
    queues: BindParameter[Any] = bindparam("queues", expanding=True)
    in_queue = exists().where(InboxRow.task_id == OpenTask.id, InboxRow.queue_id.in_(queues))
    excluded = select(TaskExclusion.reason).where(
        TaskExclusion.task_id == OpenTask.id, TaskExclusion.person_id == person_id
    )
    draft = select(FormDraft.revision).where(FormDraft.task_id == OpenTask.id, FormDraft.person_id == person_id)
    return in_queue, excluded.correlate(OpenTask).scalar_subquery(), draft.correlate(OpenTask).scalar_subquery()


def _files() -> ColumnElement[int]:
    count = select(func.count(Evidence.public_id.distinct())).join(EvidenceUse, EvidenceUse.evidence_id == Evidence.id)
    known = count.where(
        EvidenceUse.instance_id == Instance.id, Evidence.public_id.in_(bindparam("files", expanding=True))
    )
    return known.correlate(Instance).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Party:
    """Who plays a role in a case: the holders at a unit, or one person."""

    role: str
    role_id: int
    unit_id: int | None
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Around:
    """What is written of a case before a step's result is: open tasks, waiting receivers, parties, completers.

    ``tied``: whom a tie on record binds to the case's host.
    """

    tasks: frozenset[str]
    receivers: frozenset[tuple[str, str]]
    parties: tuple[Party, ...]
    completers: tuple[tuple[str, int], ...]
    tied: frozenset[int] = frozenset()


def around(session: Session, instance_id: int, completed: Collection[str]) -> Around:
    """Return what is written of a case, with who completed the elements ``completed``. One statement."""
    values: dict[str, Any] = {"of_case": instance_id}
    if completed:
        values["completed"] = list(completed)
    found = session.execute(_around(names_completers=bool(completed)), values)
    rows: list[tuple[Any, ...]] = [tuple(row) for row in found]
    return Around(
        tasks=frozenset(row[1] for row in rows if row[0] == "task"),
        receivers=frozenset((row[1], row[2]) for row in rows if row[0] == "receiver"),
        parties=tuple(Party(row[1], row[3], row[4], row[5]) for row in rows if row[0] == "party"),
        completers=tuple((row[1], row[3]) for row in rows if row[0] == "done"),
        tied=frozenset(row[3] for row in rows if row[0] == "tied"),
    )


@cache
def _around(*, names_completers: bool) -> Any:
    """Sent with every step, so built once."""
    no_text, no_number = null().cast(String), null().cast(KEY)
    instance_id = bindparam("of_case", type_=KEY)
    parts = [
        select(literal("task").label("what"), OpenTask.id, no_text, no_number, no_number, no_number).where(
            OpenTask.instance_id == instance_id
        ),
        select(literal("receiver"), Subscription.task_id, Subscription.name, no_number, no_number, no_number).where(
            Subscription.instance_id == instance_id
        ),
        select(literal("party"), Role.key, no_text, Role.id, InstanceParty.unit_id, InstanceParty.person_id)
        .join(Role, Role.id == InstanceParty.role_id)
        .where(InstanceParty.instance_id == instance_id),
        *(
            select(literal("tied"), no_text, no_text, one, no_number, no_number)
            .join(InstanceParty, InstanceParty.person_id == other)
            .join(Role, Role.id == InstanceParty.role_id)
            .where(InstanceParty.instance_id == instance_id, Role.key == "host", Tie.lifted_at.is_(None))
            for one, other in ((Tie.person_id, Tie.other_id), (Tie.other_id, Tie.person_id))
        ),
    ]
    if names_completers:
        done = select(literal("done"), FormSubmission.element_id, no_text, FormSubmission.by_id, no_number, no_number)
        where = (FormSubmission.instance_id == instance_id) & FormSubmission.element_id.in_(
            bindparam("completed", expanding=True)
        )
        parts.append(done.where(where).distinct())
    return union_all(*parts)


def move(session: Session, case: Locked, blob: bytes, **values: Any) -> bool:
    """Write the state after a step and raise the revision, unless somebody else has moved the case meanwhile."""
    before = case.instance.revision
    here = {"moved": case.instance.id, "before": before}
    written = {f"to_{name}": value for name, value in {**values, "revision": before + 1}.items()}
    changed = session.execute(_change(Instance, (*values, "revision")), {**here, **written})
    if cast("CursorResult[Any]", changed).rowcount != 1:
        return False
    state = {**here, "to_revision": before + 1, "to_blob": blob}
    session.execute(_change(StoredState, ("revision", "blob")), state)
    return True


def restate(session: Session, case: Locked, blob: bytes, **values: Any) -> bool:
    """Write a case's state anew without a step having been taken; false if somebody else has moved it meanwhile."""
    here = {"moved": case.instance.id, "before": case.instance.revision}
    written = {f"to_{name}": value for name, value in values.items()}
    changed = session.execute(_change(Instance, tuple(values)), {**here, **written})
    if cast("CursorResult[Any]", changed).rowcount != 1:
        return False
    session.execute(_change(StoredState, ("blob",)), {**here, "to_blob": blob})
    return True


@cache
def _change(table: type[Instance | StoredState], names: tuple[str, ...]) -> Update:
    """The statement that writes these columns of a case's row unless its revision has changed, built once."""
    target = cast("Table", table.__table__)
    (key,) = target.primary_key
    found = update(target).where(key == bindparam("moved"), target.c.revision == bindparam("before"))
    return found.values({name: bindparam(f"to_{name}", type_=target.c[name].type) for name in names})


_PLAIN = {"synchronize_session": False}


def close_tasks(session: Session, task_ids: Collection[str]) -> None:
    """Take tasks away, with their inbox rows and exclusions."""
    if task_ids:
        session.execute(delete(OpenTask).where(OpenTask.id.in_(task_ids)), execution_options=_PLAIN)


def stop_waiting(session: Session, instance_id: int, receivers: Collection[tuple[str, str]]) -> None:
    """Take receivers away, each a task id and a message's name."""
    if receivers:
        key = tuple_(Subscription.task_id, Subscription.name)
        gone = delete(Subscription).where(Subscription.instance_id == instance_id, key.in_(list(receivers)))
        session.execute(gone, execution_options=_PLAIN)


def instance_of(session: Session, process_key: str, business_key: str) -> Instance | None:
    """Return the instance of a process with this business key."""
    query = select(Instance).where(Instance.process_key == process_key, Instance.business_key == business_key)
    return session.scalar(query)


def due(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Return cases with a timer that is due, the earliest first; those with an open incident wait for a person."""
    return session.scalars(_DUE, {"at": now, "most": limit}).all()


_DUE = (
    select(Instance.id)
    .where(
        Instance.state == InstanceState.ACTIVE,
        Instance.next_due_at <= bindparam("at", type_=Instance.next_due_at.type),
        ~exists().where(Incident.instance_id == Instance.id, Incident.resolved_at.is_(None)),
    )
    .order_by(Instance.next_due_at)
    .limit(bindparam("most", type_=Integer))
)
"""Asked at every turn of the worker, so built once."""
