"""The panel: experts, who sits on it, their scores, the defense (C5.3a to C5.3d). Exact fractions are kept as text."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base
from app.store.types import Id, refers


class Expert(Base):
    """A person of the experts' register; ``fields`` are the tracks and subjects they judge.

    Who is not ``available`` (on leave, retired, struck) stays in the register and is neither drawn nor proposed.
    """

    __tablename__ = "expert"

    person_id: Mapped[int] = refers("person", primary_key=True)
    unit_id: Mapped[int | None] = refers("unit")
    fields: Mapped[list[Any]]
    post: Mapped[str] = mapped_column(default="", server_default="")
    available: Mapped[bool] = mapped_column(default=True, server_default=true())


class PanelMember(Base):
    """An expert on a cycle's panel; it counts once confirmed, which only somebody who signed the pledge is.

    ``review_group``: the key of a group of the cycle, the track they judge, or ``all``.
    Who left is not counted any more.
    """

    __tablename__ = "panel_member"
    __table_args__ = (
        CheckConstraint("confirmed_at IS NULL OR pledged_at IS NOT NULL", name="pledged"),
        CheckConstraint("(left_at IS NULL) = (left_reason IS NULL)", name="left"),
    )

    cycle_id: Mapped[int] = refers("cycle", primary_key=True)
    person_id: Mapped[int] = refers("person", primary_key=True)
    voting: Mapped[bool] = mapped_column(default=True)
    proposed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = refers("person")
    review_group: Mapped[str] = mapped_column(default="all", server_default="all")
    note: Mapped[str] = mapped_column(default="", server_default="")
    pledged_at: Mapped[datetime | None]
    pledge: Mapped[str] = mapped_column(default="", server_default="")
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str | None]


class Recusal(Base):
    """An expert who has nothing to do with an application, and why."""

    __tablename__ = "recusal"

    application_id: Mapped[int] = refers("application", primary_key=True)
    person_id: Mapped[int] = refers("person", primary_key=True)
    reason: Mapped[str]
    detail: Mapped[str] = mapped_column(default="", server_default="")
    at: Mapped[datetime]


class Score(Base):
    """An expert's material score of an application: locked when submitted; a trigger refuses any change.

    It leaves this table only when its stage is annulled, and stands among the annulled ones then.
    """

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("application_id", "expert_id"),)

    id: Mapped[Id]
    application_id: Mapped[int] = refers("application")
    expert_id: Mapped[int] = refers("person", index=True)
    task_id: Mapped[str] = mapped_column(unique=True)
    criteria: Mapped[dict[str, Any]]
    total: Mapped[str]
    opinion: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime]


class AnnulledScore(Base):
    """A score of a stage that was annulled, as it was given; nobody counts it, a trigger refuses any change.

    ``stage``: ``materials`` or ``defense``; ``expert_id`` None: the record of the whole defense. Only what stands here
    word for word may be taken from the scores that count.
    """

    __tablename__ = "annulled_score"

    id: Mapped[Id]
    application_id: Mapped[int] = refers("application", index=True)
    expert_id: Mapped[int | None] = refers("person")
    stage: Mapped[str]
    total: Mapped[str]
    content: Mapped[dict[str, Any]]
    given_at: Mapped[datetime]
    reason: Mapped[str]
    at: Mapped[datetime]


class DefenseRecord(Base):
    """The defense of an application: the host came in person, and what it was worth."""

    __tablename__ = "defense_record"

    application_id: Mapped[int] = refers("application", primary_key=True)
    attended: Mapped[bool]
    scores: Mapped[list[Any]]
    total: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = refers("person")
    recorded_at: Mapped[datetime]
