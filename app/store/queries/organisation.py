"""The programme, its roles, units, people and who holds what."""

from collections.abc import Collection, Hashable, Sequence
from datetime import date
from functools import cache
from typing import cast

from sqlalchemy import BindParameter, ColumnElement, Date, Row, Select, String, Subquery, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.domain.units import UnitKind
from app.store.adding import add_if_new
from app.store.models import Person, Programme, Queue, Role, RoleHolding, Unit, UnitEdge
from app.store.queries.roster import belongs
from app.store.remembered import remembered


def programme_id(session: Session) -> int | None:
    """Return the programme of this installation, None before ``init``."""
    return remembered(
        session, "programme", lambda: session.scalar(select(Programme.id).order_by(Programme.id).limit(1))
    )


def role_id(session: Session, key: str) -> int | None:
    """Return the id of the role of that key."""
    return remembered(session, ("role", key), lambda: session.scalar(select(Role.id).where(Role.key == key)))


def roles(session: Session) -> Sequence[Role]:
    """Return every role, in the order they were defined."""
    return session.scalars(select(Role).order_by(Role.id)).all()


def role_queue_id(session: Session, role_id: int, unit_id: int) -> int:
    """Return the inbox of a role at a unit; made when first asked for."""
    wanted = select(Queue.id).where(Queue.role_id == role_id, Queue.unit_id == unit_id)
    return _queue_id(session, ("queue", role_id, unit_id), wanted, {"role_id": role_id, "unit_id": unit_id})


def personal_queue_id(session: Session, person_id: int) -> int:
    """Return a person's own inbox; made when first asked for."""
    wanted = select(Queue.id).where(Queue.person_id == person_id)
    return _queue_id(session, ("queue", person_id), wanted, {"person_id": person_id})


def _queue_id(session: Session, key: Hashable, wanted: Select[int], row: dict[str, int]) -> int:
    def find() -> int:
        found = session.scalar(wanted)
        if found is None:
            add_if_new(session, Queue, row)
            found = session.execute(wanted).scalar_one()
        return found

    return cast("int", remembered(session, key, find))


def unit_by_code(session: Session, code: str) -> Unit | None:
    """Return the unit with the office's code."""
    return session.scalar(select(Unit).where(Unit.code == code))


def unit_called(session: Session, word: str) -> Unit | None:
    """Return the unit with this code, else the one unit with this name."""
    query = select(Unit).where(or_(Unit.code == word, Unit.name == word)).order_by(Unit.code != word).limit(2)
    found = session.scalars(query).all()
    return found[0] if found and (found[0].code == word or len(found) == 1) else None


def unit_of_kind(session: Session, kind: UnitKind) -> Unit | None:
    """Return the first unit of a kind: for the province, of which there is one."""
    return session.scalar(select(Unit).where(Unit.kind == kind).order_by(Unit.id).limit(1))


def units_with_short_forms(session: Session) -> Sequence[Unit]:
    """Return the units for which the office keeps short forms, by code."""
    query = select(Unit).where(Unit.short_forms.cast(String) != "[]")
    return session.scalars(query.order_by(Unit.code)).all()


def unit_of_code(session: Session, code: str) -> Unit | None:
    """Return a unit by its code."""
    return session.scalars(select(Unit).where(Unit.code == code)).one_or_none()


def units_by_code(session: Session) -> dict[str, Unit]:
    """Return every unit by its code."""
    return {unit.code: unit for unit in session.scalars(select(Unit))}


def open_edges(session: Session) -> dict[int, UnitEdge]:
    """Return each unit's edge to its present superior."""
    return {edge.unit_id: edge for edge in session.scalars(select(UnitEdge).where(UnitEdge.valid_to.is_(None)))}


def person_by_login(session: Session, login: str) -> Person | None:
    """Return the person who signs in with ``login``, locked for an update."""
    return session.scalar(select(Person).where(Person.login == login).with_for_update())


def person(session: Session, person_id: int) -> Person | None:
    """Return a person."""
    return session.get(Person, person_id)


def person_id_of(session: Session, public_id: str) -> int | None:
    """Return the id behind a person's public id."""
    find = select(Person.id).where(Person.public_id == public_id)
    return remembered(session, ("person", public_id), lambda: session.scalar(find))


