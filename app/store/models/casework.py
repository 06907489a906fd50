"""Running cases: the small hot row, the engine's state apart, who plays which part, what happened, what went wrong."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import InstanceState
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class Instance(Base):
    """A process instance. It keeps the deployment it was started on until somebody brings it over to a later one;
    ``next_due_at`` is its earliest timer.

    Brought over, it keeps the decision tables of ``rules_id`` (None: those of its deployment), and ``renamed`` says
    what the elements of its history are called now.

    ``title`` is how people call the case; ``outcome`` the id of the end event's stage, set when it ends.
    """

    __tablename__ = "instance"
    __table_args__ = (
        CheckConstraint("(state IN ('ended', 'cancelled')) = (ended_at IS NOT NULL)", name="ended_at"),
        Index(
            "ix_instance_due",
            "next_due_at",
            sqlite_where=text("state = 'active' AND next_due_at IS NOT NULL"),
            postgresql_where=text("state = 'active' AND next_due_at IS NOT NULL"),
        ),
        UniqueConstraint("process_key", "business_key"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    programme_id: Mapped[int] = refers("programme")
    cycle_id: Mapped[int | None] = refers("cycle", index=True)
    process_key: Mapped[str]
    business_key: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    deployment_id: Mapped[int] = refers("deployment")
    model_version_id: Mapped[int] = refers("model_version")
    rules_id: Mapped[int | None] = refers("deployment")
    renamed: Mapped[dict[str, Any] | None]
    parent_id: Mapped[int | None] = refers("instance", index=True)
    state: Mapped[InstanceState] = mapped_column(word(InstanceState))
    outcome: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def model(self) -> tuple[int, str, int | None]:
        """What it runs on: the deployment, the process, and whose decision tables."""
        return self.deployment_id, self.process_key, self.rules_id


class StoredState(Base):
    """The engine's state of an instance after its last step; ``revision`` equals the instance's."""

    __tablename__ = "instance_state"

    instance_id: Mapped[int] = refers("instance", primary_key=True)
    revision: Mapped[int]
    blob: Mapped[bytes]


class InstanceParty(Base):
    """Who plays a lane in this case: the holders of the role at a unit, or one person."""

    __tablename__ = "instance_party"
    __table_args__ = (
        CheckConstraint("unit_id IS NOT NULL OR person_id IS NOT NULL", name="somebody"),
        Index(None, "instance_id", "role_id"),
        Index(None, "unit_id", "role_id"),
        Index(None, "person_id", "role_id"),
    )

    id: Mapped[Id]
    instance_id: Mapped[int] = refers("instance")
    role_id: Mapped[int] = refers("role")
    unit_id: Mapped[int | None] = refers("unit")
    person_id: Mapped[int | None] = refers("person")


class Trail(Base):
    """What happened to a token at an element, in order: the history a diagram is coloured by.

    ``revision`` is the step in which it happened, ``position`` its place there; ``path`` the enclosing activities'
    ids, outermost first, joined by ``/``; ``rules`` the decision rules that matched. The first row of a step says
    whether people have been told of it (steps older than the column: they have).
    """

    __tablename__ = "trail"
    __table_args__ = (
        Index(
            "ix_trail_untold",
            "instance_id",
            "revision",
            sqlite_where=text("position = 0 AND NOT told"),
            postgresql_where=text("position = 0 AND NOT told"),
        ),
        Index(None, "task_id"),
    )

    instance_id: Mapped[int] = refers("instance", primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(default="")
    element_id: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    task_id: Mapped[str]
    rules: Mapped[list[Any]]
    at: Mapped[datetime]
    told: Mapped[bool] = mapped_column(default=False, server_default=true())


class Incident(Base):
    """A step that could not finish; nothing of it was kept. While one is open the worker leaves the case alone."""

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "ix_incident_open",
            "instance_id",
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    instance_id: Mapped[int | None] = refers("instance", index=True)
    element_id: Mapped[str | None]
    code: Mapped[str]
    reason: Mapped[str]
    command: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = refers("person")
