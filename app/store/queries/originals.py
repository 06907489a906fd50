"""Originals checked against the files uploaded (原件核验)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from app.store import Session
from app.store.models import Evidence, EvidenceUse


def mark_checked(
    session: Session, instance_id: int, public_ids: Collection[str], *, by_id: int, at: datetime
) -> frozenset[str]:
    """Note that the originals of these files of a case were seen; return those that had not been before."""
    found = session.execute(
        select(EvidenceUse.id, Evidence.public_id)
        .join(Evidence, Evidence.id == EvidenceUse.evidence_id)
        .where(
            EvidenceUse.instance_id == instance_id,
            EvidenceUse.original_checked_at.is_(None),
            Evidence.public_id.in_(tuple(public_ids)),
        )
    ).all()
    session.execute(
        update(EvidenceUse)
        .where(EvidenceUse.id.in_([row.id for row in found]))
        .values(original_checked_by_id=by_id, original_checked_at=at)
        .execution_options(synchronize_session=False)
    )
    return frozenset(row.public_id for row in found)
