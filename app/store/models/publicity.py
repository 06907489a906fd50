"""A unit's recommended list, its publicity window, the items on it and the objections raised (C5.2a, C5.2b)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import ObjectionState, Ruling
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class UnitList(Base):
    """A recommending unit's list in a cycle; its process owns the window. ``serial`` 2 and on: supplementary ones."""

    __tablename__ = "unit_list"
    __table_args__ = (UniqueConstraint("cycle_id", "unit_id", "serial"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    cycle_id: Mapped[int] = refers("cycle")
    unit_id: Mapped[int] = refers("unit")
    serial: Mapped[int] = mapped_column(default=1, server_default="1")
    instance_id: Mapped[int | None] = refers("instance", unique=True)
    opens_at: Mapped[datetime]
    cut_off: Mapped[datetime]
    released_at: Mapped[datetime | None]


class PublicityWindow(Base):
    """The days a list is public; ``ends_at`` is the midnight after the last day and only ever grows."""

    __tablename__ = "publicity_window"
    __table_args__ = (CheckConstraint("working_days > 0", name="working_days"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    unit_list_id: Mapped[int] = refers("unit_list", unique=True)
    opened_at: Mapped[datetime]
    opens_on: Mapped[date]
    ends_at: Mapped[datetime]
    working_days: Mapped[int]


class PublicityExtension(Base):
    """A window that grew: by decision, or because the calendar changed (``by_id`` None), with the published reason."""

    __tablename__ = "publicity_extension"
    __table_args__ = (
        CheckConstraint("ends_after >= ends_before AND days_after >= days_before", name="only_grows"),
        CheckConstraint("ends_after > ends_before OR days_after > days_before", name="grows"),
    )

    id: Mapped[Id]
    window_id: Mapped[int] = refers("publicity_window", index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = refers("person")
    reason: Mapped[str]
    ends_before: Mapped[datetime]
    ends_after: Mapped[datetime]
    days_before: Mapped[int]
    days_after: Mapped[int]


class ItemState(StrEnum):
    """An item of a public list: shown, held by an open objection, removed, reported upward, left out at the cut-off."""

    LISTED = "listed"
    HELD = "held"
    REMOVED = "removed"
    REPORTED = "reported"
    LEFT_OUT = "left_out"


class PublicityItem(Base):
    """An application on a public list, with its rank within the unit."""

    __tablename__ = "publicity_item"
    __table_args__ = (UniqueConstraint("window_id", "rank"),)

    window_id: Mapped[int] = refers("publicity_window", primary_key=True)
    application_id: Mapped[int] = refers("application", primary_key=True, index=True)
    rank: Mapped[int]
    state: Mapped[ItemState] = mapped_column(word(ItemState))


class IdentityKind(StrEnum):
    """How an objection is signed (C5.2b)."""

    REAL_NAME = "real_name"
    SEAL = "seal"


class Objection(Base):
    """An objection against an item; ``identity`` and ``contact`` are sealed: they are for its handler only.

    The item is on a unit's list (``window_id``) or on the approved list of a cycle (``provincial_cycle_id``, C5.3e).
    """

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("(state = 'ruled') = (ruled_at IS NOT NULL AND ruling IS NOT NULL)", name="ruled"),
        CheckConstraint("ruling IS NULL OR reason IS NOT NULL", name="reason"),
        CheckConstraint("(window_id IS NULL) <> (provincial_cycle_id IS NULL)", name="one_list"),
        Index(None, "window_id", "state"),
        Index(None, "provincial_cycle_id", "state"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    window_id: Mapped[int | None] = refers("publicity_window")
    provincial_cycle_id: Mapped[int | None] = refers("cycle")
    application_id: Mapped[int] = refers("application", index=True)
    instance_id: Mapped[int | None] = refers("instance", unique=True)
    identity_kind: Mapped[IdentityKind] = mapped_column(word(IdentityKind))
    identity: Mapped[str]
    contact: Mapped[str]
    body: Mapped[str]
    lodged_at: Mapped[datetime]
    state: Mapped[ObjectionState] = mapped_column(word(ObjectionState))
    ruling: Mapped[Ruling | None] = mapped_column(word(Ruling))
    reason: Mapped[str | None]
    ruled_by_id: Mapped[int | None] = refers("person")
    ruled_at: Mapped[datetime | None]


class ObjectionFile(Base):
    """A file handed in with an objection: kept sealed, with its name, for it may tell who objected.

    ``sha256`` is of the sealed bytes; ``size`` and ``media_type`` of what was handed in.
    """

    __tablename__ = "objection_file"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    objection_id: Mapped[int] = refers("objection", index=True)
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    media_type: Mapped[str]
    name: Mapped[str]


class IdentityOpening(Base):
    """Two persons who open together who raised an objection: one asks with a reason, another one agrees or not."""

    __tablename__ = "identity_opening"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (granted IS NULL)", name="answered"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by"),
        CheckConstraint("answered_by_id <> asked_by_id", name="two_persons"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    objection_id: Mapped[int] = refers("objection", index=True)
    reason: Mapped[str]
    asked_by_id: Mapped[int] = refers("person")
    asked_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = refers("person")
    answered_at: Mapped[datetime | None]
    granted: Mapped[bool | None]
