"""Originals: every file once, under the SHA-256 of its bytes, and what each is used for."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class ScanState(StrEnum):
    """What the look for malware said when the file came."""

    CLEAN = "clean"
    UNSCANNED = "unscanned"


class Evidence(Base):
    """One uploaded file; the bytes lie in the file store under ``sha256`` and never change.

    ``infected_at``: when a later look found malware in it; nobody opens it any more. ``scans``: its pages with
    something on them that is no text; None: nobody has looked yet.
    """

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    pages: Mapped[int | None]
    media_type: Mapped[str]
    file_name: Mapped[str]
    scanned: Mapped[ScanState] = mapped_column(word(ScanState))
    infected_at: Mapped[datetime | None]
    scans: Mapped[list[Any] | None]
    uploaded_by_id: Mapped[int] = refers("person", index=True)
    uploaded_at: Mapped[datetime]


class EvidenceUse(Base):
    """A file proves something: a row of a form's group (``owner``, ``row_key``), for a clause, in a case."""

    __tablename__ = "evidence_use"
    __table_args__ = (Index(None, "instance_id", "owner", "row_key"),)

    id: Mapped[Id]
    evidence_id: Mapped[int] = refers("evidence", index=True)
    instance_id: Mapped[int] = refers("instance")
    task_id: Mapped[str] = mapped_column(index=True)
    owner: Mapped[str]
    row_key: Mapped[str] = mapped_column(default="")
    clause_id: Mapped[str | None]
    added_by_id: Mapped[int] = refers("person")
    added_at: Mapped[datetime]
    original_checked_by_id: Mapped[int | None] = refers("person")
    original_checked_at: Mapped[datetime | None]
