"""Originals checked against the files uploaded (原件核验)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from app.store import Session
from app.store.models import Evidence, EvidenceUse


def mark_checked(session: Session, instance_id: int, public_ids: Collection[str], *, by_id: int, at: datetime) -> None:
    """Note that the originals of these files of a case were seen; what was noted before stands."""
    seen = select(Evidence.id).where(Evidence.public_id.in_(tuple(public_ids)))
    session.execute(
        update(EvidenceUse)
        .where(
            EvidenceUse.instance_id == instance_id,
            EvidenceUse.original_checked_at.is_(None),
            EvidenceUse.evidence_id.in_(seen),
        )
        .values(original_checked_by_id=by_id, original_checked_at=at)
        .execution_options(synchronize_session=False)
    )
