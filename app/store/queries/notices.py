"""A person's notices, and what they have chosen about being told."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Row, delete, exists, func, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from app.domain.notices import Medium
from app.store.models import (
    Contact,
    Dispatch,
    DispatchNotice,
    Instance,
    Notice,
    NoticeChoice,
    NoticeHabit,
    NoticeTemplate,
    OpenTask,
)

_PLAIN = {"synchronize_session": False}


def count_unread(session: Session, person_id: int, most: int) -> int:
    """Return how many notices a person has not read, not counting beyond ``most``. One statement on one index."""
    some = select(Notice.person_id).where(Notice.person_id == person_id, Notice.read_at.is_(None)).limit(most)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def page(
    session: Session, person_id: int, *, before: int | None, unread: bool, limit: int
) -> Sequence[Row[Notice, str, str]]:
    """Return a person's notices, the latest first, with the case's public id and the task if it is open still.

    ``before``: the id of the last one seen.
    """
    query = (
        select(Notice, Instance.public_id, OpenTask.id)
        .outerjoin(Instance, Instance.id == Notice.case_id)
        .outerjoin(OpenTask, OpenTask.id == Notice.task_id)
        .where(Notice.person_id == person_id)
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(limit)
    )
    if before is not None:
        last = aliased(Notice)
        there = select(last.at, last.id).where(last.id == before, last.person_id == person_id)
        query = query.where(tuple_(Notice.at, Notice.id) < there.scalar_subquery())
    if unread:
        query = query.where(Notice.read_at.is_(None))
    return session.execute(query).all()


def one(session: Session, person_id: int, public_id: str) -> Row[Notice, str, str] | None:
    """Return one of a person's notices with the case's public id and the task if it is open still."""
    query = (
        select(Notice, Instance.public_id, OpenTask.id)
        .outerjoin(Instance, Instance.id == Notice.case_id)
        .outerjoin(OpenTask, OpenTask.id == Notice.task_id)
        .where(Notice.person_id == person_id, Notice.public_id == public_id)
    )
    return session.execute(query).one_or_none()


def mark_all_read(session: Session, person_id: int, at: datetime) -> int:
    """Mark whatever a person has not read; return how many."""
    unread = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return cast("CursorResult[Any]", session.execute(unread.values(read_at=at), execution_options=_PLAIN)).rowcount


def forget_old(session: Session, before: datetime, limit: int) -> int:
    """Delete notices read before that moment, with the messages that told of them, and return how many notices went.

    Those of an open task or of a running case stay: they say that somebody has been told already.
    """
    runs = exists().where(Instance.id == Notice.case_id, Instance.ended_at.is_(None))
    waits = exists().where(OpenTask.id == Notice.task_id)
    query = select(Notice.id).where(Notice.read_at < before, ~runs, ~waits).order_by(Notice.id).limit(limit)
    old = list(session.scalars(query))
    links = delete(DispatchNotice).where(DispatchNotice.notice_id.in_(old))
    session.execute(links, execution_options=_PLAIN)
    session.execute(delete(Notice).where(Notice.id.in_(old)), execution_options=_PLAIN)
    tells = exists().where(DispatchNotice.dispatch_id == Dispatch.id)
    settled = select(Dispatch.id).where(Dispatch.settled_at < before, ~tells).order_by(Dispatch.id).limit(limit)
    session.execute(delete(Dispatch).where(Dispatch.id.in_(settled)), execution_options=_PLAIN)
    return len(old)


def proved(session: Session, person_ids: Collection[int]) -> Sequence[Contact]:
    """Return the addresses that these people have proved to be their own."""
    return session.scalars(select(Contact).where(Contact.person_id.in_(person_ids), Contact.address.is_not(None))).all()


def contacts(session: Session, person_id: int) -> Sequence[Contact]:
    """Return where a person can be reached, proved or not."""
    return session.scalars(select(Contact).where(Contact.person_id == person_id)).all()


def lock_contact(session: Session, person_id: int, medium: Medium) -> Contact | None:
    """Return one address of a person, locked."""
    query = select(Contact).where(Contact.person_id == person_id, Contact.medium == medium)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def choices(session: Session, person_ids: Collection[int]) -> Sequence[NoticeChoice]:
    """Return what these people have chosen otherwise than by default."""
    return session.scalars(select(NoticeChoice).where(NoticeChoice.person_id.in_(person_ids))).all()


def habits(session: Session, person_ids: Collection[int]) -> Sequence[NoticeHabit]:
    """Return the quiet hours and languages these people have set."""
    return session.scalars(select(NoticeHabit).where(NoticeHabit.person_id.in_(person_ids))).all()


def templates(session: Session) -> Sequence[NoticeTemplate]:
    """Return the texts that stand in the place of the product's own."""
    return session.scalars(select(NoticeTemplate)).all()
