"""Pages covered by hand for a blind review."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, select, update
from sqlalchemy.engine import CursorResult

from app.store import Session
from app.store.models import Evidence, EvidenceUse, PageCover, Person


def cover_of(session: Session, evidence_id: int, page: int) -> PageCover | None:
    """Return how a page is covered, None where nobody has looked it through."""
    query = select(PageCover).where(PageCover.evidence_id == evidence_id, PageCover.page == page)
    return session.scalars(query.where(PageCover.lifted_at.is_(None))).one_or_none()


def lock(session: Session, evidence_id: int) -> None:
    """Let two who cover pages of a file follow each other."""
    session.execute(select(Evidence.id).where(Evidence.id == evidence_id).with_for_update())


def covered_pages(session: Session, evidence_ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """Return the pages of these files that somebody has looked through: file and page."""
    query = select(PageCover.evidence_id, PageCover.page).where(PageCover.evidence_id.in_(tuple(evidence_ids)))
    return frozenset((file, page) for file, page in session.execute(query.where(PageCover.lifted_at.is_(None))))


def history_of(session: Session, evidence_id: int, page: int) -> Sequence[tuple[PageCover, str]]:
    """Return every cover of a page with who made it, the latest first."""
    return session.execute(
        select(PageCover, Person.name)
        .join(Person, Person.id == PageCover.by_id)
        .where(PageCover.evidence_id == evidence_id, PageCover.page == page)
        .order_by(PageCover.id.desc())
    ).all()


def lift(session: Session, evidence_id: int, page: int, *, by_id: int, at: datetime, reason: str) -> bool:
    """Let a page's cover hold no longer; tell whether there was one."""
    changed = session.execute(
        update(PageCover)
        .where(PageCover.evidence_id == evidence_id, PageCover.page == page, PageCover.lifted_at.is_(None))
        .values(lifted_at=at, lifted_by_id=by_id, lift_reason=reason)
        .execution_options(synchronize_session="fetch")
    )
    return cast("CursorResult[Any]", changed).rowcount > 0


def files_of(session: Session, instance_ids: Collection[int]) -> Sequence[Row[int, str, int, list[Any] | None]]:
    """Return the files that these cases use: case, the file's public id and id, its pages that are scans."""
    query = (
        select(EvidenceUse.instance_id, Evidence.public_id, Evidence.id, Evidence.scans)
        .join(Evidence, Evidence.id == EvidenceUse.evidence_id)
        .where(EvidenceUse.instance_id.in_(tuple(instance_ids)), Evidence.infected_at.is_(None))
    )
    return session.execute(query).all()
