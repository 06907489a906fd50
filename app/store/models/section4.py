"""The facts of section 4 as an application states them, one table a kind, in the words of the eligibility format."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Constraint, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.store.models.base import Base
from app.store.types import Id, refers


class ApplicationRow:
    """A row of an application; ``row_key`` is the form row's own key, by which its evidence is found."""

    id: Mapped[Id]
    row_key: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)

    @declared_attr
    def application_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy calls it with the class
        """The application that states it."""
        return refers("application")

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Constraint, ...]:  # noqa: N805 - SQLAlchemy calls it with the class
        """One row a key within an application."""
        return (UniqueConstraint("application_id", "row_key"),)


class DocumentedRow(ApplicationRow):
    """A row proved by a paper; rows of the same ``doc_number`` prove themselves by one and the same honour."""

    doc_number: Mapped[str | None]


class Appointment(DocumentedRow, Base):
    """A period of service (C4.1b); ``ended_on`` None: still serving."""

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("application_id", "row_key"),
        CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="period"),
    )

    post: Mapped[str]
    branch: Mapped[str]
    branch_name: Mapped[str | None]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]


class Title(DocumentedRow, Base):
    """A professional post (C4.1c)."""

    __tablename__ = "title"

    name: Mapped[str | None]
    level: Mapped[str]
    held_from: Mapped[date]
    basis: Mapped[str]


class Commendation(DocumentedRow, Base):
    """A commendation of the branch or the secretary (C4.3.1, C4.3.5)."""

    __tablename__ = "commendation"

    holder: Mapped[str]
    name: Mapped[str | None]
    issuer: Mapped[str | None]
    issuer_kind: Mapped[str]
    level: Mapped[str]
    awarded_on: Mapped[date]


class Publication(DocumentedRow, Base):
    """A paper or book (C4.3.2)."""

    __tablename__ = "publication"

    kind: Mapped[str]
    title: Mapped[str | None]
    venue: Mapped[str | None]
    role: Mapped[str]
    venue_level: Mapped[str]
    published_on: Mapped[date]


class Appraisal(DocumentedRow, Base):
    """A year's Party-building appraisal of the branch (C4.3.3)."""

    __tablename__ = "appraisal"

    year: Mapped[int]
    grade: Mapped[str]
    issuer: Mapped[str | None]


class CommitteeWork(DocumentedRow, Base):
    """A project of, or an honour from, the provincial committee's Party-building research (C4.3.4)."""

    __tablename__ = "committee_work"

    kind: Mapped[str]
    title: Mapped[str | None]
    status: Mapped[str | None]
    role: Mapped[str]
    dated: Mapped[date]


class Award(DocumentedRow, Base):
    """An award of a student or team that the secretary took part with or coached (C4.3.6)."""

    __tablename__ = "award"

    relation: Mapped[str]
    holder: Mapped[str]
    team: Mapped[str | None]
    name: Mapped[str | None]
    issuer: Mapped[str | None]
    level: Mapped[str]
    awarded_on: Mapped[date]


class Declaration(Base):
    """What a body declares about an application (C4.1a, C4.5a, C4.5b); the latest of a role on a clause holds."""

    __tablename__ = "declaration"

    id: Mapped[Id]
    application_id: Mapped[int] = refers("application", index=True)
    clause_id: Mapped[str]
    by_id: Mapped[int] = refers("person")
    by_role: Mapped[str]
    unit_id: Mapped[int | None] = refers("unit")
    value: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
