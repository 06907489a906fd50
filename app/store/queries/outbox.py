"""Work to be done after a commit: claimed by a lease, fenced by its token."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, CursorResult, Integer, Select, bindparam, or_, select, update
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
    values: dict[str, Any] = {"at": now, "real_now": real_now, "most": limit}
    if kinds.only is not None:
        values["only"] = sorted(kinds.only)
    if kinds.but:
        values["but"] = sorted(kinds.but)
    return session.scalars(_waiting(names_only=kinds.only is not None, names_but=bool(kinds.but)), values).all()


@cache
def _waiting(*, names_only: bool, names_but: bool) -> Select[int]:
    """Asked at every turn of the worker, so built once."""
    at = bindparam("at", type_=Outbox.run_at.type)
    query = select(Outbox.id).where(Outbox.done_at.is_(None), Outbox.run_at <= at, _is_free())
    if names_only:
        query = query.where(Outbox.kind.in_(bindparam("only", expanding=True)))
    if names_but:
        query = query.where(Outbox.kind.not_in(bindparam("but", expanding=True)))
    return query.order_by(Outbox.run_at, Outbox.id).limit(bindparam("most", type_=Integer))


def _is_free() -> ColumnElement[bool]:
    return or_(Outbox.lease_until.is_(None), Outbox.lease_until < bindparam("real_now", type_=Outbox.lease_until.type))


def has_waiting(session: Session, kind: str) -> bool:
    """Tell whether work of this kind is still to be done."""
    return session.scalar(select(Outbox.id).where(Outbox.done_at.is_(None), Outbox.kind == kind).limit(1)) is not None


def claim(session: Session, outbox_id: int, real_now: datetime, lease: timedelta) -> Outbox | None:
    """Take a piece of work for the time of a lease; None if somebody else holds it or has done it."""
    free = update(Outbox).where(Outbox.id == outbox_id, Outbox.done_at.is_(None), _is_free())
    taken = free.values(lease_until=real_now + lease, lease_token=new_public_id(), attempts=Outbox.attempts + 1)
    changed = session.execute(taken, {"real_now": real_now}, execution_options=_PLAIN)
    if cast("CursorResult[Any]", changed).rowcount != 1:
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
