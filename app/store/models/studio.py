"""Studios (C6): what was approved, who hosts, the documents filed, the years, the money, the activities."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import StudioState
from app.domain.studios import DocumentKind
from app.domain.units import Acting
from app.store.models.base import Base
from app.store.types import Id, PublicId, refers, word


class Payer(StrEnum):
    """Whose money it is: the school's own, or that of who supports it beside the school (C6.3, C6.4, C6.6)."""

    SCHOOL = "school"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


class Studio(Base):
    """A studio. That its host is a column makes them the only one (C6.1a); those before are ``FormerHost``.

    ``instance_id``: its case of process ``construction``; ``document``: the number of the document that approved it,
    dated ``starts_on``; ``application_id`` None: taken over from before the programme ran here. ``approver`` and
    ``payer``: who approves its documents and who supports it (``school``: nobody beside itself), None: not settled yet
    (C6.7, C6.3, C6.4).
    """

    __tablename__ = "studio"
    __table_args__ = (
        CheckConstraint("starts_on < ends_on", name="term"),
        CheckConstraint("host_since >= starts_on", name="host_since"),
        Index(None, "state", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    instance_id: Mapped[int] = refers("instance", unique=True)
    application_id: Mapped[int | None] = refers("application", unique=True)
    cycle_id: Mapped[int] = refers("cycle", index=True)
    branch_id: Mapped[int] = refers("unit", index=True)
    host_id: Mapped[int] = refers("person", index=True)
    host_since: Mapped[date]
    name: Mapped[str]
    direction: Mapped[str]
    document: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    approver: Mapped[Acting | None] = mapped_column(word(Acting))
    payer: Mapped[Payer | None] = mapped_column(word(Payer))
    state: Mapped[StudioState] = mapped_column(word(StudioState))
    state_reason: Mapped[str | None]


class FormerHost(Base):
    """Who hosted a studio before, from when to when, both days included, and why that ended (C6.1b); never changed."""

    __tablename__ = "studio_former_host"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="term"),
        UniqueConstraint("studio_id", "from_on"),
    )

    id: Mapped[Id]
    studio_id: Mapped[int] = refers("studio")
    person_id: Mapped[int] = refers("person", index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str]
    document: Mapped[str | None]
    by_id: Mapped[int | None] = refers("person")
    at: Mapped[datetime]


class StudioDocument(Base):
    """A document as it was record-filed under its ``number`` (C6.7); ``year`` 0: for the whole term.

    ``submission_id``: what was drafted; ``approved_by_id`` and ``filed_by_id``: who approved and who filed it.
    """

    __tablename__ = "studio_document"
    __table_args__ = (UniqueConstraint("studio_id", "kind", "year"), CheckConstraint("year >= 0", name="year"))

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    studio_id: Mapped[int] = refers("studio")
    kind: Mapped[DocumentKind] = mapped_column(word(DocumentKind))
    year: Mapped[int]
    title: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    submission_id: Mapped[int] = refers("form_submission")
    approved_by_id: Mapped[int] = refers("person")
    approved_at: Mapped[datetime]
    filed_by_id: Mapped[int] = refers("person")
    filed_at: Mapped[datetime]


class StudioCommitment(Base):
    """What the construction plan commits the studio to, under one of the plan's headings (C2, C3.1 to C3.3)."""

    __tablename__ = "studio_commitment"
    __table_args__ = (UniqueConstraint("studio_id", "number"),)

    id: Mapped[Id]
    studio_id: Mapped[int] = refers("studio")
    number: Mapped[int]
    heading: Mapped[str]
    text: Mapped[str]
    measure: Mapped[str]


class Fulfilment(StrEnum):
    """How far a year brought a commitment."""

    DONE = "done"
    UNDER_WAY = "under_way"
    NOT_BEGUN = "not_begun"


class CommitmentYear(Base):
    """A commitment in one year: what the year's plan says of it, and what its report says became of it."""

    __tablename__ = "studio_commitment_year"
    __table_args__ = (UniqueConstraint("commitment_id", "year"),)

    id: Mapped[Id]
    commitment_id: Mapped[int] = refers("studio_commitment")
    year: Mapped[int]
    planned: Mapped[str | None]
    reported: Mapped[str | None]
    fulfilment: Mapped[Fulfilment | None] = mapped_column(word(Fulfilment))


