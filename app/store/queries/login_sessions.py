"""Sessions: who has signed in from where, and which of it still holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from app.domain.identity import SessionEnd
from app.store.models import Authenticator, LoginSession, Passkey, Person


@dataclass(frozen=True, slots=True)
class Alive:
    """A session lives at ``now`` if it was used within ``idle`` and begun within ``absolute``."""

    now: datetime
    idle: timedelta
    absolute: timedelta

    @property
    def seen_after(self) -> datetime:
        """When it must have been used at the earliest."""
        return self.now - self.idle

    @property
    def begun_after(self) -> datetime:
        """When it must have begun at the earliest."""
        return self.now - self.absolute

    def holds(self) -> ColumnElement[bool]:
        """Return the condition on a session."""
        return (
            LoginSession.ended_at.is_(None)
            & (LoginSession.seen_at > self.seen_after)
            & (LoginSession.begun_at > self.begun_after)
        )


def _with_person() -> Select[LoginSession, Person, bool]:
    has_app = exists().where(Authenticator.person_id == Person.id, Authenticator.confirmed_at.is_not(None))
    has_passkey = exists().where(Passkey.person_id == Person.id)
    return (
        select(LoginSession, Person, has_app | has_passkey)
        .join(Person, Person.id == LoginSession.person_id)
        .where(
            LoginSession.token_hash == bindparam("token_hash"),
            Person.active,
            LoginSession.ended_at.is_(None),
            LoginSession.seen_at > bindparam("seen_after"),
            LoginSession.begun_at > bindparam("begun_after"),
        )
    )


_WITH_PERSON = _with_person()
"""Every request asks for this: it is put together once."""


def find(session: Session, token_hash: str, alive: Alive) -> Row[LoginSession, Person, bool] | None:
    """Return the living session of a token with its person and whether they have a second factor. One statement."""
    given = {"token_hash": token_hash, "seen_after": alive.seen_after, "begun_after": alive.begun_after}
    return session.execute(_WITH_PERSON, given).one_or_none()


def living(session: Session, person_id: int, alive: Alive) -> Sequence[LoginSession]:
    """Return a person's living sessions, the last used first."""
    query = select(LoginSession).where(LoginSession.person_id == person_id, alive.holds())
    return session.scalars(query.order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())).all()


def note_seen(session: Session, session_id: int, now: datetime, older_than: datetime) -> None:
    """Note that a session is used, unless somebody noted it since ``older_than``."""
    is_old = (LoginSession.id == session_id) & (LoginSession.seen_at <= older_than)
    session.execute(update(LoginSession).where(is_old).values(seen_at=now))


def end_one(session: Session, person_id: int, public_id: str, *, now: datetime, by: SessionEnd) -> int:
    """End one of a person's sessions; return how many that were."""
    return _end(session, LoginSession.person_id == person_id, LoginSession.public_id == public_id, now=now, by=by)


def end_all(session: Session, person_id: int, *, but: int | None = None, now: datetime, by: SessionEnd) -> int:
    """End every session of a person, but one of that id; return how many."""
    others = [] if but is None else [LoginSession.id != but]
    return _end(session, LoginSession.person_id == person_id, *others, now=now, by=by)


def end_this(session: Session, session_id: int, *, now: datetime, by: SessionEnd) -> int:
    """End a session; return how many that were."""
    return _end(session, LoginSession.id == session_id, now=now, by=by)


def _end(session: Session, *where: ColumnElement[bool], now: datetime, by: SessionEnd) -> int:
    query = update(LoginSession).where(LoginSession.ended_at.is_(None), *where).values(ended_at=now, ended_by=by)
    return cast("CursorResult[Any]", session.execute(query)).rowcount
