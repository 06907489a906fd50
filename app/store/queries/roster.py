"""The roster as it stands: every unit with its superior, everybody with their file, everything that is held."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, Select, delete, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.domain.roster.units import KnownUnit
from app.store.models import (
    Person,
    PersonFile,
    Role,
    RoleHolding,
    RosterImport,
    Unit,
    UnitEdge,
    UnitEvent,
    UnitEventKind,
)

_ENDED = (UnitEventKind.MERGED, UnitEventKind.CLOSED)


def closed_units() -> Select[int]:
    """Select the ids of the units that were merged into others or closed."""
    return select(UnitEvent.unit_id).where(UnitEvent.kind.in_(_ENDED))


def is_closed(session: Session, unit_id: int) -> bool:
    """Tell whether a unit was merged into another or closed."""
    return session.scalar(closed_units().where(UnitEvent.unit_id == unit_id).limit(1)) is not None


def known_units(session: Session) -> dict[str, KnownUnit]:
    """Return every unit by its code, with its present superior."""
    above = aliased(Unit)
    query = (
        select(Unit, above.code, Unit.id.in_(closed_units()))
        .outerjoin(UnitEdge, (UnitEdge.unit_id == Unit.id) & UnitEdge.valid_to.is_(None))
        .outerjoin(above, above.id == UnitEdge.superior_id)
    )
    return {
        unit.code: KnownUnit(
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            superior=superior or "",
            governance=unit.governance,
            schooling=unit.schooling,
            is_school_party=unit.is_school_party,
            is_closed=bool(ended),
        )
        for unit, superior, ended in session.execute(query)
    }


def units_below(unit_ids: Collection[int], on: date) -> Select[int]:
    """Select the ids of these units and of all that stand under them on a day, however deep."""
    tree = select(Unit.id.label("id")).where(Unit.id.in_(list(unit_ids))).cte(recursive=True)
    edge = aliased(UnitEdge)
    in_force = (edge.valid_from <= on) & or_(edge.valid_to.is_(None), edge.valid_to >= on)
    tree = tree.union(select(edge.unit_id).join(tree, edge.superior_id == tree.c.id).where(in_force))
    return select(tree.c.id)


def codes_within(session: Session, within: Select[int]) -> frozenset[str]:
    """Return the codes of the units that ``within`` selects."""
    return frozenset(session.scalars(select(Unit.code).where(Unit.id.in_(within))))


def people_files(session: Session, within: Select[int] | None = None) -> Sequence[Row[Person, PersonFile, str]]:
    """Return everybody (``within``: who belongs to these units or holds something there) with file and unit's code."""
    query = (
        select(Person, PersonFile, Unit.code)
        .outerjoin(PersonFile, PersonFile.person_id == Person.id)
        .outerjoin(Unit, Unit.id == PersonFile.unit_id)
        .order_by(Person.id)
    )
    return session.execute(query if within is None else query.where(belongs(within))).all()


def belongs(within: Select[int]) -> ColumnElement[bool]:
    """Return the condition on ``Person``: they belong to one of these units, or hold or held something there."""
    at_home = select(PersonFile.person_id).where(PersonFile.unit_id.in_(within))
    holding = select(RoleHolding.person_id).where(RoleHolding.unit_id.in_(within))
    return or_(Person.id.in_(at_home), Person.id.in_(holding))


def beyond(within: Select[int], ordinary: Collection[str], on: date) -> ColumnElement[bool]:
    """Return the condition on ``Person``: their account is not for an administrator of these units to change.

    They belong elsewhere, or hold from ``on`` something that such an administrator could not have given.
    """
    elsewhere = select(PersonFile.person_id).where(PersonFile.unit_id.in_(within))
    other = (
        select(RoleHolding.person_id)
        .join(Role, Role.id == RoleHolding.role_id)
        .where(or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= on))
        .where(or_(RoleHolding.unit_id.not_in(within), Role.key.not_in(list(ordinary))))
    )
    return or_(Person.id.not_in(elsewhere), Person.id.in_(other))


