"""Changes of host: the wish, who may take over, and everything of the old host's that passes to the new one."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import exists, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from app.domain.roles import RoleKey
from app.domain.states import InstanceState
from app.store import Session
from app.store.models import (
    ChangeState,
    ExclusionReason,
    FormDraft,
    HostChange,
    InboxRow,
    Instance,
    InstanceParty,
    OpenTask,
    Person,
    Role,
    RoleHolding,
    Studio,
    StudioEvent,
    StudioEventKind,
    TaskExclusion,
)

_QUIET = {"synchronize_session": False}


def change_by_public_id(session: Session, public_id: str) -> tuple[HostChange, Studio]:
    """Return a wish and its studio. Raises ``NoResultFound``."""
    query = select(HostChange, Studio).join(Studio, Studio.id == HostChange.studio_id)
    found = session.execute(query.where(HostChange.public_id == public_id)).one()
    return found[0], found[1]


def open_change(session: Session, studio_id: int) -> HostChange | None:
    """Return the wish that is under way for a studio."""
    query = select(HostChange).where(HostChange.studio_id == studio_id, HostChange.state == ChangeState.OPEN)
    return session.scalars(query).one_or_none()


def changes_of(session: Session, studio_id: int) -> Sequence[tuple[HostChange, str, str | None, str | None]]:
    """Return every wish of a studio, newest first: its host's and successor's names, its case's public id."""
    host, successor = aliased(Person), aliased(Person)
    query = (
        select(HostChange, host.name, successor.name, Instance.public_id)
        .join(host, host.id == HostChange.host_id)
        .outerjoin(successor, successor.id == HostChange.successor_id)
        .outerjoin(Instance, Instance.id == HostChange.instance_id)
        .where(HostChange.studio_id == studio_id)
        .order_by(HostChange.id.desc())
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


def running_cases(session: Session, studio: Studio) -> Sequence[int]:
    """Return the cases of a studio that have not ended: its construction and what was begun beside it."""
    mine = or_(Instance.id == studio.instance_id, Instance.parent_id == studio.instance_id)
    alive = Instance.state.in_((InstanceState.ACTIVE, InstanceState.SUSPENDED))
    return session.scalars(select(Instance.id).where(mine, alive).order_by(Instance.id)).all()


def running_beside(session: Session, studio: Studio, processes: Collection[str]) -> Sequence[str]:
    """Return the business keys of what was begun beside a studio's construction and has not ended."""
    mine = (Instance.parent_id == studio.instance_id, Instance.process_key.in_(tuple(processes)))
    alive = Instance.state.in_((InstanceState.ACTIVE, InstanceState.SUSPENDED))
    return session.scalars(select(Instance.business_key).where(*mine, alive).order_by(Instance.id)).all()


def holdings_at(session: Session, person_id: int, unit_id: int, on: date) -> Sequence[RoleHolding]:
    """Return how a person holds the host's role at a branch on a day."""
    query = (
        select(RoleHolding)
        .join(Role, Role.id == RoleHolding.role_id)
        .where(Role.key == RoleKey.HOST, RoleHolding.person_id == person_id, RoleHolding.unit_id == unit_id)
        .where(RoleHolding.valid_from <= on, or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= on))
    )
    return session.scalars(query).all()


def pass_parts(session: Session, case_ids: Collection[int], host_id: int, successor_id: int) -> None:
    """Let the successor play the host's part in these cases."""
    role = select(Role.id).where(Role.key == RoleKey.HOST).scalar_subquery()
    mine = (InstanceParty.person_id == host_id, InstanceParty.role_id == role)
    passed = update(InstanceParty).where(InstanceParty.instance_id.in_(tuple(case_ids)), *mine)
    session.execute(passed.values(person_id=successor_id), execution_options=_QUIET)


def pass_tasks(session: Session, case_ids: Collection[int], host_id: int, queues: tuple[int, int]) -> int:
    """Move the host's open tasks of these cases from one personal inbox to the other; return how many.

    What the host had claimed is nobody's again.
    """
    tasks = select(OpenTask.id).where(OpenTask.instance_id.in_(tuple(case_ids)), OpenTask.lane == RoleKey.HOST)
    passing = session.scalars(
        select(InboxRow.task_id).where(InboxRow.queue_id == queues[0], InboxRow.task_id.in_(tasks))
    ).all()
    if passing:
        rows = update(InboxRow).where(InboxRow.queue_id == queues[0], InboxRow.task_id.in_(passing))
        session.execute(rows.values(queue_id=queues[1], assignee_id=None), execution_options=_QUIET)
        claimed = update(OpenTask).where(OpenTask.id.in_(passing), OpenTask.assignee_id == host_id)
        freed = {"assignee_id": None, "claimed_at": None, "revision": OpenTask.revision + 1}
        session.execute(claimed.values(freed), execution_options=_QUIET)
    return len(passing)


def pass_drafts(session: Session, case_ids: Collection[int], host_id: int, successor_id: int) -> None:
    """Copy what the host had typed in open tasks to the successor; the host's own copy stays theirs."""
    mine = select(FormDraft).join(OpenTask, OpenTask.id == FormDraft.task_id)
    mine = mine.where(OpenTask.instance_id.in_(tuple(case_ids)), OpenTask.lane == RoleKey.HOST)
    kept = aliased(FormDraft)
    there = exists().where(kept.task_id == FormDraft.task_id, kept.person_id == successor_id)
    for draft in session.scalars(mine.where(FormDraft.person_id == host_id, ~there)).all():
        copied = {"data": draft.data, "revision": draft.revision, "saved_at": draft.saved_at}
        session.add(FormDraft(task_id=draft.task_id, person_id=successor_id, **copied))
    session.flush()


def keep_out(session: Session, case_ids: Collection[int], successor_id: int) -> None:
    """Keep the new host out of the other open tasks of these cases: they are their own case now."""
    there = exists().where(TaskExclusion.task_id == OpenTask.id, TaskExclusion.person_id == successor_id)
    own_case = literal(ExclusionReason.OWN_CASE.value)
    others = select(OpenTask.id, literal(successor_id), own_case).where(
        OpenTask.instance_id.in_(tuple(case_ids)), or_(OpenTask.lane.is_(None), OpenTask.lane != RoleKey.HOST), ~there
    )
    table = TaskExclusion.__table__
    session.execute(insert(table).from_select(["task_id", "person_id", "reason"], others))  # type: ignore[arg-type]  # a declarative table is one


def events_of(session: Session, studio_id: int) -> Sequence[tuple[StudioEvent, str | None]]:
    """Return what happened to a studio by documents, oldest first, with who recorded it."""
    query = select(StudioEvent, Person.name).outerjoin(Person, Person.id == StudioEvent.by_id)
    found = session.execute(query.where(StudioEvent.studio_id == studio_id).order_by(StudioEvent.id))
    return [(row[0], row[1]) for row in found]


def last_event(session: Session, studio_id: int, kinds: Collection[StudioEventKind]) -> StudioEvent | None:
    """Return the latest event of one of these kinds."""
    query = select(StudioEvent).where(StudioEvent.studio_id == studio_id, StudioEvent.kind.in_(tuple(kinds)))
    return session.scalars(query.order_by(StudioEvent.id.desc()).limit(1)).first()
