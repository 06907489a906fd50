"""Signing in: passwords, guesses slowed down, and the actor somebody is today."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.domain.errors import DomainError, Kind
from app.domain.identity import DENGBAO, LONGEST, SignInPolicy, check_password
from app.domain.roles import RoleKey
from app.domain.time import SHANGHAI
from app.services import audit, guessing
from app.services.acting import Act, Actor, Held
from app.store import Session, on_rollback
from app.store.models import OldPassword, Person
from app.store.queries import identity as queries
from app.store.queries import organisation

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's floor: 19 MiB, two passes
_NOBODY = _HASHER.hash("nobody's password: a login that does not exist takes as long as one that does")


class SignInFailed(DomainError):
    """Login and password do not belong together, whichever of them is wrong."""

    code = "sign_in_failed"
    kind = Kind.FORBIDDEN


class PasswordUsedBefore(DomainError):
    """The new password is one of the last ones. Params: ``remembered``, how many may not come back."""

    code = "password_used_before"
    kind = Kind.BAD_INPUT


def hash_password(password: str, login: str = "", policy: SignInPolicy = DENGBAO) -> str:
    """Return the argon2id hash to keep. Raises ``PasswordTooWeak``."""
    check_password(password, login, policy)
    return _HASHER.hash(password)


def sign_in(act: Act, *, login: str, password: str) -> Actor:
    """Return the actor behind ``login``. A wrong guess is counted although the refusal undoes everything else.

    The password alone: a second factor is the caller's next question (``services.factors``). A hash made with earlier
    parameters is replaced. Raises ``SignInFailed``, ``SignInLocked``.
    """
    person = organisation.person_by_login(act.session, login)
    known = person.password_hash if person else _NOBODY
    is_right = matches(known, password)
    subjects = [guessing.address_of(act), *([guessing.password_of(person.id)] if person else [])]
    guessing.refuse_locked(act, *subjects)
    if person is None or not is_right or not person.active:
        on_rollback(act.session, lambda session: _count_failure(act.within(session), login))
        raise SignInFailed
    if _HASHER.check_needs_rehash(person.password_hash):
        person.password_hash = _HASHER.hash(password)
    guessing.forget_guesses(act, guessing.password_of(person.id))
    actor = replace(actor_at(act.session, person, act.now), address=act.actor.address)
    _record(replace(act, actor=actor), person, "sign_in", "done")
    return actor


def matches(known: str, password: str) -> bool:
    """Tell whether ``password`` is the one that was hashed; a blank hash is nobody's, and takes as long to find out."""
    try:
        return _HASHER.verify(known or _NOBODY, password[: LONGEST + 1]) and bool(known)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _count_failure(act: Act, login: str) -> None:
    person = organisation.person_by_login(act.session, login)
    if person is None:
        guessing.count_guess(act, guessing.address_of(act))
        audit.record(act, case_id=audit.OFFICE, action="sign_in", object="person/unknown", result="refused")
        return
    guessing.count_guess(act, guessing.password_of(person.id), guessing.address_of(act))
    _record(act, person, "sign_in", "refused")


def _record(act: Act, person: Person, action: str, result: str) -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"person/{person.public_id}", result=result)


class NotRegistered(DomainError):
    """Somebody whom the office's own sign-in vouches for is not known here. Params: ``login``."""

    code = "not_registered"
    kind = Kind.FORBIDDEN


def vouched_for(act: Act, *, login: str) -> Actor:
    """Return the actor behind a login that the office's own sign-in vouches for. Raises ``NotRegistered``."""
    person = organisation.person_by_login(act.session, login) if login else None
    if person is None or not person.active:
        on_rollback(act.session, lambda session: _note_stranger(act.within(session)))
        raise NotRegistered(login=login)
    actor = replace(actor_at(act.session, person, act.now), address=act.actor.address)
    _record(replace(act, actor=actor), person, "sign_in", "done")
    return actor


def _note_stranger(act: Act) -> None:
    audit.record(act, case_id=audit.OFFICE, action="sign_in", object="person/unknown", result="refused")


def load_actor(session: Session, person_id: int, now: datetime) -> Actor | None:
    """Return who ``person_id`` is at the programme's ``now``, None if they may no longer sign in."""
    person = organisation.person(session, person_id)
    return actor_at(session, person, now) if person and person.active else None


def actor_at(session: Session, person: Person, now: datetime) -> Actor:
    """Return who ``person`` is at the programme's ``now``."""
    today = now.astimezone(SHANGHAI).date()
    known = Known(person.id, person.name, person.public_id)
    return actor_of(session, known, organisation.held_on(session, person.id, today))


class Known(NamedTuple):
    """What of a person goes with every act."""

    id: int
    name: str
    public_id: str


def actor_of(session: Session, person: Known, held_rows: Iterable[Sequence[Any]]) -> Actor:
    """Return a person as they act; ``held_rows``: role key, unit id, unit name and queue id of what they hold."""
    held = tuple(Held(RoleKey(row[0]), row[1], row[2], row[3]) for row in held_rows)
    own = organisation.personal_queue_id(session, person.id)
    return Actor(person.id, person.name, held, own, person.public_id)


def set_password(act: Act, person: Person, new: str) -> None:
    """Put a new password in the place of the old one, which is remembered as long as the policy wants.

    Raises ``PasswordTooWeak``, ``PasswordUsedBefore``.
    """
    policy = act.ports.sign_in
    hashed = hash_password(new, person.login, policy)
    earlier = queries.old_passwords(act.session, person.id, max(policy.remembered - 1, 0))
    before = [known for known in (person.password_hash, *earlier) if known][: policy.remembered]
    if any(matches(known, new) for known in before):
        raise PasswordUsedBefore(remembered=policy.remembered)
    if person.password_hash:
        replaced = OldPassword(person_id=person.id, password_hash=person.password_hash, replaced_at=act.real_now)
        act.session.add(replaced)
    person.password_hash, person.password_changed_at = hashed, act.real_now
    guessing.forget_guesses(act, guessing.password_of(person.id))
