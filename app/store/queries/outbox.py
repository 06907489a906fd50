"""Work to be done after a commit: claimed by a lease, fenced by its token."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, CursorResult, or_, select, update
from sqlalchemy.orm import Session

from app.store.models import Outbox
from app.store.types import new_public_id

_PLAIN = {"synchronize_session": False}


class Kinds(NamedTuple):
    """Kinds of work: ``only`` these (None: all), ``but`` not those."""

    only: Collection[str] | None = None
    but: Collection[str] = ()


ALL = Kinds()


def waiting(session: Session, now: datetime, real_now: datetime, limit: int, kinds: Kinds = ALL) -> Sequence[int]:
    """Return work of these kinds that is due and that nobody holds, the earliest first."""
    query = select(Outbox.id).where(Outbox.done_at.is_(None), Outbox.run_at <= now, _is_free(real_now))
    if kinds.only is not None:
        query = query.where(Outbox.kind.in_(sorted(kinds.only)))
    if kinds.but:
        query = query.where(Outbox.kind.not_in(sorted(kinds.but)))
    return session.scalars(query.order_by(Outbox.run_at, Outbox.id).limit(limit)).all()


def _is_free(real_now: datetime) -> ColumnElement[bool]:
    return or_(Outbox.lease_until.is_(None), Outbox.lease_until < real_now)


def has_waiting(session: Session, kind: str) -> bool:
    """Tell whether work of this kind is still to be done."""
    return session.scalar(select(Outbox.id).where(Outbox.done_at.is_(None), Outbox.kind == kind).limit(1)) is not None


def claim(session: Session, outbox_id: int, real_now: datetime, lease: timedelta) -> Outbox | None:
    """Take a piece of work for the time of a lease; None if somebody else holds it or has done it."""
    free = update(Outbox).where(Outbox.id == outbox_id, Outbox.done_at.is_(None), _is_free(real_now))
    taken = free.values(lease_until=real_now + lease, lease_token=new_public_id(), attempts=Outbox.attempts + 1)
    if cast("CursorResult[Any]", session.execute(taken, execution_options=_PLAIN)).rowcount != 1:
        return None
    return session.get(Outbox, outbox_id, populate_existing=True)


def finish(session: Session, outbox_id: int, token: str, at: datetime, again: datetime | None) -> bool:
    """Say that the work is done, until ``again`` (None: for good); false if the lease has gone to somebody else."""
    free: dict[str, Any] = {"lease_until": None, "lease_token": None, "error": None}
    rest = {"done_at": at} if again is None else {"run_at": again, "attempts": 0}
    return _settle(session, outbox_id, token, {**free, **rest})


def put_off(session: Session, outbox_id: int, token: str, until: datetime, error: str) -> bool:
    """Give failed work back, to be tried again at ``until``; false if the lease has gone to somebody else."""
    return _settle(
        session, outbox_id, token, {"run_at": until, "lease_until": None, "lease_token": None, "error": error}
    )


def _settle(session: Session, outbox_id: int, token: str, values: dict[str, Any]) -> bool:
    held = update(Outbox).where(Outbox.id == outbox_id, Outbox.lease_token == token, Outbox.done_at.is_(None))
    changed = session.execute(held.values(**values), execution_options=_PLAIN)
    return cast("CursorResult[Any]", changed).rowcount == 1
