"""Incidents that wait for an administrator."""

from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.store.models import Incident, Instance


def open_incidents(session: Session, limit: int) -> Sequence[Row[Incident, Instance]]:
    """Return unresolved incidents, oldest first, with their cases (None: the case never came to be)."""
    query = select(Incident, Instance).outerjoin(Instance, Instance.id == Incident.instance_id)
    return session.execute(query.where(Incident.resolved_at.is_(None)).order_by(Incident.id).limit(limit)).all()
