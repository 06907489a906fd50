"""What a studio's page shows, each part in one statement however long its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Select, cast, func, or_, select

from app.domain.papers import PaperKind
from app.store import Session
from app.store.models import (
    CommitmentYear,
    Instance,
    Paper,
    Person,
    Studio,
    StudioActivity,
    StudioCommitment,
    StudioMoney,
    StudioYear,
    Unit,
)
from app.store.queries.studios import seen


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of studios is narrowed to: names that hold ``text``, branches; ``after``: a studio's public id."""

    text: str = ""
    branches: Select[int] | None = None
    after: str | None = None


def page(
    session: Session, condition: ColumnElement[bool], narrowed: Narrowed, limit: int
) -> Sequence[Row[Studio, Person, Unit]]:
    """Return the studios whose case meets ``condition``, the newest first."""
    query = seen(condition)
    if narrowed.text:
        query = query.where(Studio.name.icontains(narrowed.text, autoescape=True))
    if narrowed.branches is not None:
        query = query.where(Studio.branch_id.in_(narrowed.branches))
    if narrowed.after is not None:
        query = query.where(Studio.id < select(Studio.id).where(Studio.public_id == narrowed.after).scalar_subquery())
    return session.execute(query.limit(limit)).all()


def paper_of(session: Session, instance_id: int, kind: PaperKind) -> Paper | None:
    """Return the latest paper of a kind about a case."""
    query = select(Paper).where(Paper.instance_id == instance_id, Paper.kind == kind)
    return session.scalars(query.order_by(Paper.id.desc()).limit(1)).first()


def certified(session: Session, number: str) -> Row[Paper, Studio, str, str] | None:
    """Return the certificate of this number, of a studio or an acceptance: the studio, the host's and branch's name."""
    of_studio = or_(Studio.instance_id == Instance.id, Studio.instance_id == Instance.parent_id)
    kinds = (PaperKind.STUDIO_CERTIFICATE, PaperKind.ACCEPTANCE_CERTIFICATE)
    query = (
        select(Paper, Studio, Person.name, Unit.name)
        .join(Instance, Instance.id == Paper.instance_id)
        .join(Studio, of_studio)
        .join(Person, Person.id == Studio.host_id)
        .join(Unit, Unit.id == Studio.branch_id)
        .where(Paper.kind.in_(kinds), Paper.number == number)
    )
    return session.execute(query).one_or_none()


def latest_activities(session: Session, studio_id: int, limit: int) -> Sequence[StudioActivity]:
    """Return the latest activities of a studio."""
    query = select(StudioActivity).where(StudioActivity.studio_id == studio_id)
    return session.scalars(query.order_by(StudioActivity.held_on.desc(), StudioActivity.id.desc()).limit(limit)).all()


def money_of(session: Session, studio_id: int) -> Sequence[Any]:
    """Return a studio's money summed up, without what was struck: year, kind, payer, heading, fen."""
    by = (StudioMoney.year, StudioMoney.kind, StudioMoney.payer, StudioMoney.heading)
    counted = (StudioMoney.studio_id == studio_id, StudioMoney.struck_at.is_(None))
    query = select(*by, cast(func.sum(StudioMoney.fen), BigInteger)).where(*counted)
    return session.execute(query.group_by(*by).order_by(*by)).all()


def years_with_activities(session: Session, studio_id: int) -> Sequence[Row[StudioYear, int]]:
    """Return the years that a studio has begun, each with how many activities it had."""
    held = (
        select(func.count())
        .where(StudioActivity.studio_id == StudioYear.studio_id, StudioActivity.year == StudioYear.number)
        .scalar_subquery()
    )
    query = select(StudioYear, held).where(StudioYear.studio_id == studio_id).order_by(StudioYear.number)
    return session.execute(query).all()


def followed(session: Session, studio_id: int) -> Sequence[Row[StudioCommitment, CommitmentYear, int]]:
    """Return a studio's commitments with each year that says something of them, and how many activities served them."""
    served = select(func.count()).where(StudioActivity.commitment_id == StudioCommitment.id).scalar_subquery()
    query = (
        select(StudioCommitment, CommitmentYear, served)
        .outerjoin(CommitmentYear, CommitmentYear.commitment_id == StudioCommitment.id)
        .where(StudioCommitment.studio_id == studio_id)
        .order_by(StudioCommitment.number, CommitmentYear.year)
    )
    return session.execute(query).all()
