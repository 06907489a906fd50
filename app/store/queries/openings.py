"""Openings of sealed identities: who asked, about which objection, who answered."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session, aliased

from app.store.models import Application, IdentityOpening, Objection, Person, Role, RoleHolding, Unit


def objection_with_host(session: Session, public_id: str) -> Row[Objection, int] | None:
    """Return an objection and the host of the item it is about."""
    query = select(Objection, Application.host_id).join(Application, Application.id == Objection.application_id)
    return session.execute(query.where(Objection.public_id == public_id)).one_or_none()


def lock_opening(session: Session, public_id: str) -> tuple[IdentityOpening, Objection, int] | None:
    """Return an opening, its row locked, with its objection and the host of the item."""
    query = (
        select(IdentityOpening, Objection, Application.host_id)
        .join(Objection, Objection.id == IdentityOpening.objection_id)
        .join(Application, Application.id == Objection.application_id)
        .where(IdentityOpening.public_id == public_id)
        .with_for_update(of=IdentityOpening)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def openings(session: Session, limit: int = 100) -> Sequence[Row[IdentityOpening, Objection, str, str, str | None]]:
    """Return openings with objection, branch, who asked and who answered, the latest first."""
    asked, answered = aliased(Person), aliased(Person)
    query = (
        select(IdentityOpening, Objection, Unit.name, asked.name, answered.name)
        .join(Objection, Objection.id == IdentityOpening.objection_id)
        .join(Application, Application.id == Objection.application_id)
        .join(Unit, Unit.id == Application.branch_id)
        .join(asked, asked.id == IdentityOpening.asked_by_id)
        .outerjoin(answered, answered.id == IdentityOpening.answered_by_id)
    )
    return session.execute(query.order_by(IdentityOpening.id.desc()).limit(limit)).all()


def roles_of(session: Session, person_id: int, on: date) -> frozenset[str]:
    """Return the keys of the roles that a person holds on a day, anywhere."""
    query = select(Role.key).join(RoleHolding, RoleHolding.role_id == Role.id)
    in_force = (RoleHolding.valid_from <= on, or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to >= on))
    return frozenset(session.scalars(query.where(RoleHolding.person_id == person_id, *in_force)))