def unit_ids_of(session: Session, public_ids: Collection[str]) -> dict[str, int]:
    """Return the ids behind units' public ids; one statement."""
    rows = session.execute(select(Unit.public_id, Unit.id).where(Unit.public_id.in_(public_ids)))
    return {row.public_id: row.id for row in rows}


def person_ids_of(session: Session, public_ids: Collection[str]) -> dict[str, int]:
    """Return the ids behind the public ids of active people; one statement."""
    rows = session.execute(select(Person.public_id, Person.id).where(Person.public_id.in_(public_ids), Person.active))
    return {row.public_id: row.id for row in rows}


def names_of(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """Return the names of these people."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}


def find_people(
    session: Session, search: str, after: int, limit: int, within: Select[int] | None = None
) -> Sequence[Person]:
    """Return people whose login or name holds ``search``, behind id ``after``.

    ``within``: only those who belong to these units or hold or held something there.
    """
    query = select(Person).where(Person.id > after).order_by(Person.id).limit(limit)
    if within is not None:
        query = query.where(belongs(within))
    if search:
        query = query.where(
            Person.login.contains(search, autoescape=True) | Person.name.contains(search, autoescape=True)
        )
    return session.scalars(query).all()


def holdings_of(session: Session, person_ids: Collection[int]) -> Sequence[Row[RoleHolding, str, Unit]]:
    """Return every holding of these people, past and future, with the role's key and the unit."""
    query = (
        select(RoleHolding, Role.key, Unit)
        .join(Role, Role.id == RoleHolding.role_id)
        .join(Unit, Unit.id == RoleHolding.unit_id)
        .where(RoleHolding.person_id.in_(person_ids))
        .order_by(RoleHolding.id)
    )
    return session.execute(query).all()


def held_on(session: Session, person_id: int, on: date) -> Sequence[Row[str, int, str, int]]:
    """Return what a person holds on a day: role key, unit id, unit name, queue id."""
    return session.execute(_held_on(), {"holder": person_id, "on": on}).all()


@cache
def _held_on() -> Select[str, int, str, int]:
    """Asked at every request, so built once: building a statement takes longer than sending it."""
    held = holdings_by_day()
    chosen = select(held.c.key, held.c.unit_id, held.c.name, held.c.queue_id)
    return chosen.where(held.c.person_id == bindparam("holder")).order_by(held.c.role_id, held.c.unit_id)


def holdings_by_day() -> Subquery:
    """Return what everybody holds on the day bound as ``on``: person, role's id and key, unit's id and name, queue."""
    return (
        select(RoleHolding.person_id, RoleHolding.role_id, RoleHolding.unit_id, Role.key, Unit.name)
        .add_columns(Queue.id.label("queue_id"))
        .join(Role, Role.id == RoleHolding.role_id)
        .join(Unit, Unit.id == RoleHolding.unit_id)
        .join(Queue, (Queue.role_id == RoleHolding.role_id) & (Queue.unit_id == RoleHolding.unit_id))
        .where(_in_force(RoleHolding, bindparam("on", type_=Date)))
        .subquery()
    )


def holders_on(session: Session, role_key: str, unit_id: int | None, on: date) -> Sequence[Person]:
    """Return the active people who hold a role on a day, at ``unit_id`` or (None) anywhere."""
    query = (
        select(Person)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .join(Role, Role.id == RoleHolding.role_id)
        .where(Role.key == role_key, Person.active, _in_force(RoleHolding, on))
        .order_by(Person.id)
    )
    return session.scalars(query if unit_id is None else query.where(RoleHolding.unit_id == unit_id)).unique().all()


def has_people(session: Session) -> bool:
    """Tell whether anybody can sign in yet."""
    return session.scalar(select(Person.id).limit(1)) is not None


def _in_force(table: type[UnitEdge] | type[RoleHolding], on: date | BindParameter[date]) -> ColumnElement[bool]:
    return and_(table.valid_from <= on, or_(table.valid_to.is_(None), table.valid_to >= on))


def accounts_by_login(session: Session, logins: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return login → (the person's name, the unit of the first role held) for each of ``logins`` that is there."""
    query = (
        select(Person.login, Person.name, Unit.name)
        .join(RoleHolding, RoleHolding.person_id == Person.id)
        .join(Unit, Unit.id == RoleHolding.unit_id)
        .where(Person.login.in_(logins))
        .order_by(RoleHolding.id.desc())
    )
    return {login: (name, unit) for login, name, unit in session.execute(query)}
