"""What is there already when studios of earlier years are taken over."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select

from app.domain.roles import RoleKey
from app.domain.units import UnitKind
from app.store import Session
from app.store.models import Cycle, Person, Role, RoleHolding, Studio, Unit, UnitEdge
from app.store.queries.dashboard import RUNNING

There = tuple[UnitKind, bool, bool, frozenset[str]]


def branches(session: Session, codes: Collection[str], on: date) -> dict[str, There]:
    """Return the units of these codes: kind, whether closed, whether a studio goes on there, its secretaries' logins.

    Three statements, whatever their number.
    """
    units = session.scalars(select(Unit).where(Unit.code.in_(tuple(codes)))).all()
    ids = [unit.id for unit in units]
    edges = select(UnitEdge.unit_id).where(UnitEdge.unit_id.in_(ids), UnitEdge.valid_to.is_(None))
    standing = frozenset(session.scalars(edges))
    busy = frozenset(
        session.scalars(select(Studio.branch_id).where(Studio.branch_id.in_(ids), Studio.state.in_(RUNNING)))
    )
    serving = (
        select(RoleHolding.unit_id, Person.login)
        .join(Person, Person.id == RoleHolding.person_id)
        .join(Role, Role.id == RoleHolding.role_id)
        .where(Role.key == RoleKey.HOST, RoleHolding.unit_id.in_(ids), Person.active)
        .where(RoleHolding.valid_from <= on, or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= on))
    )
    logins: dict[int, set[str]] = {}
    for unit_id, login in session.execute(serving):
        logins.setdefault(unit_id, set()).add(login)
    return {
        unit.code: (UnitKind(unit.kind), unit.id not in standing, unit.id in busy, frozenset(logins.get(unit.id, ())))
        for unit in units
    }


def branch_and_host(session: Session, code: str, login: str) -> tuple[int, int]:
    """Return the ids behind a branch's code and a login. Raises ``NoResultFound``."""
    unit = session.execute(select(Unit.id).where(Unit.code == code)).scalar_one()
    return unit, session.execute(select(Person.id).where(Person.login == login)).scalar_one()


def cycle_called(session: Session, title: str) -> Cycle | None:
    """Return the cycle of this title."""
    return session.scalars(select(Cycle).where(Cycle.title == title).order_by(Cycle.id).limit(1)).first()
