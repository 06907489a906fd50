"""How a panel is formed: what ties people, who was drawn and invited, who is to judge what (C5.3a, C5.3b)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.assignment import Outcome
from app.domain.recusal import TieKind
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class ExpertWork(Base):
    """A publication on an expert's own list; ``authors`` as they are printed, separated by commas."""

    __tablename__ = "expert_work"

    id: Mapped[Id]
    person_id: Mapped[int] = refers("person", index=True)
    title: Mapped[str]
    published_on: Mapped[date]
    authors: Mapped[str] = mapped_column(default="")


class Tie(Base):
    """What ties a person to another, or to a unit, as it was declared or recorded; it is remembered until lifted.

    ``published_on`` is when a publication together came out; ``cycle_id``: the cycle in which it was learned.
    """

    __tablename__ = "tie"
    __table_args__ = (
        CheckConstraint("(other_id IS NULL) <> (unit_id IS NULL)", name="whom"),
        CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name="lifted"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = refers("person", index=True)
    other_id: Mapped[int | None] = refers("person", index=True)
    unit_id: Mapped[int | None] = refers("unit")
    kind: Mapped[TieKind] = mapped_column(word(TieKind))
    published_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    cycle_id: Mapped[int | None] = refers("cycle")
    by_id: Mapped[int | None] = refers("person")
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None]


class PanelDraw(Base):
    """A draw from the register as it is published: whoever has this row can repeat it. Ids are public ones.

    ``groups``: the review groups it dealt to, each with who was dealt to it; empty where there were none.
    """

    __tablename__ = "panel_draw"
    __table_args__ = (UniqueConstraint("cycle_id", "number"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    cycle_id: Mapped[int] = refers("cycle")
    number: Mapped[int]
    word: Mapped[str]
    nonce: Mapped[str] = mapped_column(server_default="")
    size: Mapped[int]
    least: Mapped[int]
    register: Mapped[list[Any]]
    free: Mapped[dict[str, Any]]
    taken: Mapped[list[Any]]
    groups: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    by_id: Mapped[int] = refers("person")
    at: Mapped[datetime]


class InvitationState(StrEnum):
    """What became of an invitation."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


_OPEN = text("state = 'invited'")


class PanelInvitation(Base):
    """An expert asked to sit on a panel; ``replaces_id``: whose open reviews they are to take over."""

    __tablename__ = "panel_invitation"
    __table_args__ = (
        CheckConstraint("(state = 'invited') = (answered_at IS NULL)", name="answered"),
        Index(
            "uq_panel_invitation_open",
            "cycle_id",
            "person_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    cycle_id: Mapped[int] = refers("cycle", index=True)
    person_id: Mapped[int] = refers("person", index=True)
    instance_id: Mapped[int | None] = refers("instance")
    state: Mapped[InvitationState] = mapped_column(word(InvitationState))
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    replaces_id: Mapped[int | None] = refers("person")


class Assignment(Base):
    """An expert who is to judge an application; ``by_hand``: a person put them there, not the solver."""

    __tablename__ = "assignment"

    application_id: Mapped[int] = refers("application", primary_key=True)
    person_id: Mapped[int] = refers("person", primary_key=True)
    by_hand: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class AssignmentRun(Base):
    """A search for the best assignment, and what came of it; ``remedy``: what would make it possible.

    ``aside`` says of each expert (by public id) from how many cases they stand aside.
    """

    __tablename__ = "assignment_run"
    __table_args__ = (CheckConstraint("(outcome IS NULL) = (done_at IS NULL)", name="done"),)

    id: Mapped[Id]
    cycle_id: Mapped[int] = refers("cycle", index=True)
    reviewers: Mapped[int]
    cap: Mapped[int | None]
    asked_by_id: Mapped[int | None] = refers("person")
    asked_at: Mapped[datetime]
    outcome: Mapped[Outcome | None] = mapped_column(word(Outcome))
    cost: Mapped[float | None]
    bound: Mapped[float | None]
    gap: Mapped[float | None]
    seconds: Mapped[float | None]
    aside: Mapped[dict[str, Any] | None]
    remedy: Mapped[dict[str, Any] | None]
    done_at: Mapped[datetime | None]
