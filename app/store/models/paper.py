"""Papers made from a case: numbered, kept as bytes, never changed; and the Word templates that offices put in place."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.papers import PaperKind
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class PaperCount(Base):
    """How many papers of a kind were numbered in a year."""

    __tablename__ = "paper_count"

    kind: Mapped[PaperKind] = mapped_column(word(PaperKind), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class PaperTemplate(Base):
    """A Word template to stand in the place of ours; the highest version of a kind that a second person released holds.

    ``released_by_id`` None beside ``released_at``: put in place before a release was asked for.
    """

    __tablename__ = "paper_template"
    __table_args__ = (
        UniqueConstraint("kind", "version"),
        CheckConstraint("released_by_id IS NULL OR released_at IS NOT NULL", name="released"),
        CheckConstraint("released_by_id IS NULL OR released_by_id <> by_id", name="four_eyes"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    kind: Mapped[PaperKind] = mapped_column(word(PaperKind))
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    file_name: Mapped[str]
    by_id: Mapped[int] = refers("person")
    at: Mapped[datetime]
    released_by_id: Mapped[int | None] = refers("person")
    released_at: Mapped[datetime | None]


class Paper(Base):
    """A paper: numbered with its facts first, its files made after that; ``pdf_sha256`` None: being made.

    ``key`` names the event it is about, so that one event makes one paper; ``subject`` what the public knows it by: the
    window, the cycle, the objection, else the application (public ids). ``sequence`` None: the office gave the
    number itself. ``missing``: characters that no font of ours has, printed as 〓. ``dated``: the moment of the event.
    """

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("kind", "year", "sequence"),
        UniqueConstraint("kind", "number"),
        CheckConstraint("(pdf_sha256 IS NULL) = (made_at IS NULL)", name="made"),
        Index(None, "instance_id", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    kind: Mapped[PaperKind] = mapped_column(word(PaperKind))
    key: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    sequence: Mapped[int | None]
    number: Mapped[str]
    title: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]
    cycle_id: Mapped[int] = refers("cycle", index=True)
    instance_id: Mapped[int] = refers("instance")
    by_id: Mapped[int | None] = refers("person")
    dated: Mapped[datetime]
    made_at: Mapped[datetime | None]
    pdf_sha256: Mapped[str | None] = mapped_column(index=True)
    pdf_size: Mapped[int | None]
    word_sha256: Mapped[str | None] = mapped_column(index=True)
    word_size: Mapped[int | None]
    template_id: Mapped[int | None] = refers("paper_template")
    missing: Mapped[list[Any]]
