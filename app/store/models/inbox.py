"""Work waiting for people: queues, open tasks, inbox rows, who may not take what, drafts and submissions."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base
from app.store.types import Id, refers, word


class Queue(Base):
    """One inbox: of the holders of a role at a unit, or of one person."""

    __tablename__ = "queue"
    __table_args__ = (
        UniqueConstraint("role_id", "unit_id"),
        UniqueConstraint("person_id"),
        CheckConstraint("(role_id IS NULL) = (unit_id IS NULL)", name="role_at_unit"),
        CheckConstraint("(role_id IS NULL) <> (person_id IS NULL)", name="role_or_person"),
    )

    id: Mapped[Id]
    role_id: Mapped[int | None] = refers("role")
    unit_id: Mapped[int | None] = refers("unit")
    person_id: Mapped[int | None] = refers("person")


class OpenTask(Base):
    """A user task that waits. ``id`` is the engine's own, 32 hex digits; it pins the form's version.

    ``revision`` counts claims and releases.
    """

    __tablename__ = "open_task"
    __table_args__ = (
        Index(
            "ix_open_task_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[int] = refers("instance", index=True)
    element_id: Mapped[str]
    title: Mapped[str]
    lane: Mapped[str | None]
    item: Mapped[int | None]
    form_version_id: Mapped[int | None] = refers("model_version")
    assignee_id: Mapped[int | None] = refers("person", index=True)
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    due_sort: Mapped[datetime]
    priority: Mapped[int]
    opened_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)


class InboxRow(Base):
    """An open task in a queue, with what lists sort by; an index for each sort, led by the queue."""

    __tablename__ = "inbox_row"
    __table_args__ = (
        Index("ix_inbox_row_due", "queue_id", "due_sort", "task_id"),
        Index("ix_inbox_row_opened", "queue_id", "opened_at", "task_id"),
        Index("ix_inbox_row_priority", "queue_id", "priority", "task_id"),
        Index(None, "task_id"),
    )

    queue_id: Mapped[int] = refers("queue", primary_key=True)
    task_id: Mapped[str] = refers("open_task", primary_key=True, cascade=True)
    assignee_id: Mapped[int | None] = refers("person")
    due_sort: Mapped[datetime]
    opened_at: Mapped[datetime]
    priority: Mapped[int]


class ExclusionReason(StrEnum):
    """Why a person may not handle a task that their queue shows to others."""

    OWN_CASE = "own_case"
    FOUR_EYES = "four_eyes"
    RECUSED = "recused"
    UNDERTAKING_WALL = "undertaking_wall"


class TaskExclusion(Base):
    """A person who may neither see nor take a task."""

    __tablename__ = "task_exclusion"

    task_id: Mapped[str] = refers("open_task", primary_key=True, cascade=True)
    person_id: Mapped[int] = refers("person", primary_key=True)
    reason: Mapped[ExclusionReason] = mapped_column(word(ExclusionReason))


class FormSubmission(Base):
    """A task as it was completed: who, when, on which form version, with which values. Never changed."""

    __tablename__ = "form_submission"
    __table_args__ = (UniqueConstraint("task_id"), Index(None, "instance_id", "element_id"))

    id: Mapped[Id]
    task_id: Mapped[str]
    instance_id: Mapped[int] = refers("instance")
    element_id: Mapped[str]
    title: Mapped[str]
    lane: Mapped[str | None]
    item: Mapped[int | None]
    form_version_id: Mapped[int | None] = refers("model_version")
    data: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    by_id: Mapped[int] = refers("person", index=True)
    at: Mapped[datetime]


class FormDraft(Base):
    """What somebody has typed so far; it outlives the task, so that nothing typed is lost when a step closes it."""

    __tablename__ = "form_draft"

    task_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = refers("person", primary_key=True)
    data: Mapped[dict[str, Any]]
    revision: Mapped[int]
    saved_at: Mapped[datetime]
