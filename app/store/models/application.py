"""Applications and what was found about them, clause by clause."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.units import Track
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class ApplicationState(StrEnum):
    """Where an application stands as a whole; everything but ``live`` is final."""

    LIVE = "live"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    REMOVED = "removed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    NOT_SHORTLISTED = "not_shortlisted"
    STRUCK = "struck"
    ANNOUNCED = "announced"
    REVOKED = "revoked"


_LIVE = text("state = 'live'")


class Application(Base):
    """One application (C5.1): one live per person, per branch and per cycle. Scores are exact fractions as text.

    ``reviewed_at``: when the reviews of its material were complete; in a blind cycle its reviewers may know it then.
    ``entered_by_id``: who entered it at ``entered_unit_id`` from the paper received on ``paper_received_on``.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("(submitted_at IS NULL) = (receipt_number IS NULL)", name="receipt"),
        CheckConstraint("submitted_at IS NULL OR snapshot IS NOT NULL", name="snapshot"),
        CheckConstraint("(entered_by_id IS NULL) = (entered_unit_id IS NULL)", name="entered"),
        CheckConstraint("paper_received_on IS NULL OR entered_by_id IS NOT NULL", name="paper"),
        Index(
            "uq_application_live_host", "cycle_id", "host_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        ),
        Index(
            "uq_application_live_branch",
            "cycle_id",
            "branch_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(None, "cycle_id", "state"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    instance_id: Mapped[int] = refers("instance", unique=True)
    cycle_id: Mapped[int] = refers("cycle")
    host_id: Mapped[int] = refers("person", index=True)
    branch_id: Mapped[int] = refers("unit", index=True)
    prelim_unit_id: Mapped[int | None] = refers("unit", index=True)
    entered_by_id: Mapped[int | None] = refers("person")
    entered_unit_id: Mapped[int | None] = refers("unit", index=True)
    paper_received_on: Mapped[date | None]
    track: Mapped[Track] = mapped_column(word(Track))
    state: Mapped[ApplicationState] = mapped_column(word(ApplicationState))
    state_reason: Mapped[str | None]
    settings_version: Mapped[int]
    receipt_number: Mapped[str | None] = mapped_column(unique=True)
    submitted_at: Mapped[datetime | None]
    pledged_at: Mapped[datetime | None]
    snapshot: Mapped[dict[str, Any] | None]
    field: Mapped[str | None]
    summary: Mapped[str | None]
    review_until: Mapped[datetime | None]
    birth_date: Mapped[date | None]
    branch_kind: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    material_score: Mapped[str | None]
    defense_score: Mapped[str | None]
    final_score: Mapped[str | None]
    rank: Mapped[int | None]


class ReviewOutcome(StrEnum):
    """What a request for review (申请复核) came to: the decision is annulled and made again, or maintained (C5.2a)."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


class ReviewRequest(Base):
    """A host's request to have a decision reviewed by who did not take it; ``until``: the end of the days for it.

    ``stage``: whose decision it is: ``initial``, ``format``, ``shortlist`` or ``approval``.
    """

    __tablename__ = "review_request"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("outcome IS NULL OR (filed_at IS NOT NULL AND reason IS NOT NULL)", name="reason"),
        UniqueConstraint("application_id", "until", "stage"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = refers("application")
    instance_id: Mapped[int | None] = refers("instance", unique=True)
    stage: Mapped[str] = mapped_column(default="initial", server_default="initial")
    until: Mapped[datetime]
    begun_at: Mapped[datetime]
    rejected_reason: Mapped[str]
    filed_at: Mapped[datetime | None]
    outcome: Mapped[ReviewOutcome | None] = mapped_column(word(ReviewOutcome))
    reason: Mapped[str | None]
    decided_by_id: Mapped[int | None] = refers("person")
    decided_at: Mapped[datetime | None]


class Falsity(Base):
    """False materials (弄虚作假) reported of an application; ``is_established``: what 省委教育工委 came to (C5.3e)."""

    __tablename__ = "falsity"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (is_established IS NULL)", name="decided"),
        CheckConstraint("NOT is_established OR document_number IS NOT NULL", name="document"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    application_id: Mapped[int] = refers("application", index=True)
    instance_id: Mapped[int | None] = refers("instance", unique=True)
    report: Mapped[str]
    reported_by_id: Mapped[int] = refers("person")
    reported_at: Mapped[datetime]
    is_established: Mapped[bool | None]
    finding: Mapped[str | None]
    document_number: Mapped[str | None]
    decided_by_id: Mapped[int | None] = refers("person")
    decided_at: Mapped[datetime | None]


class Verdict(StrEnum):
    """What a clause came to; never a silent pass."""

    MET = "met"
    NOT_MET = "not_met"
    NEEDS_HUMAN = "needs_human"


class FindingKind(StrEnum):
    """How a verdict came about: computed, declared by a body, checked against originals, ruled by a person."""

    AUTOMATIC = "automatic"
    DECLARED = "declared"
    CHECKED = "checked"
    RULED = "ruled"


class ClauseFinding(Base):
    """One verdict on one clause of an application; rows are added, never changed, and the latest one holds."""

    __tablename__ = "clause_finding"
    __table_args__ = (
        CheckConstraint("kind = 'automatic' OR decided_by_id IS NOT NULL", name="decided_by"),
        Index(None, "application_id", "clause_id", "id"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = refers("application")
    clause_id: Mapped[str]
    verdict: Mapped[Verdict] = mapped_column(word(Verdict))
    kind: Mapped[FindingKind] = mapped_column(word(FindingKind))
    rule_version: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    decided_by_id: Mapped[int | None] = refers("person")
    decided_role: Mapped[str | None]
    reason: Mapped[str | None]
    at: Mapped[datetime]
