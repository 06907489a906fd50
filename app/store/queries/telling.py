"""What people have not been told yet: steps of cases, who a task waits for, who a cycle concerns."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    exists,
    literal_column,
    or_,
    select,
    tuple_,
    union,
    union_all,
    update,
)
from sqlalchemy.orm import Session, aliased

from app.domain.notices import NoticeKind
from app.domain.states import Ruling
from app.store.models import (
    Application,
    ApplicationState,
    AuditEvent,
    CohortDecision,
    Cycle,
    Falsity,
    HostChange,
    InboxRow,
    Instance,
    InstanceParty,
    Notice,
    Objection,
    OpenTask,
    Person,
    Queue,
    ReviewRequest,
    Role,
    RoleHolding,
    Studio,
    TaskExclusion,
    Trail,
    Unit,
)
from app.store.queries.veil import task_under_veil

_PLAIN = {"synchronize_session": False}


def take_untold(session: Session, limit: int) -> Sequence[Row[int, int]]:
    """Mark some steps as told and return them (case, revision): no two callers get the same one.

    Each step carries its own mark, so that one which commits late is never passed over. Nobody else waits for these
    rows: whoever moves a case only adds new ones.
    """
    some = select(Trail.instance_id, Trail.revision).where(untold()).limit(limit)
    taken = update(Trail).where(untold(), tuple_(Trail.instance_id, Trail.revision).in_(some.subquery().select()))
    return session.execute(
        taken.values(told=True).returning(Trail.instance_id, Trail.revision), execution_options=_PLAIN
    ).all()


def untold() -> ColumnElement[bool]:
    """Return the condition of a step that people have not been told of, word for word as its index has it.

    A bound parameter, or ``told = 0``, would keep the database from using the index.
    """
    return and_(Trail.position == literal_column("0"), literal_column("NOT trail.told"))


def happened(
    session: Session, steps: Collection[tuple[int, int]], places: Collection[tuple[str, str]]
) -> Sequence[Row[Instance, str, datetime, int]]:
    """Return where these steps completed one of ``places`` (process, element): case, element, moment, revision."""
    query = (
        select(Instance, Trail.element_id, Trail.at, Trail.revision)
        .join(Instance, Instance.id == Trail.instance_id)
        .where(
            tuple_(Trail.instance_id, Trail.revision).in_(steps),
            Trail.state == "completed",
            tuple_(Instance.process_key, Trail.element_id).in_(places),
        )
        .order_by(Trail.instance_id, Trail.revision, Trail.position)
    )
    return session.execute(query).all()


def opened(session: Session, steps: Collection[tuple[int, int]]) -> Sequence[str]:
    """Return the tasks that these steps opened and that are open still."""
    query = (
        select(OpenTask.id)
        .join(Trail, Trail.task_id == OpenTask.id)
        .where(tuple_(Trail.instance_id, Trail.revision).in_(steps), Trail.state == "entered")
    )
    return session.scalars(query.distinct()).all()


def due(session: Session, kind: NoticeKind, between: tuple[datetime | None, datetime], limit: int) -> list[str]:
    """Return tasks that fall due between two moments and of which nobody has been told as ``kind``, the earliest first.

    A task that lies before nobody at all is left out.
    """
    begin, end = between
    told = exists().where(Notice.task_id == OpenTask.id, Notice.kind == kind)
    lies = exists().where(InboxRow.task_id == OpenTask.id)
    query = select(OpenTask.id).where(OpenTask.due_at.is_not(None), OpenTask.due_at <= end, ~told, lies)
    if begin is not None:
        query = query.where(OpenTask.due_at > begin)
    return list(session.scalars(query.order_by(OpenTask.due_at, OpenTask.id).limit(limit)))


def receivers(
    session: Session, task_ids: Collection[str], on: date, *, claimed: bool
) -> Sequence[Row[OpenTask, Instance, int, bool]]:
    """Return whom each of these tasks waits for: its desk's holders that day or its person, never who may not have it;
    and whether it is a review under the veil.

    ``claimed``: who has claimed a task is the only one. Whoever took the step that opened a task knows already.
    """
    people = _waited_for(task_ids, on).subquery()
    query = (
        select(OpenTask, Instance, people.c.person_id, task_under_veil())
        .join(people, people.c.task_id == OpenTask.id)
        .join(Instance, Instance.id == OpenTask.instance_id)
        .join(Person, Person.id == people.c.person_id)
        .where(Person.active, ~_excluded(people.c.task_id, people.c.person_id))
        .order_by(OpenTask.id, people.c.person_id)
    )
    if claimed:
        theirs = or_(OpenTask.assignee_id.is_(None), OpenTask.assignee_id == people.c.person_id)
        return session.execute(query.where(theirs)).all()
    knows = exists().where(
        AuditEvent.case_id == OpenTask.instance_id,
        AuditEvent.person_id == people.c.person_id,
        AuditEvent.at == OpenTask.opened_at,
    )
    return session.execute(query.where(~knows)).all()


def _waited_for(task_ids: Collection[str], on: date) -> Select[str, int]:
    rows = InboxRow.task_id.in_(task_ids)
    alone = (
        select(InboxRow.task_id, Queue.person_id)
        .join(Queue, Queue.id == InboxRow.queue_id)
        .where(rows, Queue.person_id.is_not(None))
    )
    desk = (
        select(InboxRow.task_id, RoleHolding.person_id)
        .join(Queue, Queue.id == InboxRow.queue_id)
        .join(RoleHolding, and_(RoleHolding.role_id == Queue.role_id, RoleHolding.unit_id == Queue.unit_id))
        .where(rows, _in_force(on))
    )
    both = union(alone, desk).subquery()
    return select(both.c.task_id, both.c.person_id)


def _in_force(on: date) -> ColumnElement[bool]:
    return and_(RoleHolding.valid_from <= on, or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= on))


def _excluded(task_id: ColumnElement[str], person_id: ColumnElement[int]) -> ColumnElement[bool]:
    return exists().where(TaskExclusion.task_id == task_id, TaskExclusion.person_id == person_id)


def hosts_of_cases(session: Session, case_ids: Collection[int]) -> Sequence[Row[int, int]]:
    """Return the host of each application among these cases: (case, person)."""
    query = select(Application.instance_id, Application.host_id).where(Application.instance_id.in_(case_ids))
    return session.execute(query).all()


def may_ask(session: Session, case_ids: Collection[int]) -> frozenset[int]:
    """Return of which of these applications' cases a review may be asked for."""
    query = select(Application.instance_id).where(Application.instance_id.in_(tuple(case_ids)))
    return frozenset(session.scalars(query.where(Application.review_until.is_not(None))))


