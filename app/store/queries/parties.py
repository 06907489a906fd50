"""Who plays which lane in a case."""

from collections.abc import Sequence

from sqlalchemy import select

from app.store import Session
from app.store.models import InstanceParty, Person, Role, Unit


def of_case(session: Session, instance_id: int) -> Sequence[tuple[str, Unit | None, Person | None]]:
    """Return a case's parties: the role, and the unit or person that plays it."""
    return session.execute(
        select(Role.key, Unit, Person)
        .select_from(InstanceParty)
        .join(Role, Role.id == InstanceParty.role_id)
        .outerjoin(Unit, Unit.id == InstanceParty.unit_id)
        .outerjoin(Person, Person.id == InstanceParty.person_id)
        .where(InstanceParty.instance_id == instance_id)
        .order_by(InstanceParty.id)
    ).all()
