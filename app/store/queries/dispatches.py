"""Messages that leave the house: claimed under a lock, fenced by a token, settled once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Row, exists, func, literal_column, select, update
from sqlalchemy.orm import Session

from app.domain.notices import Channel, Medium
from app.domain.states import DispatchState
from app.store.models import Contact, Dispatch, DispatchNotice, Instance, Notice, NoticeHabit, OpenTask, Person
from app.store.queries.telling import untold

_PLAIN = {"synchronize_session": False}


WAITS = Dispatch.state == literal_column("'waiting'")
LEAVES = Dispatch.state == literal_column("'sending'")
"""Word for word as the partial indexes have it: a bound parameter would keep the database from using them."""


def lock_waiting(session: Session, keys: Collection[str]) -> dict[str, int]:
    """Return those of these messages that wait still, by their keys; none is claimed before this transaction ends."""
    query = select(Dispatch.dedupe_key, Dispatch.id).where(
        Dispatch.dedupe_key.in_(keys), Dispatch.state == DispatchState.WAITING
    )
    return {row[0]: row[1] for row in session.execute(query.order_by(Dispatch.id).with_for_update())}


def due(session: Session, now: datetime, limit: int) -> Sequence[Row[int, Channel]]:
    """Return messages whose time has come, the earliest first, with the channel of each."""
    query = select(Dispatch.id, Dispatch.channel).where(WAITS, Dispatch.run_at <= now)
    return session.execute(query.order_by(Dispatch.run_at, Dispatch.id).limit(limit)).all()


def lock_due(session: Session, dispatch_id: int, now: datetime) -> Dispatch | None:
    """Return a message whose time has come, locked; None if somebody else has taken it."""
    query = select(Dispatch).where(
        Dispatch.id == dispatch_id, Dispatch.state == DispatchState.WAITING, Dispatch.run_at <= now
    )
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def lock_held(session: Session, dispatch_id: int, token: str) -> Dispatch | None:
    """Return a message under the lease of that token, even one that ran out, locked; None once it is another's."""
    held = Dispatch.state.in_([DispatchState.SENDING, DispatchState.UNKNOWN])
    query = select(Dispatch).where(Dispatch.id == dispatch_id, Dispatch.lease_token == token, held)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def lock_one(session: Session, public_id: str) -> Dispatch | None:
    """Return a message, locked."""
    query = select(Dispatch).where(Dispatch.public_id == public_id)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _lost(real_now: datetime) -> ColumnElement[bool]:
    return LEAVES & (Dispatch.lease_until < real_now)


def waits(session: Session, now: datetime, real_now: datetime) -> tuple[bool, bool, bool]:
    """Tell what there is for a postman: untold steps, messages left half sent, messages whose time has come.

    One statement: a look into each of three indexes that hold nothing else.
    """
    time_has_come = WAITS & (Dispatch.run_at <= now)
    asked = select(exists().where(untold()), exists().where(_lost(real_now)), exists().where(time_has_come))
    row = session.execute(asked).one()
    return bool(row[0]), bool(row[1]), bool(row[2])


def set_lost_aside(session: Session, real_now: datetime, error: str) -> int:
    """Mark messages that were left half sent: nobody knows whether they went out. Return how many."""
    aside = {"state": DispatchState.UNKNOWN, "lease_until": None, "error": error}
    changed = session.execute(update(Dispatch).where(_lost(real_now)).values(**aside), execution_options=_PLAIN)
    return cast("CursorResult[Any]", changed).rowcount


def reader_of(session: Session, person_id: int, medium: Medium) -> Row[bool, NoticeHabit, str | None] | None:
    """Return whether a person is active, their habits, and the address they have proved (None: there is none)."""
    query = (
        select(Person.active, NoticeHabit, Contact.address)
        .outerjoin(NoticeHabit, NoticeHabit.person_id == Person.id)
        .outerjoin(Contact, (Contact.person_id == Person.id) & (Contact.medium == medium))
        .where(Person.id == person_id)
    )
    return session.execute(query).one_or_none()


def told_by(session: Session, dispatch_id: int) -> Sequence[Row[Notice, str, str]]:
    """Return the notices a message tells of, with the case's public id and the task if it is open still."""
    query = (
        select(Notice, Instance.public_id, OpenTask.id)
        .join(DispatchNotice, DispatchNotice.notice_id == Notice.id)
        .outerjoin(Instance, Instance.id == Notice.case_id)
        .outerjoin(OpenTask, OpenTask.id == Notice.task_id)
        .where(DispatchNotice.dispatch_id == dispatch_id)
    )
    return session.execute(query.order_by(Notice.at, Notice.id)).all()


def listed(
    session: Session, states: Collection[DispatchState], before: int | None, limit: int
) -> Sequence[Row[Dispatch, str, int]]:
    """Return messages in these states, the latest first, with their receiver's name and how many notices they tell."""
    told = (
        select(func.count())
        .select_from(DispatchNotice)
        .where(DispatchNotice.dispatch_id == Dispatch.id)
        .scalar_subquery()
    )
    query = select(Dispatch, Person.name, told).join(Person, Person.id == Dispatch.person_id)
    query = query.where(Dispatch.state.in_(states)).order_by(Dispatch.id.desc()).limit(limit)
    return session.execute(query if before is None else query.where(Dispatch.id < before)).all()


def count_states(session: Session) -> dict[DispatchState, int]:
    """Return how many messages are in each state."""
    rows = session.execute(select(Dispatch.state, func.count()).group_by(Dispatch.state)).all()
    return {row[0]: row[1] for row in rows}


def count_codes(session: Session, person_id: int, since: datetime) -> int:
    """Return how many codes a person has asked for since that moment."""
    codes = Dispatch.address.is_not(None)
    query = select(func.count()).where(Dispatch.person_id == person_id, Dispatch.created_at > since, codes)
    return session.scalar(query) or 0
