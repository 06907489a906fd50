"""Applications entered from paper: for whom that can be done, and what was."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.roles import RoleKey
from app.domain.units import UnitKind
from app.store.models import (
    Application,
    ApplicationState,
    Cycle,
    Instance,
    OpenTask,
    Person,
    Role,
    RoleHolding,
    Unit,
    UnitEdge,
)


def hosts_under(session: Session, unit_ids: Collection[int], on: date) -> Sequence[tuple[Unit, Person]]:
    """Return branches with their hosts for which one of these units acts as superior Party organisation."""
    above, higher = aliased(UnitEdge), aliased(UnitEdge)
    stands_in = (
        exists()
        .where(higher.unit_id == above.superior_id, higher.superior_id.in_(unit_ids))
        .where(_in_force(higher, on))
        .correlate(above)
    )
    acts = or_(
        and_(Unit.is_school_party.is_(False), above.superior_id.in_(unit_ids)),
        and_(Unit.is_school_party.is_(True), stands_in),
    )
    return session.execute(
        select(Unit, Person)
        .join(above, (above.unit_id == Unit.id) & _in_force(above, on))
        .join(RoleHolding, RoleHolding.unit_id == Unit.id)
        .join(Role, (Role.id == RoleHolding.role_id) & (Role.key == RoleKey.HOST.value))
        .join(Person, Person.id == RoleHolding.person_id)
        .where(Unit.kind == UnitKind.BRANCH, acts, _held(on), Person.active)
        .order_by(Unit.code, Person.id)
    ).all()


def host_at(session: Session, unit_id: int, public_id: str, on: date) -> int | None:
    """Return the person with this public id if they are the host of the branch today."""
    return session.scalar(
        select(Person.id)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .join(Role, (Role.id == RoleHolding.role_id) & (Role.key == RoleKey.HOST.value))
        .where(Person.public_id == public_id, RoleHolding.unit_id == unit_id, _held(on))
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """Who has a live application in a cycle already: hosts and branches."""

    hosts: frozenset[int]
    branches: frozenset[int]


def taken(session: Session, cycle_id: int) -> Taken:
    """Return the hosts and branches with a live application in a cycle."""
    query = select(Application.host_id, Application.branch_id).where(
        Application.cycle_id == cycle_id, Application.state == ApplicationState.LIVE
    )
    found = session.execute(query).all()
    return Taken(frozenset(row[0] for row in found), frozenset(row[1] for row in found))


def entered_at(
    session: Session, unit_ids: Collection[int]
) -> Sequence[tuple[Application, Instance, Cycle, Unit, Person, str, str | None]]:
    """Return what was entered from paper at these units: with case, cycle, branch, host, who did it, its open form."""
    by = aliased(Person)
    waiting = (
        select(OpenTask.id)
        .where(OpenTask.instance_id == Application.instance_id, OpenTask.element_id.in_(_FORMS))
        .limit(1)
        .correlate(Application)
        .scalar_subquery()
    )
    return session.execute(
        select(Application, Instance, Cycle, Unit, Person, by.name, waiting)
        .join(Instance, Instance.id == Application.instance_id)
        .join(Cycle, Cycle.id == Application.cycle_id)
        .join(Unit, Unit.id == Application.branch_id)
        .join(Person, Person.id == Application.host_id)
        .join(by, by.id == Application.entered_by_id)
        .where(Application.entered_unit_id.in_(unit_ids))
        .order_by(Application.id.desc())
        .limit(_MOST)
    ).all()


_FORMS = ("enter_paper", "correct_paper", "complete_paper")

_MOST = 200
"""A unit's page shows so many, the newest."""


def _held(on: date) -> ColumnElement[bool]:
    return (RoleHolding.valid_from <= on) & or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= on)


def _in_force(edge: type[UnitEdge], on: date) -> ColumnElement[bool]:
    return (edge.valid_from <= on) & or_(edge.valid_to.is_(None), edge.valid_to >= on)
