"""Lines of superiors: a unit, the unit above it, and so on up to the province; and where a role is held."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import Date, Select, bindparam, literal, or_, select
from sqlalchemy.orm import aliased

from app.domain.units import UnitKind
from app.store import Session
from app.store.models import Role, RoleHolding, Unit, UnitEdge


def lines_of(session: Session, unit_ids: Collection[int], on: date) -> dict[int, tuple[Unit, ...]]:
    """Return each unit's line on the day ``on``, the unit itself first; one statement whatever their number."""
    found: dict[int, list[Unit]] = {unit_id: [] for unit_id in unit_ids}
    if found:
        for root, unit in session.execute(_LINES, {"of_units": list(found), "on": on}):
            found[root].append(unit)
    return {root: tuple(units) for root, units in found.items()}


def line_of(session: Session, unit_id: int, on: date) -> tuple[Unit, ...]:
    """Return the line of one unit on the day ``on``."""
    return lines_of(session, [unit_id], on)[unit_id]


def units(session: Session, unit_ids: Iterable[int]) -> Sequence[Unit]:
    """Return units by their ids, in the order of their codes."""
    return session.scalars(select(Unit).where(Unit.id.in_(tuple(unit_ids))).order_by(Unit.code)).all()


def units_of_kinds(session: Session, kinds: Iterable[UnitKind]) -> Sequence[Unit]:
    """Return the units of these kinds, in the order of their codes."""
    return session.scalars(select(Unit).where(Unit.kind.in_(tuple(kinds))).order_by(Unit.code)).all()


def unit_by_public_id(session: Session, public_id: str) -> Unit | None:
    """Return the unit with this public id."""
    return session.scalars(select(Unit).where(Unit.public_id == public_id)).one_or_none()


def units_with(session: Session, role_key: str, on: date) -> frozenset[int]:
    """Return the ids of the units at which somebody holds the role on the day ``on``."""
    return frozenset(
        session.scalars(
            select(RoleHolding.unit_id)
            .join(Role, Role.id == RoleHolding.role_id)
            .where(Role.key == role_key, RoleHolding.valid_from <= on)
            .where(or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= on))
        )
    )


def _lines() -> Select[int, Unit]:
    start = select(Unit.id.label("root"), Unit.id.label("unit_id"), literal(0).label("height"))
    line = start.where(Unit.id.in_(bindparam("of_units", expanding=True))).cte(recursive=True)
    edge, on = aliased(UnitEdge), bindparam("on", type_=Date)
    line = line.union_all(
        select(line.c.root, edge.superior_id, line.c.height + 1)
        .join(line, edge.unit_id == line.c.unit_id)
        .where(edge.valid_from <= on, or_(edge.valid_to.is_(None), edge.valid_to >= on))
    )
    return select(line.c.root, Unit).join(line, Unit.id == line.c.unit_id).order_by(line.c.root, line.c.height)


_LINES = _lines()
"""Asked with most steps of a case, so built once."""