def hosts_of_studios(session: Session, case_ids: Collection[int]) -> Sequence[Row[int, int]]:
    """Return the hosts of the studios that these cases build: (case, host)."""
    query = select(Studio.instance_id, Studio.host_id)
    return session.execute(query.where(Studio.instance_id.in_(case_ids))).all()


def changes_of_hosts(session: Session, case_ids: Collection[int]) -> Sequence[Row[HostChange, Instance]]:
    """Return the changes of host that these cases are about, each with the case that builds its studio."""
    query = (
        select(HostChange, Instance)
        .join(Studio, Studio.id == HostChange.studio_id)
        .join(Instance, Instance.id == Studio.instance_id)
        .where(HostChange.instance_id.in_(case_ids))
    )
    return session.execute(query).all()


def disputed(session: Session, business_keys: Collection[str]) -> Sequence[Row[str, Instance, int]]:
    """Return what these objections are about: (objection, the application's case, its host)."""
    case = aliased(Instance)
    query = (
        select(Objection.public_id, case, Application.host_id)
        .join(Application, Application.id == Objection.application_id)
        .join(case, case.id == Application.instance_id)
        .where(Objection.public_id.in_(business_keys))
    )
    return session.execute(query).all()


def removed_by(session: Session, business_keys: Collection[str]) -> Sequence[Row[Instance, str]]:
    """Return the applications' cases that these objections, upheld, have removed, each with the objection."""
    query = (
        select(Instance, Objection.public_id)
        .join(Application, Application.instance_id == Instance.id)
        .join(Objection, Objection.application_id == Application.id)
        .where(Objection.public_id.in_(business_keys), Objection.ruling == Ruling.UPHELD)
    )
    return session.execute(query).all()


