"""Who there is: the programme, its roles, the units in their tree, people, and who holds what where and when."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.units import Governance, Schooling, UnitKind
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class Programme(Base):
    """A programme of the office; its roles, models and cycles hang on it."""

    __tablename__ = "programme"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Role(Base):
    """A role of a programme: data, so that another programme needs no developer; ``key`` is a lane's id."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("programme_id", "key"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = refers("programme")
    key: Mapped[str]
    name: Mapped[str]
    policy: Mapped[dict[str, Any]]


class Unit(Base):
    """A unit: province, city, county, university, faculty, school or branch; ``code`` is the office's own.

    ``short_forms``: by which people call it, as ``domain.veil`` keeps them; covered in blind reviews.
    """

    __tablename__ = "unit"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[UnitKind] = mapped_column(word(UnitKind), index=True)
    governance: Mapped[Governance | None] = mapped_column(word(Governance))
    schooling: Mapped[Schooling | None] = mapped_column(word(Schooling))
    is_school_party: Mapped[bool] = mapped_column(default=False)
    short_forms: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class UnitEdge(Base):
    """From ``valid_from`` to ``valid_to`` (both days included, None: without end) a unit stands under its superior."""

    __tablename__ = "unit_edge"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="term"),
        CheckConstraint("unit_id <> superior_id", name="not_itself"),
        Index(
            None,
            "unit_id",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = refers("unit")
    superior_id: Mapped[int] = refers("unit", index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Person(Base):
    """Somebody who signs in; a blank ``password_hash``: there is no password until a set-up code makes one."""

    __tablename__ = "person"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    password_changed_at: Mapped[datetime]
    active: Mapped[bool] = mapped_column(default=True)
    birth_date: Mapped[date | None]


class RoleHolding(Base):
    """A person holds a role at a unit for a term, both days included (None: without end)."""

    __tablename__ = "role_holding"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="term"),
        UniqueConstraint("person_id", "role_id", "unit_id", "valid_from"),
        Index(None, "role_id", "unit_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = refers("person")
    role_id: Mapped[int] = refers("role")
    unit_id: Mapped[int] = refers("unit", index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    granted_by_id: Mapped[int | None] = refers("person")


class PersonFile(Base):
    """What the office keeps of a person beside the account: the unit they belong to, their identity number sealed.

    ``id_digest`` is a keyed digest: two people with one number are found without opening any.
    """

    __tablename__ = "person_file"
    __table_args__ = (
        CheckConstraint("(id_sealed IS NULL) = (id_digest IS NULL)", name="sealed_whole"),
        CheckConstraint("(id_sealed IS NULL) = (id_masked IS NULL)", name="sealed_masked"),
    )

    person_id: Mapped[int] = refers("person", primary_key=True)
    unit_id: Mapped[int | None] = refers("unit", index=True)
    id_sealed: Mapped[bytes | None]
    id_digest: Mapped[str | None] = mapped_column(unique=True)
    id_masked: Mapped[str | None]


class RosterImport(Base):
    """An office's file as it was tried out; its bytes are kept until it is applied, discarded or a day old."""

    __tablename__ = "roster_import"
    __table_args__ = (CheckConstraint("applied_at IS NULL OR content IS NULL", name="cleared"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    file_name: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes | None]
    by_id: Mapped[int] = refers("person", index=True)
    at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]


class UnitEventKind(StrEnum):
    """What happened to a unit by a document."""

    RENAMED = "renamed"
    MOVED = "moved"
    MERGED = "merged"
    SPLIT = "split"
    CLOSED = "closed"


class UnitEvent(Base):
    """What happened to a unit on a day, by which document; never changed.

    ``other_id``: the new superior, the unit it went into, or the one that was split off. The unit's row stays, so that
    its public id keeps resolving and old cases keep their names.
    """

    __tablename__ = "unit_event"
    __table_args__ = (
        CheckConstraint("(kind IN ('moved', 'merged', 'split')) = (other_id IS NOT NULL)", name="other"),
        CheckConstraint("(kind = 'renamed') = (name_before IS NOT NULL)", name="name_before"),
        Index(None, "unit_id", "on_day"),
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = refers("unit")
    kind: Mapped[UnitEventKind] = mapped_column(word(UnitEventKind))
    on_day: Mapped[date]
    document: Mapped[str]
    name_before: Mapped[str | None]
    other_id: Mapped[int | None] = refers("unit", index=True)
    by_id: Mapped[int | None] = refers("person")
    at: Mapped[datetime]


class Correction(Base):
    """Somebody asks that what is kept about them be corrected; whoever looks after them answers."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(answer IS NULL) = (granted IS NULL)", name="granted"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = refers("person", index=True)
    about: Mapped[str]
    text: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    granted: Mapped[bool | None]
    answered_by_id: Mapped[int | None] = refers("person")
    answered_at: Mapped[datetime | None]
