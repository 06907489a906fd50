"""Incidents that wait for an administrator."""

from collections.abc import Sequence

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from app.store.models import Incident, Instance


def open_incidents(session: Session, limit: int) -> Sequence[Row[Incident, Instance]]:
    """Return unresolved incidents, oldest first, with their cases (None: the case never came to be)."""
    query = select(Incident, Instance).outerjoin(Instance, Instance.id == Incident.instance_id)
    return session.execute(query.where(Incident.resolved_at.is_(None)).order_by(Incident.id).limit(limit)).all()


def is_open(session: Session, code: str, reason: str) -> bool:
    """Tell whether an incident that says this waits already."""
    same = exists().where(Incident.code == code, Incident.reason == reason, Incident.resolved_at.is_(None))
    return session.scalar(select(same)) or False
