"""Terms that end, and tasks that somebody claimed in a role they no longer hold."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.store.models import InboxRow, OpenTask, Person, Queue, Role, RoleHolding, Unit


def claimed_out_of_reach(session: Session, person_id: int, on: date) -> Sequence[OpenTask]:
    """Return the open tasks that a person has claimed but that lie in none of their inboxes on a day."""
    held = (RoleHolding.role_id == Queue.role_id) & (RoleHolding.unit_id == Queue.unit_id)
    in_force = (RoleHolding.valid_from <= on) & or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= on)
    holds = exists().where(RoleHolding.person_id == person_id, held, in_force)
    may = and_(Person.id == person_id, Person.active)
    reached = (
        exists()
        .where(InboxRow.task_id == OpenTask.id, Queue.id == InboxRow.queue_id)
        .where(or_(Queue.person_id == person_id, holds))
        .where(exists().where(may))
    )
    query = select(OpenTask).where(OpenTask.assignee_id == person_id, ~reached).order_by(OpenTask.id)
    return session.scalars(query).all()


def ending(
    session: Session, today: date, until: date, within: Select[int] | None, limit: int
) -> Sequence[Row[Person, str, Unit, Any]]:
    """Return the terms (``within``: at these units) that end from ``today`` to ``until``, the soonest first.

    A term that another one of the same role at the same unit follows without a gap is left out.
    """
    later = aliased(RoleHolding)
    goes_on = exists().where(
        later.person_id == RoleHolding.person_id,
        later.role_id == RoleHolding.role_id,
        later.unit_id == RoleHolding.unit_id,
        later.valid_from > RoleHolding.valid_to,
        later.valid_from <= until,
    )
    query = (
        select(Person, Role.key, Unit, RoleHolding.valid_to)
        .select_from(RoleHolding)
        .join(Person, Person.id == RoleHolding.person_id)
        .join(Role, Role.id == RoleHolding.role_id)
        .join(Unit, Unit.id == RoleHolding.unit_id)
        .where(RoleHolding.valid_to.between(today, until), Person.active, ~goes_on)
        .order_by(RoleHolding.valid_to, Unit.code, RoleHolding.id)
        .limit(limit)
    )
    return session.execute(query if within is None else query.where(RoleHolding.unit_id.in_(within))).all()
