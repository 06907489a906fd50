"""The cases of a studio's life."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from app.store import Session
from app.store.models import Instance, Person


def life_of(session: Session, construction_id: int, application_id: int | None) -> Sequence[Instance]:
    """Return the cases of a studio in the order they began: its application, its construction, what hung on either."""
    roots = [each for each in (application_id, construction_id) if each is not None]
    query = select(Instance).where(or_(Instance.id.in_(roots), Instance.parent_id.in_(roots)))
    return session.scalars(query.order_by(Instance.started_at, Instance.id)).all()


def name_of(session: Session, person_id: int) -> str:
    """Return a person's name."""
    return session.execute(select(Person.name).where(Person.id == person_id)).scalar_one()
