"""What passes between cases: stored messages and who waits for them, cohorts and their joint decisions, due work."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base
from app.store.types import Id, refers


class Message(Base):
    """A message kept until its receiver waits; ``key_hash`` digests name and key, ``dedupe_key`` says it once."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(delivered_to_id IS NULL) = (delivered_at IS NULL)", name="delivered"),
        Index(
            "ix_message_waiting",
            "id",
            sqlite_where=text("delivered_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    name: Mapped[str]
    key_hash: Mapped[str] = mapped_column(String(64))
    key: Mapped[dict[str, Any]]
    payload: Mapped[dict[str, Any]]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    delivered_to_id: Mapped[int | None] = refers("instance", index=True)
    delivered_at: Mapped[datetime | None]


class Subscription(Base):
    """A receiver of an instance that waits for a message of this name and key."""

    __tablename__ = "subscription"
    __table_args__ = (Index(None, "key_hash"),)

    instance_id: Mapped[int] = refers("instance", primary_key=True)
    task_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    element_id: Mapped[str]
    key_hash: Mapped[str] = mapped_column(String(64))
    key: Mapped[dict[str, Any]]


class CohortMember(Base):
    """The stage of a cycle in which a case is now; ``state``: in it, or out of it with an outcome."""

    __tablename__ = "cohort_member"
    __table_args__ = (Index(None, "cycle_id", "stage", "state"), Index(None, "cycle_id", "unit_id", "stage"))

    cycle_id: Mapped[int] = refers("cycle", primary_key=True)
    case_id: Mapped[int] = refers("instance", primary_key=True, index=True)
    unit_id: Mapped[int | None] = refers("unit")
    stage: Mapped[str]
    state: Mapped[str]
    at: Mapped[datetime]


class CohortDecision(Base):
    """One case's part of a joint decision; never changed."""

    __tablename__ = "cohort_decision"
    __table_args__ = (UniqueConstraint("cycle_id", "case_id", "stage"),)

    id: Mapped[Id]
    cycle_id: Mapped[int] = refers("cycle")
    case_id: Mapped[int] = refers("instance", index=True)
    stage: Mapped[str]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    by_id: Mapped[int | None] = refers("person")
    at: Mapped[datetime]


class Outbox(Base):
    """Work to be done after a commit; a claim is a conditional update with a lease, its token fences late workers.

    ``lease_until`` is the machine's time, ``run_at`` the programme's.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("(lease_until IS NULL) = (lease_token IS NULL)", name="lease"),
        Index(
            "ix_outbox_waiting",
            "run_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[str | None]
    done_at: Mapped[datetime | None]
    error: Mapped[str | None]


class Idempotency(Base):
    """An answer already given to a caller's key, to be given again; the same key with another body is refused."""

    __tablename__ = "idempotency"

    principal: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[int]
    body: Mapped[bytes]
    at: Mapped[datetime]
