"""People who have no password yet: a set-up code lets each choose one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, ScalarSelect, case, exists, func, select

from app.store import Session
from app.store.models import Person, PersonFile, RoleHolding, SetUpCode, Unit


def _home() -> ScalarSelect[int]:
    """The unit a person belongs to, else the first at which they hold something."""
    own = select(PersonFile.unit_id).where(PersonFile.person_id == Person.id).correlate(Person).scalar_subquery()
    held = select(func.min(RoleHolding.unit_id)).where(RoleHolding.person_id == Person.id).correlate(Person)
    return select(func.coalesce(own, held.scalar_subquery())).scalar_subquery()


def _has_code(now: datetime) -> ColumnElement[bool]:
    return exists().where(SetUpCode.person_id == Person.id, SetUpCode.expires_at > now)


def _waits() -> ColumnElement[bool]:
    return Person.active & (Person.password_hash == "")


def units(session: Session, now: datetime, reach: ColumnElement[bool]) -> Sequence[Row[str | None, str, int, int]]:
    """Return the units where somebody has no password: public id, name, how many, how many of them have a good code.

    People of no unit come first, under None. One statement.
    """
    waiting = select(_home().label("unit_id"), case((_has_code(now), 1), else_=0).label("has_code"))
    found = waiting.where(_waits(), reach).subquery()
    query = (
        select(Unit.public_id, func.coalesce(Unit.name, ""), func.count(), func.sum(found.c.has_code))
        .select_from(found)
        .outerjoin(Unit, Unit.id == found.c.unit_id)
        .group_by(Unit.id, Unit.public_id, Unit.name, Unit.code)
        .order_by(func.coalesce(Unit.code, ""))
    )
    return session.execute(query).all()


def people(
    session: Session, now: datetime, reach: ColumnElement[bool], unit: str | None, limit: int
) -> Sequence[Person]:
    """Return those of a unit (public id; None: of none) who have neither password nor good code, by login."""
    unit_id = select(Unit.id).where(Unit.public_id == unit).scalar_subquery()
    there = _home() == unit_id if unit else _home().is_(None)
    query = select(Person).where(_waits(), ~_has_code(now), reach, there)
    return session.scalars(query.order_by(Person.login).limit(limit)).all()
