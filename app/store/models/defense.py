"""The defense (C5.3c): its sessions, the slot of each case, who sits in it, and what they gave. Scores never change."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import SlotState
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class DefenseSession(Base):
    """Defenses heard one after another in a room. ``commitment`` is the digest of ``nonce``, shown from the start.

    The nonce is shown with the ``word`` that a ``witness`` gave once the lots are drawn: neither alone fixes the order.
    """

    __tablename__ = "defense_session"
    __table_args__ = (
        CheckConstraint("(drawn_at IS NULL) = (word IS NULL)", name="drawn_with_a_word"),
        CheckConstraint("(drawn_at IS NULL) = (witness IS NULL)", name="drawn_with_a_witness"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    cycle_id: Mapped[int] = refers("cycle", index=True)
    title: Mapped[str]
    room: Mapped[str]
    starts_at: Mapped[datetime]
    nonce: Mapped[str]
    commitment: Mapped[str]
    word: Mapped[str | None]
    witness: Mapped[str | None]
    drawn_at: Mapped[datetime | None]
    drawn_by_id: Mapped[int | None] = refers("person")
    by_id: Mapped[int] = refers("person")
    at: Mapped[datetime]


class DefenseSlot(Base):
    """The time of one case in a session; nobody speaks before an identity was checked: there is no proxy."""

    __tablename__ = "defense_slot"
    __table_args__ = (
        UniqueConstraint("session_id", "lot"),
        CheckConstraint("begun_at IS NULL OR identity_at IS NOT NULL", name="no_proxy"),
        CheckConstraint("(identity_at IS NULL) = (document IS NULL)", name="identity"),
    )

    application_id: Mapped[int] = refers("application", primary_key=True)
    session_id: Mapped[int] = refers("defense_session")
    lot: Mapped[int | None]
    planned_at: Mapped[datetime | None]
    state: Mapped[SlotState] = mapped_column(word(SlotState))
    called_at: Mapped[datetime | None]
    document: Mapped[str | None]
    identity_by_id: Mapped[int | None] = refers("person")
    identity_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    questions_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class DefenseSeat(Base):
    """An expert who judges a case's defense; who left stands aside from the case, with the reason."""

    __tablename__ = "defense_seat"
    __table_args__ = (CheckConstraint("(left_at IS NULL) = (reason IS NULL)", name="left"),)

    application_id: Mapped[int] = refers("application", primary_key=True)
    expert_id: Mapped[int] = refers("person", primary_key=True, index=True)
    at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class ScoreWay(StrEnum):
    """How a score came in: on the expert's own phone, as two equal entries of a sheet, or settled from the sheet."""

    PHONE = "phone"
    SHEETS = "sheets"
    SETTLED = "settled"


class DefenseScore(Base):
    """An expert's score of a defense; the database refuses to change or delete it."""

    __tablename__ = "defense_score"
    __table_args__ = (CheckConstraint("(way = 'settled') = (reason IS NOT NULL)", name="settled"),)

    application_id: Mapped[int] = refers("application", primary_key=True)
    expert_id: Mapped[int] = refers("person", primary_key=True)
    score: Mapped[str]
    way: Mapped[ScoreWay] = mapped_column(word(ScoreWay))
    by_id: Mapped[int] = refers("person")
    reason: Mapped[str | None]
    at: Mapped[datetime]


class DefenseSheet(Base):
    """What somebody read from an expert's paper sheet; two people key each, neither seeing the other's entry."""

    __tablename__ = "defense_sheet"

    application_id: Mapped[int] = refers("application", primary_key=True)
    expert_id: Mapped[int] = refers("person", primary_key=True)
    by_id: Mapped[int] = refers("person", primary_key=True)
    score: Mapped[str]
    at: Mapped[datetime]
