"""What makes pages of evidence comparable: their prints, in bands by which alike ones are found; rulings on pairs."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base
from app.store.types import Id, refers

_IN_FORCE = text("lifted_at IS NULL")


class PagePrint(Base):
    """The print of a page of a file, 256 bits in hex; computed once, for the bytes never change."""

    __tablename__ = "page_print"
    __table_args__ = (UniqueConstraint("evidence_id", "page"),)

    id: Mapped[Id]
    evidence_id: Mapped[int] = refers("evidence")
    page: Mapped[int]
    print: Mapped[str]


class PageBand(Base):
    """A band of a print: alike pages share at least one."""

    __tablename__ = "page_band"

    band: Mapped[int] = mapped_column(primary_key=True)
    print_id: Mapped[int] = refers("page_print", primary_key=True, index=True)


class PageCover(Base):
    """A page that somebody looked through for a blind review, and what of it they covered (C5.3b).

    ``boxes``: left, top, right, bottom as shares of the page; none: nothing on it tells whose it is. A row is never
    changed but to be lifted: by the next one, or to withhold the page again.
    """

    __tablename__ = "page_cover"
    __table_args__ = (
        CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name="lifted"),
        Index(
            "uq_page_cover_in_force",
            "evidence_id",
            "page",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    id: Mapped[Id]
    evidence_id: Mapped[int] = refers("evidence", index=True)
    page: Mapped[int]
    boxes: Mapped[list[Any]]
    by_id: Mapped[int] = refers("person")
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = refers("person")
    lift_reason: Mapped[str | None]


class Duplicate(Base):
    """Evidence of an application that another one offers, too; a pair has a row for each of the two.

    ``pair`` is the same in both. Files and pages are None where a number alone is the same. ``likeness`` and ``facts``
    say what is the same; ``what``: the words of rows from before there were any.
    """

    __tablename__ = "duplicate"
    __table_args__ = (UniqueConstraint("application_id", "pair"),)

    id: Mapped[Id]
    application_id: Mapped[int] = refers("application")
    other_id: Mapped[int] = refers("application", index=True)
    pair: Mapped[str]
    what: Mapped[str] = mapped_column(default="")
    likeness: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    evidence_id: Mapped[int | None] = refers("evidence")
    page: Mapped[int | None]
    other_evidence_id: Mapped[int | None] = refers("evidence")
    other_page: Mapped[int | None]
    found_at: Mapped[datetime]


class DuplicateRuling(Base):
    """What a format check ruled on evidence that turned up in another application, too; never changed."""

    __tablename__ = "duplicate_ruling"
    __table_args__ = (CheckConstraint("ruling IN ('legitimate', 'unexplained')", name="ruling"),)

    id: Mapped[Id]
    pair: Mapped[str] = mapped_column(index=True)
    application_id: Mapped[int] = refers("application", index=True)
    other_id: Mapped[int] = refers("application")
    ruling: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int] = refers("person")
    at: Mapped[datetime]
