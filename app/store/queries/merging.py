"""What hangs on a unit and passes over to the one it goes into; what happened to units, in order."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import CursorResult, Row, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.domain.states import CycleStatus, InstanceState
from app.store.models import (
    Application,
    CohortMember,
    Cycle,
    Expert,
    InboxRow,
    Instance,
    InstanceParty,
    Person,
    PersonFile,
    Queue,
    Role,
    RoleHolding,
    Unit,
    UnitEdge,
    UnitEvent,
    UnitEventKind,
    UnitList,
)

_PLAIN = {"synchronize_session": False}


def open_holdings(session: Session, unit_id: int, today: date) -> Sequence[Row[RoleHolding, str, Person]]:
    """Return what is held at a unit today or will be."""
    query = (
        select(RoleHolding, Role.key, Person)
        .join(Role, Role.id == RoleHolding.role_id)
        .join(Person, Person.id == RoleHolding.person_id)
        .where(RoleHolding.unit_id == unit_id)
        .where(or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= today))
        .order_by(RoleHolding.id)
    )
    return session.execute(query).all()


def edges_below(session: Session, unit_id: int) -> Sequence[UnitEdge]:
    """Return the open edges of the units directly under one."""
    return session.scalars(select(UnitEdge).where(UnitEdge.superior_id == unit_id, UnitEdge.valid_to.is_(None))).all()


def edge_above(session: Session, unit_id: int) -> UnitEdge | None:
    """Return a unit's open edge to its superior."""
    return session.scalar(select(UnitEdge).where(UnitEdge.unit_id == unit_id, UnitEdge.valid_to.is_(None)))


def queues_at(session: Session, unit_id: int) -> Sequence[Queue]:
    """Return the inboxes of a unit's desks."""
    return session.scalars(select(Queue).where(Queue.unit_id == unit_id).order_by(Queue.id)).all()


def move_rows(session: Session, old_queue: int, new_queue: int) -> int:
    """Let the tasks of one inbox lie in another; return how many."""
    other = aliased(InboxRow)
    there = exists().where(other.queue_id == new_queue, other.task_id == InboxRow.task_id)
    moved = session.execute(
        update(InboxRow).where(InboxRow.queue_id == old_queue, ~there).values(queue_id=new_queue),
        execution_options=_PLAIN,
    )
    session.execute(delete(InboxRow).where(InboxRow.queue_id == old_queue), execution_options=_PLAIN)
    return cast("CursorResult[Any]", moved).rowcount


def count_waiting(session: Session, unit_id: int) -> int:
    """Count the tasks that wait on a unit's desks."""
    query = select(func.count(InboxRow.task_id)).join(Queue, Queue.id == InboxRow.queue_id)
    return session.scalar(query.where(Queue.unit_id == unit_id)) or 0


def pass_parts(session: Session, old: int, new: int) -> None:
    """Let one unit take another's part in running cases and in cycles that are not announced yet."""
    running = select(Instance.id).where(Instance.state.in_((InstanceState.ACTIVE, InstanceState.SUSPENDED)))
    cycles = select(Cycle.id).where(Cycle.status != CycleStatus.ANNOUNCED)
    for change in (
        update(InstanceParty)
        .where(InstanceParty.unit_id == old, InstanceParty.instance_id.in_(running))
        .values(unit_id=new),
        update(CohortMember).where(CohortMember.unit_id == old, CohortMember.cycle_id.in_(cycles)).values(unit_id=new),
        update(Application)
        .where(Application.prelim_unit_id == old, Application.cycle_id.in_(cycles))
        .values(prelim_unit_id=new),
        update(UnitList).where(UnitList.unit_id == old, UnitList.cycle_id.in_(cycles)).values(unit_id=new),
        update(Expert).where(Expert.unit_id == old).values(unit_id=new),
        update(PersonFile).where(PersonFile.unit_id == old).values(unit_id=new),
    ):
        session.execute(change, execution_options=_PLAIN)
    session.expire_all()


def cycles_with_both(session: Session, one: int, other: int) -> Sequence[str]:
    """Return the titles of cycles, not announced yet, in which both units have a list of their own."""
    first, second = aliased(UnitList), aliased(UnitList)
    query = (
        select(Cycle.title)
        .join(first, (first.cycle_id == Cycle.id) & (first.unit_id == one))
        .join(second, (second.cycle_id == Cycle.id) & (second.unit_id == other))
        .where(Cycle.status != CycleStatus.ANNOUNCED)
    )
    return session.scalars(query).all()


def events_of(session: Session, unit_id: int) -> Sequence[Row[UnitEvent, Unit, Unit, str]]:
    """Return what happened to a unit, or to another that touched it, the latest first: event, unit, other, by whom."""
    unit, other = aliased(Unit), aliased(Unit)
    query = (
        select(UnitEvent, unit, other, Person.name)
        .join(unit, unit.id == UnitEvent.unit_id)
        .outerjoin(other, other.id == UnitEvent.other_id)
        .outerjoin(Person, Person.id == UnitEvent.by_id)
        .where(or_(UnitEvent.unit_id == unit_id, UnitEvent.other_id == unit_id))
        .order_by(UnitEvent.on_day.desc(), UnitEvent.id.desc())
    )
    return session.execute(query).all()


def superiors_of(session: Session, unit_id: int) -> Sequence[Row[UnitEdge, Unit]]:
    """Return every superior a unit has or had, the latest first."""
    query = select(UnitEdge, Unit).join(Unit, Unit.id == UnitEdge.superior_id).where(UnitEdge.unit_id == unit_id)
    return session.execute(query.order_by(UnitEdge.valid_from.desc(), UnitEdge.id.desc())).all()


def renames_of(session: Session, unit_ids: Collection[int]) -> dict[int, list[tuple[date, str]]]:
    """Return the days since which units have had other names, with the name before, in order."""
    query = (
        select(UnitEvent.unit_id, UnitEvent.on_day, UnitEvent.name_before)
        .where(UnitEvent.kind == UnitEventKind.RENAMED, UnitEvent.unit_id.in_(list(unit_ids)))
        .order_by(UnitEvent.on_day, UnitEvent.id)
    )
    found: dict[int, list[tuple[date, str]]] = {}
    for unit_id, since, before in session.execute(query):
        found.setdefault(unit_id, []).append((since, before or ""))
    return found