class ReviewGrade(StrEnum):
    """How the school Party organisation grades a year's report (C6.7)."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class StudioYear(Base):
    """A year of the construction (``number`` from 1): what the school provides, the report, its review (C6.6, C6.7).

    ``office_dm2``: the rooms' area in square decimetres, 1,500 at least.
    """

    __tablename__ = "studio_year"
    __table_args__ = (
        UniqueConstraint("studio_id", "number"),
        CheckConstraint("office_dm2 IS NULL OR office_dm2 >= 1500", name="office"),
        CheckConstraint("(grade IS NULL) = (reviewed_at IS NULL)", name="reviewed"),
        CheckConstraint("reviewed_at IS NULL OR reported_at IS NOT NULL", name="reported"),
    )

    id: Mapped[Id]
    studio_id: Mapped[int] = refers("studio")
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    office_dm2: Mapped[int | None]
    plan_page: Mapped[str | None]
    reported_at: Mapped[datetime | None]
    grade: Mapped[ReviewGrade | None] = mapped_column(word(ReviewGrade))
    comment: Mapped[str | None]
    reviewed_by_id: Mapped[int | None] = refers("person")
    reviewed_at: Mapped[datetime | None]
    funds_missing_at: Mapped[datetime | None]


class MoneyKind(StrEnum):
    """What happened to money: it was promised, came, was spent."""

    PLEDGE = "pledge"
    RECEIPT = "receipt"
    SPENDING = "spending"


class SpendingHeading(StrEnum):
    """What money is spent on."""

    TRAINING = "training"
    ACTIVITY = "activity"
    RESEARCH = "research"
    EQUIPMENT = "equipment"
    MATERIALS = "materials"
    OTHER = "other"


class StudioMoney(Base):
    """A line of a studio's money in one year, in whole fen, and the row in which it was handed in.

    A wrong line is struck and stays; ``instead_of_id``: the struck line in whose place this one stands.
    """

    __tablename__ = "studio_money"
    __table_args__ = (
        CheckConstraint("fen > 0", name="positive"),
        CheckConstraint("(kind = 'spending') = (payer IS NULL)", name="who_paid"),
        CheckConstraint("(kind = 'spending') = (heading IS NOT NULL)", name="heading"),
        CheckConstraint(
            "(struck_at IS NULL) = (struck_by_id IS NULL) AND (struck_at IS NULL) = (strike_reason IS NULL)",
            name="struck",
        ),
        UniqueConstraint("submission_id", "row_key"),
        Index(None, "studio_id", "year"),
    )

    id: Mapped[Id]
    studio_id: Mapped[int] = refers("studio")
    year: Mapped[int]
    kind: Mapped[MoneyKind] = mapped_column(word(MoneyKind))
    payer: Mapped[Payer | None] = mapped_column(word(Payer))
    heading: Mapped[SpendingHeading | None] = mapped_column(word(SpendingHeading))
    fen: Mapped[int] = mapped_column(BigInteger)
    on_day: Mapped[date]
    note: Mapped[str]
    submission_id: Mapped[int] = refers("form_submission")
    row_key: Mapped[str]
    by_id: Mapped[int] = refers("person")
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[int | None] = refers("person")
    strike_reason: Mapped[str | None]
    instead_of_id: Mapped[int | None] = refers("studio_money", unique=True)


class ActivityKind(StrEnum):
    """What a studio does with others (C3.3, C6.7)."""

    DEMONSTRATION = "demonstration"
    TRAINING = "training"
    EXCHANGE = "exchange"
    SERVICE = "service"


class StudioActivity(Base):
    """An activity that was held, with its sign-in sheet and photos (``submission_id``)."""

    __tablename__ = "studio_activity"
    __table_args__ = (
        UniqueConstraint("submission_id"),
        CheckConstraint("people >= 0", name="people"),
        Index(None, "studio_id", "year"),
    )

    id: Mapped[Id]
    studio_id: Mapped[int] = refers("studio")
    year: Mapped[int]
    kind: Mapped[ActivityKind] = mapped_column(word(ActivityKind))
    title: Mapped[str]
    place: Mapped[str]
    held_on: Mapped[date]
    people: Mapped[int]
    summary: Mapped[str]
    commitment_id: Mapped[int | None] = refers("studio_commitment", index=True)
    submission_id: Mapped[int] = refers("form_submission")
