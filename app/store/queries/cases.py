"""Cases as lists and pages show them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from app.domain.states import InstanceState
from app.store import Session
from app.store.models import (
    Application,
    CohortMember,
    Cycle,
    FormSubmission,
    InboxRow,
    Instance,
    InstanceParty,
    OpenTask,
    Person,
    Queue,
    Role,
    RoleHolding,
    TaskExclusion,
    Trail,
    Unit,
)

_RUNNING = (InstanceState.ACTIVE, InstanceState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of cases is narrowed to; blank: everything. ``text``: part of a title or receipt number."""

    text: str = ""
    process_key: str = ""
    is_running: bool | None = None


def page(
    session: Session, visible: ColumnElement[bool], wanted: Wanted, after: str | None, limit: int
) -> Sequence[Row[Instance, Application, Cycle, CohortMember]]:
    """Return cases with their application, cycle and stage, the newest first, those begun before ``after`` (public id).

    One statement. Application, cycle and stage are None where a case has none.
    """
    query = _with_application().where(visible, *_narrowed(wanted)).order_by(Instance.id.desc()).limit(limit)
    if after is not None:
        query = query.where(Instance.id < select(Instance.id).where(Instance.public_id == after).scalar_subquery())
    return session.execute(query).all()


def one(
    session: Session, visible: ColumnElement[bool], public_id: str
) -> Row[Instance, Application, Cycle, CohortMember] | None:
    """Return one case as ``page`` does, None if there is none for this person."""
    return session.execute(_with_application().where(visible, Instance.public_id == public_id)).one_or_none()


def by_public_id(session: Session, public_id: str) -> Instance | None:
    """Return a case by its public id."""
    return session.scalar(select(Instance).where(Instance.public_id == public_id))


def case_about(session: Session, process_key: str, subject: str) -> str:
    """Return the public id of the case of a process about a subject; empty where there is none."""
    wanted = select(Instance.public_id).where(Instance.process_key == process_key, Instance.business_key == subject)
    return session.scalar(wanted) or ""


def of_cycle(session: Session, cycle_id: int) -> Sequence[Row[str | None, Instance]]:
    """Return the cases of a cycle with the receipt numbers of applications, in the order they began."""
    query = select(Application.receipt_number, Instance).outerjoin(Application, Application.instance_id == Instance.id)
    return session.execute(query.where(Instance.cycle_id == cycle_id).order_by(Instance.id)).all()


def _with_application() -> Select[Instance, Application, Cycle, CohortMember]:
    return (
        select(Instance, Application, Cycle, CohortMember)
        .outerjoin(Application, Application.instance_id == Instance.id)
        .outerjoin(Cycle, Cycle.id == Instance.cycle_id)
        .outerjoin(CohortMember, CohortMember.case_id == Instance.id)
    )


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        conditions.append(
            or_(
                Instance.title.icontains(wanted.text, autoescape=True),
                Application.receipt_number.icontains(wanted.text, autoescape=True),
            )
        )
    if wanted.process_key:
        conditions.append(Instance.process_key == wanted.process_key)
    if wanted.is_running is not None:
        running = Instance.state.in_(_RUNNING)
        conditions.append(running if wanted.is_running else ~running)
    return conditions


def steps_of(session: Session, instance_ids: Collection[int]) -> Sequence[Row[int, str]]:
    """Return the titles of what waits in these cases, each once. One statement."""
    query = select(OpenTask.instance_id, OpenTask.title).where(OpenTask.instance_id.in_(tuple(instance_ids)))
    return session.execute(query.distinct().order_by(OpenTask.title)).all()


def waiting(
    session: Session, instance_id: int, queue_ids: Collection[int], person_id: int, on: date
) -> Sequence[Row[OpenTask, str, str, str, str, bool, bool]]:
    """Return a case's open tasks: the task, who claimed it, the role and unit or the person it waits for, whether it
    lies in one of these inboxes and nothing keeps this person out of it, whether everybody in office is kept out.
    """
    values = {"of_case": instance_id, "queues": list(queue_ids), "reader": person_id, "on": on}
    return session.execute(_waiting(), values).all()


@cache
def _waiting() -> Select[OpenTask, str, str, str, str, bool, bool]:
    """Asked for every case that is looked at, so built once: building a statement takes longer than sending it."""
    claimant, person, row = aliased(Person), aliased(Person), aliased(InboxRow)
    mine = exists().where(row.task_id == OpenTask.id, row.queue_id.in_(bindparam("queues", expanding=True)))
    kept_out = exists().where(TaskExclusion.task_id == OpenTask.id, TaskExclusion.person_id == bindparam("reader"))
    aside = exists().where(TaskExclusion.task_id == OpenTask.id, TaskExclusion.person_id == RoleHolding.person_id)
    free = exists().where(
        RoleHolding.role_id == Queue.role_id,
        RoleHolding.unit_id == Queue.unit_id,
        RoleHolding.valid_from <= bindparam("on"),
        or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= bindparam("on")),
        ~aside,
    )
    stuck = (Queue.role_id.is_not(None) & ~free).label("stuck")
    return (
        select(OpenTask, claimant.name, Role.key, Unit.name, person.name, (mine & ~kept_out).label("mine"), stuck)
        .outerjoin(claimant, claimant.id == OpenTask.assignee_id)
        .outerjoin(InboxRow, InboxRow.task_id == OpenTask.id)
        .outerjoin(Queue, Queue.id == InboxRow.queue_id)
        .outerjoin(Role, Role.id == Queue.role_id)
        .outerjoin(Unit, Unit.id == Queue.unit_id)
        .outerjoin(person, person.id == Queue.person_id)
        .where(OpenTask.instance_id == bindparam("of_case"))
        .order_by(OpenTask.opened_at, OpenTask.id)
    )


def trail(session: Session, instance_id: int, renamed: Mapping[str, str]) -> Sequence[Trail]:
    """Return what happened in a case, oldest first; elements that are ``renamed`` by their new ids, to be read only."""
    query = select(Trail).where(Trail.instance_id == instance_id).order_by(Trail.revision, Trail.position)
    found = session.scalars(query).all()
    for each in found:
        if each.element_id in renamed:
            session.expunge(each)
            each.element_id = renamed[each.element_id]
    return found


def submissions(session: Session, instance_id: int) -> Sequence[Row[FormSubmission, str]]:
    """Return what people completed in a case with their names, oldest first."""
    query = (
        select(FormSubmission, Person.name)
        .join(Person, Person.id == FormSubmission.by_id)
        .where(FormSubmission.instance_id == instance_id)
        .order_by(FormSubmission.id)
    )
    return session.execute(query).all()


def parties(session: Session, instance_id: int) -> Sequence[Row[str, str, str]]:
    """Return who plays each lane: role key, unit, person; the last two None where there is none."""
    query = (
        select(Role.key, Unit.name, Person.name)
        .select_from(InstanceParty)
        .join(Role, Role.id == InstanceParty.role_id)
        .outerjoin(Unit, Unit.id == InstanceParty.unit_id)
        .outerjoin(Person, Person.id == InstanceParty.person_id)
        .where(InstanceParty.instance_id == instance_id)
        .order_by(InstanceParty.id)
    )
    return session.execute(query).all()