def accounts_within(within: Select[int] | None, ordinary: Collection[str], on: date) -> ColumnElement[bool]:
    """Return the condition on ``Person``: an administrator of these units (None: all) looks after their account."""
    return true() if within is None else belongs(within) & ~beyond(within, ordinary, on)


def is_one(session: Session, person_id: int, condition: ColumnElement[bool]) -> bool:
    """Tell whether ``condition`` means this person."""
    return session.scalar(select(Person.id).where(Person.id == person_id, condition)) is not None


def is_within_reach(session: Session, person_id: int, within: Select[int] | None) -> bool:
    """Tell whether there is this person, and (``within``) whether they belong to these units."""
    there = select(Person.id).where(Person.id == person_id)
    return session.scalar(there if within is None else there.where(belongs(within))) is not None


def is_among(session: Session, unit_id: int, within: Select[int]) -> bool:
    """Tell whether ``within`` selects this unit."""
    return session.scalar(select(Unit.id).where(Unit.id == unit_id, Unit.id.in_(within))) is not None


def people_beyond(session: Session, condition: ColumnElement[bool]) -> frozenset[str]:
    """Return the logins of the people whom ``condition`` means."""
    return frozenset(session.scalars(select(Person.login).where(condition)))


def all_holdings(
    session: Session, within: Select[int] | None = None
) -> Sequence[Row[str, str, str, str, str, date, date | None]]:
    """Return every holding (``within``: at these units): login, name, role, unit's code and name, first, last day."""
    query = (
        select(Person.login, Person.name, Role.key, Unit.code, Unit.name, RoleHolding.valid_from, RoleHolding.valid_to)
        .select_from(RoleHolding)
        .join(Person, Person.id == RoleHolding.person_id)
        .join(Role, Role.id == RoleHolding.role_id)
        .join(Unit, Unit.id == RoleHolding.unit_id)
        .order_by(Unit.code, Role.id, Person.id, RoleHolding.valid_from)
    )
    return session.execute(query if within is None else query.where(RoleHolding.unit_id.in_(within))).all()


def people_by_login(session: Session, logins: Collection[str]) -> dict[str, Person]:
    """Return these people by their logins."""
    return {row.login: row for row in session.scalars(select(Person).where(Person.login.in_(list(logins))))}


def files_of(session: Session, person_ids: Collection[int]) -> dict[int, PersonFile]:
    """Return the files of these people as far as they have one."""
    query = select(PersonFile).where(PersonFile.person_id.in_(list(person_ids)))
    return {row.person_id: row for row in session.scalars(query)}


def holdings_at(session: Session, person_ids: Collection[int]) -> Sequence[RoleHolding]:
    """Return everything these people hold or held."""
    return session.scalars(select(RoleHolding).where(RoleHolding.person_id.in_(list(person_ids)))).all()


def import_of(session: Session, public_id: str, person_id: int, *, lock: bool = False) -> RosterImport | None:
    """Return a file that this person tried out."""
    query = select(RosterImport).where(RosterImport.public_id == public_id, RosterImport.by_id == person_id)
    return session.scalar(query.with_for_update() if lock else query)


def imports_applied(session: Session, limit: int, by: int | None) -> Sequence[Row[RosterImport, str]]:
    """Return the latest files that were applied (``by``: by this person), with who did it."""
    query = select(RosterImport, Person.name).join(Person, Person.id == RosterImport.by_id)
    query = query.where(RosterImport.applied_at.is_not(None)).order_by(RosterImport.id.desc()).limit(limit)
    return session.execute(query if by is None else query.where(RosterImport.by_id == by)).all()


def forget_imports(session: Session, person_id: int, before: datetime) -> None:
    """Delete what this person tried out before and never applied, and everybody's that is older than ``before``."""
    is_open = RosterImport.applied_at.is_(None)
    session.execute(delete(RosterImport).where(is_open, (RosterImport.by_id == person_id) | (RosterImport.at < before)))
