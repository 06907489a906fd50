"""Applications and what was found about them, clause by clause."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
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
    birth_date: Mapped[date | None]
    branch_kind: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    material_score: Mapped[str | None]
    defense_score: Mapped[str | None]
    final_score: Mapped[str | None]
    rank: Mapped[int | None]


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
