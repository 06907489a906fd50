"""Acceptance of a studio at the end of its term (C6.2): the case, who inspects, their sheets."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.acceptance import Grade
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class AcceptanceState(StrEnum):
    """How an acceptance stands; ``closed``: the studio was revoked or ended meanwhile."""

    OPEN = "open"
    DEFERRED = "deferred"
    PASSED = "passed"
    FAILED = "failed"
    CLOSED = "closed"


class Acceptance(Base):
    """A studio's acceptance, one a studio. ``score`` as decimal text; ``visit`` 2 after a deferral, which happens once.

    ``document``: the number under which it was concluded.
    """

    __tablename__ = "acceptance"
    __table_args__ = (
        CheckConstraint("visit IN (1, 2)", name="visit"),
        CheckConstraint("(visit = 2) = (deferred_until IS NOT NULL)", name="deferred_once"),
        CheckConstraint("(state IN ('passed', 'failed')) = (concluded_on IS NOT NULL)", name="concluded"),
        CheckConstraint("(state IN ('passed', 'failed')) = (grade IS NOT NULL)", name="graded"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    studio_id: Mapped[int] = refers("studio", unique=True)
    instance_id: Mapped[int | None] = refers("instance", unique=True)
    opened_at: Mapped[datetime]
    state: Mapped[AcceptanceState] = mapped_column(word(AcceptanceState))
    visit: Mapped[int] = mapped_column(default=1)
    deferred_until: Mapped[date | None]
    score: Mapped[str | None]
    grade: Mapped[Grade | None] = mapped_column(word(Grade))
    concluded_on: Mapped[date | None]
    document: Mapped[str | None]
    reason: Mapped[str | None]


class Inspector(Base):
    """An expert named to inspect a studio at one visit; who was replaced before handing in a sheet has left."""

    __tablename__ = "acceptance_inspector"
    __table_args__ = (CheckConstraint("(left_at IS NULL) = (left_reason IS NULL)", name="left"),)

    acceptance_id: Mapped[int] = refers("acceptance", primary_key=True)
    visit: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = refers("person", primary_key=True)
    named_by_id: Mapped[int] = refers("person")
    named_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str | None]


class Inspection(Base):
    """An inspector's sheet of one visit, locked when it arrived; ``total`` is an exact fraction as text.

    ``scores``: dimension → score as text; ``found``: commitment → how it was kept. ``sent_as``: the name under which a
    phone sent it, so that a second sending is known for what it is.
    """

    __tablename__ = "acceptance_inspection"
    __table_args__ = (UniqueConstraint("acceptance_id", "visit", "person_id"),)

    id: Mapped[Id]
    acceptance_id: Mapped[int] = refers("acceptance")
    visit: Mapped[int]
    person_id: Mapped[int] = refers("person", index=True)
    task_id: Mapped[str] = mapped_column(unique=True)
    sent_as: Mapped[str | None]
    visited_on: Mapped[date]
    scores: Mapped[dict[str, Any]]
    found: Mapped[dict[str, Any]]
    total: Mapped[str]
    opinion: Mapped[str]
    submitted_at: Mapped[datetime]
