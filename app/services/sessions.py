"""Sessions of people at browsers: begun, renewed, listed and ended. All by the machine's time, none by its cookie's."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from app.domain.errors import DomainError, Kind
from app.domain.identity import SessionEnd, SignInPolicy, SignInWay
from app.domain.roles import RoleKey
from app.services import audit
from app.services.accounts import actor_at
from app.services.acting import Act, Actor
from app.services.authority import PersonUnknown, check_account
from app.store import Session
from app.store.models import LoginSession, Person
from app.store.queries import login_sessions as queries
from app.store.queries import organisation

_TOKEN_BYTES = 32
_NOTED_EVERY = timedelta(minutes=1)
_LONGEST_DEVICE = 300
_BY_PASSWORD = frozenset(
    {SignInWay.PASSWORD, SignInWay.PASSWORD_AND_CODE, SignInWay.PASSWORD_AND_PASSKEY, SignInWay.SET_UP_CODE}
)


class SessionUnknown(DomainError):
    """There is no such session, or it has ended. Params: ``session``."""

    code = "session_unknown"
    kind = Kind.NOT_FOUND


class Due(StrEnum):
    """What somebody must do before anything else."""

    PASSWORD = "password"  # noqa: S105 - what is due, no password
    FACTOR = "factor"


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody whose session holds: who they are today, what is due, since when nobody asked who they are."""

    actor: Actor
    due: Due | None
    confirmed_at: datetime
    seen_at: datetime

    def is_confirmed(self, policy: SignInPolicy, real_now: datetime) -> bool:
        """Tell whether the last confirmation still counts for sensitive acts."""
        return real_now - self.confirmed_at < policy.confirmed_for


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A living session as its owner or an administrator sees it; ``device`` is what the browser says of itself."""

    public_id: str
    way: SignInWay
    device: str
    address: str
    begun_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """The programme's time, the machine's, and the policy by which sessions live."""

    now: datetime
    real_now: datetime
    policy: SignInPolicy

    @property
    def alive(self) -> queries.Alive:
        """What a session must be to hold now."""
        return queries.Alive(self.real_now, self.policy.idle, self.policy.absolute)


def begin_session(act: Act, *, person_id: int, way: SignInWay, device: str) -> str:
    """Begin a session of its own for somebody who has proved who they are; return its token, kept only as a hash.

    Raises ``PersonUnknown``.
    """
    person = organisation.person(act.session, person_id)
    if person is None:
        raise PersonUnknown(person=person_id)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = LoginSession(
        person_id=person_id,
        token_hash=_hash(token),
        way=way,
        device=device[:_LONGEST_DEVICE],
        address=act.actor.address,
        begun_at=act.real_now,
        seen_at=act.real_now,
        confirmed_at=act.real_now,
    )
    act.session.add(row)
    acting = replace(act, actor=replace(act.actor, person_id=person_id))
    audit.record(acting, case_id=audit.OFFICE, action="begin_session", object=_object(person), result=way.value)
    return token


def enter(session: Session, *, token: str, moment: Moment) -> Entered | None:
    """Return whose session ``token`` is, None if it holds no longer. Two statements."""
    found = queries.find(session, _hash(token), moment.alive)
    if found is None:
        return None
    row, person, has_factor = found
    actor = replace(actor_at(session, person, moment.now), session_id=row.id)
    due = _due(row, person, actor, moment, has_factor=has_factor)
    return Entered(actor, due, row.confirmed_at, row.seen_at)


def _due(row: LoginSession, person: Person, actor: Actor, moment: Moment, *, has_factor: bool) -> Due | None:
    policy = moment.policy
    if row.way in _BY_PASSWORD and policy.is_expired(person.password_changed_at, moment.real_now):
        return Due.PASSWORD
    if not has_factor and policy.needs_factor(held.role for held in actor.held):
        return Due.FACTOR
    return None


def is_to_be_noted(entered: Entered, real_now: datetime) -> bool:
    """Tell whether it is worth writing that the session is used."""
    return real_now - entered.seen_at >= _NOTED_EVERY


def note_seen(session: Session, *, session_id: int, real_now: datetime) -> None:
    """Write that a session is used: at most once a minute, however many requests come."""
    queries.note_seen(session, session_id, real_now, real_now - _NOTED_EVERY)


def confirm_session(act: Act) -> str:
    """Note that the acting person has proved again who they are; return the session's new token (elevation).

    Raises ``SessionUnknown`` for whoever acts outside a browser's session.
    """
    row = act.session.get(LoginSession, act.actor.session_id or 0)
    if row is None:
        raise SessionUnknown(session="")
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row.token_hash, row.confirmed_at = _hash(token), act.real_now
    _record(act, act.person_id, "confirm_identity")
    return token


def list_sessions(act: Act) -> tuple[SessionRow, ...]:
    """Return the acting person's living sessions, the last used first."""
    return _rows(act, act.person_id)


def sessions_of(act: Act, *, person_id: int) -> tuple[SessionRow, ...]:
    """Return somebody's living sessions. Whether the actor looks after them is the caller's business."""
    return _rows(act, person_id)


def _rows(act: Act, person_id: int) -> tuple[SessionRow, ...]:
    alive = Moment(act.now, act.real_now, act.ports.sign_in).alive
    return tuple(
        SessionRow(
            public_id=row.public_id,
            way=row.way,
            device=row.device,
            address=row.address,
            begun_at=row.begun_at,
            seen_at=row.seen_at,
            is_this=row.id == act.actor.session_id,
        )
        for row in queries.living(act.session, person_id, alive)
    )


def sign_out(act: Act) -> None:
    """End the session that this act belongs to."""
    if act.actor.session_id is not None:
        queries.end_this(act.session, act.actor.session_id, now=act.real_now, by=SessionEnd.SIGNED_OUT)
        _record(act, act.person_id, "sign_out")


def end_session(act: Act, *, public_id: str) -> None:
    """End one of one's own sessions. Raises ``SessionUnknown``."""
    reason = SessionEnd.ENDED_ELSEWHERE
    if not queries.end_one(act.session, act.person_id, public_id, now=act.real_now, by=reason):
        raise SessionUnknown(session=public_id)
    _record(act, act.person_id, "end_session")


def end_other_sessions(act: Act, *, by: SessionEnd = SessionEnd.ENDED_ELSEWHERE) -> int:
    """End every session of the acting person but this one; return how many."""
    this = act.actor.session_id
    return _end_all(act, act.person_id, but=this, by=by)


def end_sessions_of(act: Act, *, person_id: int) -> int:
    """End every session of somebody; return how many. The duty of whoever looks after the account, or of security.

    Raises ``NotAllowed``, ``PersonUnknown``.
    """
    if not act.actor.holds(RoleKey.SECADMIN):
        check_account(act, person_id)
    return end_every_session(act, person_id)


def end_every_session(act: Act, person_id: int) -> int:
    """End every session of somebody without asking who acts: for whoever has settled that already."""
    return _end_all(act, person_id, but=None, by=SessionEnd.ENDED_BY_ADMINISTRATOR)


def _end_all(act: Act, person_id: int, *, but: int | None, by: SessionEnd) -> int:
    ended = queries.end_all(act.session, person_id, but=but, now=act.real_now, by=by)
    if ended:
        _record(act, person_id, "end_session")
    return ended


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _object(person: Person) -> str:
    return f"person/{person.public_id}"


def _record(act: Act, person_id: int, action: str) -> None:
    person = organisation.person(act.session, person_id)
    if person is not None:
        audit.record(act, case_id=audit.OFFICE, action=action, object=_object(person))
