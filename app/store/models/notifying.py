"""What people are told: notices in the product, what each has chosen, and the messages that leave the house."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Time, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.notice_texts import Tongue
from app.domain.notices import Channel, Medium, Mode, NoticeKind
from app.domain.states import DispatchState
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class Notice(Base):
    """Something a person is told; ``given`` fills the named places of its kind's text.

    ``discreet``: of a reviewer's work, which no group may learn of. ``task_id`` outlives its task.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index(
            "ix_notice_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(None, "person_id", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = refers("person")
    kind: Mapped[NoticeKind] = mapped_column(word(NoticeKind))
    case_id: Mapped[int | None] = refers("instance", index=True)
    task_id: Mapped[str | None] = mapped_column(String(32), index=True)
    given: Mapped[dict[str, Any]]
    discreet: Mapped[bool]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    dedupe_key: Mapped[str] = mapped_column(unique=True)


class NoticeChoice(Base):
    """When a person wants a kind by a channel, where they want it otherwise than it is by default."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = refers("person", primary_key=True)
    channel: Mapped[Channel] = mapped_column(word(Channel), primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(word(NoticeKind), primary_key=True)
    mode: Mapped[Mode] = mapped_column(word(Mode))


class NoticeHabit(Base):
    """A person's quiet hours (Shanghai time) and the language they are written to in."""

    __tablename__ = "notice_habit"

    person_id: Mapped[int] = refers("person", primary_key=True)
    quiet_begins: Mapped[time] = mapped_column(Time())
    quiet_ends: Mapped[time] = mapped_column(Time())
    tongue: Mapped[Tongue] = mapped_column(word(Tongue))


class Contact(Base):
    """Where a person can be reached: ``address`` has been proved their own, ``pending`` waits for its code.

    Of a code only a salted hash is kept; ``tries`` counts wrong ones.
    """

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("(address IS NULL) = (verified_at IS NULL)", name="verified"),
        CheckConstraint("(pending IS NULL) = (code_hash IS NULL)", name="code"),
        CheckConstraint("(pending IS NULL) = (code_until IS NULL)", name="code_until"),
    )

    person_id: Mapped[int] = refers("person", primary_key=True)
    medium: Mapped[Medium] = mapped_column(word(Medium), primary_key=True)
    address: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    pending: Mapped[str | None]
    code_hash: Mapped[str | None]
    code_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


class NoticeTemplate(Base):
    """A text that the system administrator put in the place of the product's own."""

    __tablename__ = "notice_template"

    kind: Mapped[NoticeKind] = mapped_column(word(NoticeKind), primary_key=True)
    tongue: Mapped[Tongue] = mapped_column(word(Tongue), primary_key=True)
    subject: Mapped[str]
    body: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = refers("person")


class Dispatch(Base):
    """A message that leaves the house: claimed before it is sent, so that a crash never sends it twice.

    ``public_id`` is what the outside knows it by; ``address`` is set where it is not the person's proved one: then
    it carries ``code``, sealed.
    ``run_at`` is the programme's time, ``lease_until`` the machine's. Subject and body are kept as they were sent.
    """

    __tablename__ = "dispatch"
    __table_args__ = (
        CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="lease"),
        Index(
            "ix_dispatch_waiting",
            "run_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_dispatch_sending",
            "lease_until",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
        Index(None, "state", "id"),
        Index(None, "person_id", "created_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = refers("person")
    channel: Mapped[Channel] = mapped_column(word(Channel))
    address: Mapped[str | None]
    code: Mapped[str | None]
    state: Mapped[DispatchState] = mapped_column(word(DispatchState))
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    error: Mapped[str | None]
    sent_to: Mapped[str | None]
    subject: Mapped[str | None]
    body: Mapped[str | None]
    dedupe_key: Mapped[str] = mapped_column(unique=True)


class DispatchNotice(Base):
    """A notice that a message tells of; a digest tells of several."""

    __tablename__ = "dispatch_notice"

    dispatch_id: Mapped[int] = refers("dispatch", primary_key=True)
    notice_id: Mapped[int] = refers("notice", primary_key=True, index=True)
