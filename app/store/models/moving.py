"""Running cases brought over to a newer release: what was asked for and by whom, and what became of each case."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import MoveState
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class MovedState(StrEnum):
    """A case of a move: its turn has not come, it goes by the new release, or it stays and ``reasons`` say why."""

    WAITING = "waiting"
    MOVED = "moved"
    KEPT = "kept"


class Move(Base):
    """The wish to bring a process's running cases over to a deployment. ``renamed``: element id → its new one.

    ``takes_rules``: the decision tables come along; else each case keeps those it has.
    """

    __tablename__ = "move"
    __table_args__ = (
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("decided_by_id IS NULL OR state = 'declined' OR decided_by_id <> asked_by_id", name="two"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    process_key: Mapped[str] = mapped_column(index=True)
    deployment_id: Mapped[int] = refers("deployment")
    renamed: Mapped[dict[str, Any]]
    takes_rules: Mapped[bool]
    reason: Mapped[str]
    state: Mapped[MoveState] = mapped_column(word(MoveState))
    asked_by_id: Mapped[int] = refers("person")
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = refers("person")
    decided_at: Mapped[datetime | None]


class MovedCase(Base):
    """A case that a released move is for. ``reasons``: codes and texts of what keeps it where it is."""

    __tablename__ = "moved_case"
    __table_args__ = (
        UniqueConstraint("move_id", "instance_id"),
        CheckConstraint("(state = 'waiting') = (at IS NULL)", name="at"),
    )

    id: Mapped[Id]
    move_id: Mapped[int] = refers("move")
    instance_id: Mapped[int] = refers("instance", index=True)
    state: Mapped[MovedState] = mapped_column(word(MovedState))
    reasons: Mapped[list[Any]]
    at: Mapped[datetime | None]
