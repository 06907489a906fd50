"""The audit chain: one hash chain a case, written in the transaction it tells of."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base
from app.store.types import KEY, Id, refers


class AuditHead(Base):
    """The end of a case's chain; its row lock orders the writers. ``case_id`` 0 is the office's own chain.

    A trigger moves it on when an event is added, and refuses an event that does not follow it.
    """

    __tablename__ = "audit_head"

    case_id: Mapped[int] = mapped_column(KEY, primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str]


class AuditEvent(Base):
    """One event; ``body`` are the exact bytes that were hashed, the columns beside it are for searching."""

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("case_id", "case_seq"), Index(None, "at"), Index(None, "person_id", "at"))

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(KEY)
    case_seq: Mapped[int]
    body: Mapped[bytes]
    prev_hash: Mapped[str]
    event_hash: Mapped[str]
    leaf_index: Mapped[int | None] = mapped_column(KEY, unique=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = refers("person")
    action: Mapped[str]
    object: Mapped[str]


class AuditPersonal(Base):
    """Personal data an event commits to by a salted hash: erasing the row leaves the chain whole."""

    __tablename__ = "audit_personal"

    event_id: Mapped[int] = refers("audit_event", primary_key=True)
    salt: Mapped[bytes]
    payload: Mapped[bytes]
