"""The application cycle (申报批次), its settings through their versions, the programme's clock and calendar."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import CycleStatus
from app.domain.workdays import OverrideSource
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class Cycle(Base):
    """A call for applications. ``as_of`` is the deadline first published; an extension moves ``deadline_at`` only.

    ``published_version``: the version of the settings that the call was opened with. ``review_groups``: those that
    the office formed, in their order, as ``domain.review_groups`` keeps them.

    At ``list_cutoff`` the units' lists open for ranking; what is not reported by ``reporting_cutoff`` is left out.

    Its own process instance is the one of process ``cycle`` whose business key is the cycle's ``public_id``.
    """

    __tablename__ = "cycle"
    __table_args__ = (
        CheckConstraint("deadline_at IS NULL OR deadline_first IS NOT NULL", name="deadline_first"),
        CheckConstraint("deadline_at IS NULL OR deadline_at >= deadline_first", name="deadline_only_later"),
        CheckConstraint("(status = 'announced') = (announced_at IS NOT NULL)", name="announced"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = refers("programme")
    title: Mapped[str]
    year: Mapped[int]
    status: Mapped[CycleStatus] = mapped_column(word(CycleStatus))
    settings: Mapped[dict[str, Any]]
    settings_version: Mapped[int] = mapped_column(default=1)
    published_version: Mapped[int | None]
    opens_at: Mapped[datetime | None]
    deadline_first: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    as_of: Mapped[date | None]
    list_cutoff: Mapped[datetime | None]
    reporting_cutoff: Mapped[datetime | None]
    experts_assigned_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    announcement_number: Mapped[str | None]
    announcement: Mapped[str | None]
    call_text: Mapped[str | None]
    receipts: Mapped[int] = mapped_column(default=0)
    review_groups: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class CycleSettingsVersion(Base):
    """A cycle's settings as somebody set them once; never changed."""

    __tablename__ = "cycle_settings"

    cycle_id: Mapped[int] = refers("cycle", primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = refers("person")
    at: Mapped[datetime]


class CycleExtension(Base):
    """A deadline moved to a later moment, with the reason as it was published; never changed (C5.1)."""

    __tablename__ = "cycle_extension"
    __table_args__ = (CheckConstraint("deadline_after >= deadline_before", name="only_later"),)

    id: Mapped[Id]
    cycle_id: Mapped[int] = refers("cycle", index=True)
    at: Mapped[datetime]
    reason: Mapped[str]
    deadline_before: Mapped[datetime]
    deadline_after: Mapped[datetime]


class ProgrammeClock(Base):
    """How far the programme's time runs ahead of the machine's; one row, forward only, demonstration only."""

    __tablename__ = "programme_clock"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), CheckConstraint("offset_seconds >= 0", name="forward"))

    id: Mapped[Id]
    offset_seconds: Mapped[int] = mapped_column(default=0)
    moved_by_id: Mapped[int | None] = refers("person")
    moved_at: Mapped[datetime | None]


class CalendarOverride(Base):
    """A day on which the statutory calendar of the library is not to be asked."""

    __tablename__ = "calendar_override"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    source: Mapped[OverrideSource] = mapped_column(word(OverrideSource))
    note: Mapped[str] = mapped_column(default="")
