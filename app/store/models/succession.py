"""Changes of a studio's host, and what else happened to a studio by a document (C6.1b, C6.2, C5.3e)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class ChangeState(StrEnum):
    """How a wish to change the host stands; everything but ``open`` is final. ``lapsed``: the studio was closed."""

    OPEN = "open"
    EFFECTIVE = "effective"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


_OPEN = text("state = 'open'")


class HostChange(Base):
    """A wish to change a studio's host (C6.1b), one at a time a studio; ``instance_id``: its case.

    ``birth_date``: the successor's, as stated. ``checks``: C4.1 as judged of them on ``checked_on``, clause by
    clause; ``shortfall``: some were not met.
    """

    __tablename__ = "host_change"
    __table_args__ = (
        CheckConstraint("(state = 'effective') = (effective_on IS NOT NULL)", name="effective"),
        CheckConstraint("state <> 'effective' OR successor_id IS NOT NULL", name="successor"),
        CheckConstraint("successor_id IS NULL OR successor_id <> host_id", name="another"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
        Index("uq_host_change_open", "studio_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "studio_id", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    studio_id: Mapped[int] = refers("studio")
    instance_id: Mapped[int | None] = refers("instance", unique=True)
    host_id: Mapped[int] = refers("person", index=True)
    successor_id: Mapped[int | None] = refers("person", index=True)
    asked_by_id: Mapped[int] = refers("person", index=True)
    asked_at: Mapped[datetime]
    cause: Mapped[str | None]
    reason: Mapped[str | None]
    birth_date: Mapped[date | None]
    checks: Mapped[list[Any]] = mapped_column(default=list)
    checked_on: Mapped[date | None]
    shortfall: Mapped[bool | None]
    state: Mapped[ChangeState] = mapped_column(word(ChangeState))
    document: Mapped[str | None]
    effective_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]


class StudioEventKind(StrEnum):
    """What happened to a studio, beside what its processes record."""

    RENAMED = "renamed"
    REORGANISED = "reorganised"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    NEW_FACT = "new_fact"
    FACT_CLEARED = "fact_cleared"
    ENDED_EARLY = "ended_early"
    REVOKED = "revoked"
    PLAQUE_GIVEN = "plaque_given"
    PLAQUE_WITHDRAWN = "plaque_withdrawn"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    TAKEN_OVER = "taken_over"


class StudioEvent(Base):
    """Something that happened to a studio on a day, by which document and for which reason; never changed."""

    __tablename__ = "studio_event"
    __table_args__ = (Index(None, "studio_id", "id"),)

    id: Mapped[Id]
    studio_id: Mapped[int] = refers("studio")
    kind: Mapped[StudioEventKind] = mapped_column(word(StudioEventKind))
    on_day: Mapped[date]
    document: Mapped[str]
    reason: Mapped[str]
    details: Mapped[dict[str, Any]]
    by_id: Mapped[int | None] = refers("person")
    at: Mapped[datetime]