def corrected(session: Session, business_keys: Collection[str]) -> Sequence[Row[Instance, int, str]]:
    """Return what these requests for review and reports of falsity are about: (application's case, its host, key)."""
    parts = [
        select(Application.id, table.public_id)
        .join(table, table.application_id == Application.id)
        .where(table.public_id.in_(business_keys))
        for table in (ReviewRequest, Falsity)
    ]
    found = union_all(*parts).subquery()
    query = (
        select(Instance, Application.host_id, found.c.public_id)
        .join(Application, Application.instance_id == Instance.id)
        .join(found, found.c.id == Application.id)
    )
    return session.execute(query).all()


def holders(session: Session, case_ids: Collection[int], roles: Collection[str], on: date) -> Sequence[Row[int, int]]:
    """Return who holds these roles that day where they are played in these cases: (case, person)."""
    query = (
        select(InstanceParty.instance_id, RoleHolding.person_id)
        .join(Role, Role.id == InstanceParty.role_id)
        .join(
            RoleHolding,
            and_(RoleHolding.role_id == InstanceParty.role_id, RoleHolding.unit_id == InstanceParty.unit_id),
        )
        .where(InstanceParty.instance_id.in_(case_ids), Role.key.in_(roles), _in_force(on))
    )
    return session.execute(query.distinct()).all()


def decided(session: Session, cycle_id: int, stage: str) -> Sequence[Row[Instance, int, str]]:
    """Return what a joint decision said of each application: (case, host, outcome)."""
    query = (
        select(Instance, Application.host_id, CohortDecision.outcome)
        .join(Instance, Instance.id == CohortDecision.case_id)
        .join(Application, Application.instance_id == Instance.id)
        .where(CohortDecision.cycle_id == cycle_id, CohortDecision.stage == stage)
    )
    return session.execute(query.order_by(Instance.id)).all()


def announced(session: Session, cycle_id: int) -> Sequence[Row[Instance, int]]:
    """Return the announced applications of a cycle: (case, host)."""
    query = select(Instance, Application.host_id).join(Application, Application.instance_id == Instance.id)
    query = query.where(Application.cycle_id == cycle_id, Application.state == ApplicationState.ANNOUNCED)
    return session.execute(query.order_by(Instance.id)).all()


def applying(session: Session, cycle_id: int) -> Sequence[Row[Cycle, Instance, int]]:
    """Return the live applications of a cycle that are not submitted yet: (cycle, case, host)."""
    query = (
        select(Cycle, Instance, Application.host_id)
        .join(Application, Application.cycle_id == Cycle.id)
        .join(Instance, Instance.id == Application.instance_id)
        .where(Cycle.id == cycle_id, Application.state == ApplicationState.LIVE, Application.submitted_at.is_(None))
    )
    return session.execute(query.order_by(Instance.id)).all()


def holding(session: Session, holding_id: int) -> Row[RoleHolding, str, str]:
    """Return a holding with its role's key and its unit's name."""
    query = (
        select(RoleHolding, Role.key, Unit.name)
        .join(Role, Role.id == RoleHolding.role_id)
        .join(Unit, Unit.id == RoleHolding.unit_id)
        .where(RoleHolding.id == holding_id)
    )
    return session.execute(query).one()


def ending(session: Session, on: date, within: timedelta) -> Sequence[Row[RoleHolding, str, str]]:
    """Return holdings in force that end within that time: (holding, role key, unit name)."""
    query = (
        select(RoleHolding, Role.key, Unit.name)
        .join(Role, Role.id == RoleHolding.role_id)
        .join(Unit, Unit.id == RoleHolding.unit_id)
        .where(_in_force(on), RoleHolding.valid_to <= on + within)
    )
    return session.execute(query.order_by(RoleHolding.id)).all()
