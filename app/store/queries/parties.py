"""Who plays which lane in a case."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select

from app.store import Session
from app.store.models import Instance, InstanceParty, Person, Role, Subscription, Unit


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


def waiting_parties(
    session: Session, case: str, message: str, roles: Collection[str]
) -> Iterator[tuple[str, int | None]]:
    """Return each role of ``roles`` with the unit that plays it in a case (public id) which waits for ``message``."""
    found = session.execute(
        select(Role.key, InstanceParty.unit_id)
        .select_from(InstanceParty)
        .join(Role, Role.id == InstanceParty.role_id)
        .join(Instance, Instance.id == InstanceParty.instance_id)
        .join(Subscription, Subscription.instance_id == Instance.id)
        .where(Instance.public_id == case, Subscription.name == message, InstanceParty.unit_id.is_not(None))
        .where(Role.key.in_(tuple(roles)))
    )
    return ((role, unit_id) for role, unit_id in found)
