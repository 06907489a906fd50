"""Hints put away, and whom to ask at a unit."""

from collections.abc import Collection

from sqlalchemy import select

from app.store import Session
from app.store.models import HintSeen, UnitContact


def hints_seen(session: Session, person_id: int) -> frozenset[str]:
    """Return the hints a person has put away."""
    return frozenset(session.scalars(select(HintSeen.hint).where(HintSeen.person_id == person_id)))


def contacts_of(session: Session, unit_ids: Collection[int]) -> dict[int, UnitContact]:
    """Return whom to ask, for those of the units that say so."""
    rows = session.scalars(select(UnitContact).where(UnitContact.unit_id.in_(tuple(unit_ids))))
    return {row.unit_id: row for row in rows}


def contact_of(session: Session, unit_id: int) -> UnitContact | None:
    """Return whom to ask at a unit, None where nothing is known."""
    return session.get(UnitContact, unit_id)
