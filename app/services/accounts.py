"""Signing in: passwords, guesses slowed down, and the actor somebody is today."""

from dataclasses import replace
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from app.domain.errors import DomainError, Kind
from app.domain.identity import LONGEST, check_password
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services import audit
from app.services.acting import Act, Actor, Held
from app.store import Session, on_rollback
from app.store.models import Person
from app.store.queries import organisation

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's floor: 19 MiB, two passes
_NOBODY = _HASHER.hash("nobody's password: a login that does not exist takes as long as one that does")
_FREE_GUESSES = 5
_FIRST_LOCK = timedelta(minutes=1)
_LONGEST_LOCK = timedelta(minutes=30)


class SignInFailed(DomainError):
    """Login and password do not belong together, whichever of them is wrong."""

    code = "sign_in_failed"
    kind = Kind.FORBIDDEN


class SignInLocked(DomainError):
    """Too many wrong guesses: this account takes none before ``until``. Params: ``until`` (aware)."""

    code = "sign_in_locked"
    kind = Kind.FORBIDDEN


class PasswordWrong(DomainError):
    """The old password, asked for before a change, is not right."""

    code = "password_wrong"


def hash_password(password: str, login: str = "") -> str:
    """Return the argon2id hash to keep. Raises ``PasswordTooWeak``."""
    check_password(password, login)
    return _HASHER.hash(password)


def sign_in(act: Act, *, login: str, password: str) -> Actor:
    """Return the actor behind ``login``. A wrong guess is counted although the refusal undoes everything else.

    Locks run by the machine's time. Raises ``SignInFailed``, ``SignInLocked``.
    """
    person = organisation.person_by_login(act.session, login)
    known = person.password_hash if person else _NOBODY
    is_right = _matches(known, password[: LONGEST + 1])
    if person and person.locked_until and act.real_now < person.locked_until:
        raise SignInLocked(until=person.locked_until)
    if person is None or not is_right or not person.active:
        on_rollback(act.session, lambda session: _count_failure(replace(act, session=session), login))
        raise SignInFailed
    person.failed_sign_ins, person.locked_until = 0, None
    actor = replace(_actor(act.session, person, act.now), address=act.actor.address)
    _record(replace(act, actor=actor), person, "sign_in", "done")
    return actor


def _matches(known: str, password: str) -> bool:
    try:
        return _HASHER.verify(known, password)
    except VerifyMismatchError:
        return False


def _count_failure(act: Act, login: str) -> None:
    person = organisation.person_by_login(act.session, login)
    if person is None:
        audit.record(act, case_id=audit.OFFICE, action="sign_in", object="person/unknown", result="refused")
        return
    person.failed_sign_ins += 1
    beyond = person.failed_sign_ins - _FREE_GUESSES
    if beyond >= 0:
        person.locked_until = act.real_now + min(_FIRST_LOCK * 2 ** min(beyond, 10), _LONGEST_LOCK)
    _record(act, person, "sign_in", "refused")


def _record(act: Act, person: Person, action: str, result: str) -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"person/{person.public_id}", result=result)


def load_actor(session: Session, person_id: int, now: datetime) -> Actor | None:
    """Return who ``person_id`` is at the programme's ``now``, None if they may no longer sign in."""
    person = organisation.person(session, person_id)
    return _actor(session, person, now) if person and person.active else None


def _actor(session: Session, person: Person, now: datetime) -> Actor:
    today = now.astimezone(SHANGHAI).date()
    held = tuple(
        Held(RoleKey(row[0]), row[1], row[2], row[3]) for row in organisation.held_on(session, person.id, today)
    )
    own = organisation.personal_queue_id(session, person.id)
    return Actor(person.id, person.name, held, own, person.public_id)


def change_password(act: Act, *, old: str, new: str) -> None:
    """Give the acting person a new password. Raises ``PasswordWrong``, ``PasswordTooWeak``."""
    person = organisation.person(act.session, act.person_id)
    if person is None or not _matches(person.password_hash, old):
        raise PasswordWrong
    person.password_hash, person.password_changed_at = hash_password(new, person.login), act.real_now
    _record(act, person, "change_password", "done")
