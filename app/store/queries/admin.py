"""What the administrators look at: the tree of units with who holds what there, and what waits for time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import Session

from app.domain.states import InstanceState
from app.domain.units import UnitKind
from app.store.models import CalendarOverride, Correction, Incident, Instance, Person, Role, RoleHolding, Unit, UnitEdge
from app.store.queries.roster import belongs

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of what administrators look after."""

    units: int
    people: int
    incidents: int
    days: int
    corrections: int


def counts(session: Session, within: Select[int] | None = None) -> Counts:
    """Count units, people who can sign in and requests for correction that wait (``within``: of these units), open
    incidents, days entered by hand.

    One statement.
    """
    units = () if within is None else (Unit.id.in_(within),)
    people = () if within is None else (belongs(within),)
    asking = () if within is None else (Correction.person_id.in_(select(Person.id).where(belongs(within))),)
    found = session.execute(
        select(
            _count(Unit.id, *units), _count(Person.id, Person.active, *people),
            _count(Incident.id, Incident.resolved_at.is_(None)),
            _count(CalendarOverride.day),
            _count(Correction.id, Correction.answer.is_(None), *asking),
        )
    ).one()  # fmt: skip
    return Counts(*found)


def _count(column: SQLColumnExpression[Any], *where: SQLColumnExpression[bool]) -> ScalarSelect[int]:
    return select(func.count(column)).where(*where).scalar_subquery()


def unit(session: Session, public_id: str, within: Select[int] | None = None) -> Unit | None:
    """Return a unit (``within``: if it is one of these)."""
    return session.scalar(_among(select(Unit).where(Unit.public_id == public_id), within))


def top(session: Session, within: Select[int] | None = None) -> Unit | None:
    """Return the unit at the top of the tree, or (``within``) the first of these units."""
    if within is not None:
        return session.scalar(_among(select(Unit), within).order_by(Unit.id).limit(1))
    return session.scalar(select(Unit).where(Unit.kind == UnitKind.PROVINCE).order_by(Unit.id).limit(1))


def ids_among(session: Session, unit_ids: Collection[int], within: Select[int] | None) -> Collection[int]:
    """Return those of the units that ``within`` selects, all of them for None."""
    if within is None or not unit_ids:
        return unit_ids
    return frozenset(session.scalars(_among(select(Unit.id).where(Unit.id.in_(list(unit_ids))), within)))


def _among(query: Select[T], within: Select[int] | None) -> Select[T]:
    return query if within is None else query.where(Unit.id.in_(within))


def below(session: Session, unit_id: int, on: date) -> Sequence[Row[Unit, int, int]]:
    """Return the units directly under one on a day, by kind and code, each with how many stand under it and how many
    holdings it has that day. One statement.
    """
    return _with_counts(session, on, _superior_is(unit_id, on))


def find(
    session: Session, text: str, on: date, limit: int, within: Select[int] | None = None
) -> Sequence[Row[Unit, int, int]]:
    """Return units (``within``: of these) by a part of their name or code, with the same counts."""
    is_called = or_(Unit.name.icontains(text, autoescape=True), Unit.code.icontains(text, autoescape=True))
    return _with_counts(session, on, is_called if within is None else is_called & Unit.id.in_(within), limit)


def _with_counts(
    session: Session, on: date, condition: ColumnElement[bool], limit: int | None = None
) -> Sequence[Row[Unit, int, int]]:
    under = select(func.count()).select_from(UnitEdge).where(UnitEdge.superior_id == Unit.id, _holds(UnitEdge, on))
    held = select(func.count()).select_from(RoleHolding).where(RoleHolding.unit_id == Unit.id, _holds(RoleHolding, on))
    query = select(Unit, under.correlate(Unit).scalar_subquery(), held.correlate(Unit).scalar_subquery())
    return session.execute(query.where(condition).order_by(Unit.kind, Unit.code).limit(limit)).all()


def _superior_is(unit_id: int, on: date) -> ColumnElement[bool]:
    edges = select(UnitEdge.unit_id).where(UnitEdge.superior_id == unit_id, _holds(UnitEdge, on))
    return Unit.id.in_(edges)


def _holds(table: type[UnitEdge] | type[RoleHolding], on: date) -> ColumnElement[bool]:
    return (table.valid_from <= on) & or_(table.valid_to.is_(None), table.valid_to >= on)


def holders(session: Session, unit_id: int, on: date) -> Sequence[Row[RoleHolding, str, Person]]:
    """Return who holds what at a unit on a day."""
    query = (
        select(RoleHolding, Role.key, Person)
        .join(Role, Role.id == RoleHolding.role_id)
        .join(Person, Person.id == RoleHolding.person_id)
        .where(RoleHolding.unit_id == unit_id, _holds(RoleHolding, on))
        .order_by(Role.id, Person.id)
    )
    return session.execute(query).all()


def waiting_for_time(session: Session, now: datetime, limit: int) -> Sequence[Instance]:
    """Return the running cases whose timers fire next after ``now``, the soonest first."""
    query = select(Instance).where(Instance.state == InstanceState.ACTIVE, Instance.next_due_at > now)
    return session.scalars(query.order_by(Instance.next_due_at, Instance.id).limit(limit)).all()


def count_due(session: Session, now: datetime) -> int:
    """Return how many running cases have a timer that is due and has not fired yet."""
    query = select(func.count()).select_from(Instance)
    is_due = (Instance.state == InstanceState.ACTIVE) & (Instance.next_due_at <= now)
    return session.execute(query.where(is_due)).scalar_one()
