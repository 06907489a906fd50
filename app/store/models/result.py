"""What comes of a ranking: the provincial publicity of the approved list, and reports on how lenient experts were."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.store.models.base import Base
from app.store.types import Id, refers


class ProvincialWindow(Base):
    """The days on which a cycle's approved list is public (C5.3e); ``ends_at`` only ever grows.

    ``concluded_at``: when 省委教育工委 first said what came of it; items with an open objection are held beyond that.
    """

    __tablename__ = "provincial_window"
    __table_args__ = (CheckConstraint("working_days > 0", name="working_days"),)

    cycle_id: Mapped[int] = refers("cycle", primary_key=True)
    opened_at: Mapped[datetime]
    opens_on: Mapped[date]
    ends_at: Mapped[datetime]
    working_days: Mapped[int]
    concluded_at: Mapped[datetime | None]


class ProvincialExtension(Base):
    """A provincial publicity made longer, with the reason as it was published; never changed."""

    __tablename__ = "provincial_extension"
    __table_args__ = (CheckConstraint("ends_after > ends_before", name="only_later"),)

    id: Mapped[Id]
    cycle_id: Mapped[int] = refers("cycle", index=True)
    at: Mapped[datetime]
    reason: Mapped[str]
    ends_before: Mapped[datetime]
    ends_after: Mapped[datetime]


class LeniencyReport(Base):
    """How lenient each expert was, estimated from the scores whose digest it bears: advice, it changes no score."""

    __tablename__ = "leniency_report"

    id: Mapped[Id]
    cycle_id: Mapped[int] = refers("cycle", index=True)
    digest: Mapped[str]
    content: Mapped[dict[str, Any]]
    by_id: Mapped[int | None] = refers("person")
    at: Mapped[datetime]
