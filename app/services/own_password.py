"""Choosing one's own password: with the old one, or with a set-up code, so that no administrator ever knows it."""

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.errors import DomainError, Kind
from app.domain.identity import SessionEnd
from app.services import audit, guessing
from app.services.accounts import actor_at, matches, set_password
from app.services.acting import Act, Actor, NotAllowed
from app.services.authority import PersonUnknown, check_account
from app.services.sessions import end_every_session, end_other_sessions
from app.store import on_rollback
from app.store.models import OldPassword, Person, SetUpCode
from app.store.queries import identity as queries
from app.store.queries import organisation

VALID_FOR = timedelta(days=3)
"""How long a code waits for its owner."""

_PURPOSE = "set-up code"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 5, 4


class PasswordWrong(DomainError):
    """The old password, asked for before a change, is not right."""

    code = "password_wrong"


class SetUpCodeWrong(DomainError):
    """Login and code do not belong together, or the code was used or is too old: all told alike."""

    code = "set_up_code_wrong"
    kind = Kind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Issued:
    """A code just made: shown once, then handed to its owner in person or over a line they are known on."""

    login: str
    code: str
    expires_at: datetime


def change_password(act: Act, *, old: str, new: str) -> None:
    """Give the acting person a new password; every session but this one ends.

    Raises ``PasswordWrong``, ``PasswordTooWeak``, ``PasswordUsedBefore``, ``SignInLocked``.
    """
    person = _own(act, old)
    set_password(act, person, new)
    end_other_sessions(act, by=SessionEnd.PASSWORD_CHANGED)
    _record(act, person, "change_password")


def confirm_password(act: Act, *, password: str) -> None:
    """Check that the acting person knows their password. Raises ``PasswordWrong``, ``SignInLocked``."""
    _own(act, password)


def _own(act: Act, password: str) -> Person:
    person = organisation.person(act.session, act.person_id)
    guessing.refuse_locked(act, guessing.password_of(act.person_id))
    if person is None or not matches(person.password_hash, password):
        on_rollback(act.session, lambda session: _count_wrong_old(act.within(session)))
        raise PasswordWrong
    return person


def _count_wrong_old(act: Act) -> None:
    person = organisation.person(act.session, act.person_id)
    if person is not None:
        guessing.count_guess(act, guessing.password_of(person.id))
        _record(act, person, "prove_password", "refused")


def person_of(act: Act, *, login: str) -> int:
    """Return the id of whoever signs in with ``login``. Raises ``PersonUnknown``."""
    person = organisation.person_by_login(act.session, login)
    if person is None:
        raise PersonUnknown(person=login)
    return person.id


def issue_set_up_code(act: Act, *, person_id: int) -> Issued:
    """Give somebody a code in the place of their password, which is good no longer; their sessions end.

    The duty of whoever looks after the account, never their own: that password is changed with the old one.
    Raises ``NotAllowed``, ``PersonUnknown``.
    """
    check_account(act, person_id)
    if person_id == act.actor.person_id:
        raise NotAllowed(needed="another_person")
    person = organisation.person(act.session, person_id)
    if person is None:
        raise PersonUnknown(person=person_id)
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    queries.drop_set_up_code(act.session, person_id)
    expires_at = act.real_now + VALID_FOR
    act.session.add(SetUpCode(person_id=person_id, digest=_digest(act, person_id, code), expires_at=expires_at))
    _retire_password(act, person)
    guessing.forget_guesses(act, guessing.password_of(person_id))
    end_every_session(act, person_id)
    _record(act, person, "issue_set_up_code")
    return Issued(person.login, code, expires_at)


def _retire_password(act: Act, person: Person) -> None:
    if person.password_hash:
        row = OldPassword(person_id=person.id, password_hash=person.password_hash, replaced_at=act.real_now)
        act.session.add(row)
        person.password_hash = ""


def take_set_up_code(act: Act, *, login: str, code: str, password: str) -> Actor:
    """Let the owner of a code choose their password; the code is good no more. Return who they are.

    A wrong one is counted although the refusal undoes everything else. A second factor, where there is one, is the
    caller's next question.
    Raises ``SetUpCodeWrong``, ``SignInLocked``, ``PasswordTooWeak``, ``PasswordUsedBefore``.
    """
    person = organisation.person_by_login(act.session, login)
    subjects = [guessing.address_of(act), *([guessing.password_of(person.id)] if person else [])]
    guessing.refuse_locked(act, *subjects)
    if person is None or not person.active or not _is_right(act, person, code):
        on_rollback(act.session, lambda session: _count_wrong(act.within(session), login))
        raise SetUpCodeWrong
    set_password(act, person, password)
    queries.drop_set_up_code(act.session, person.id)
    actor = replace(actor_at(act.session, person, act.now), address=act.actor.address)
    own = replace(act, actor=actor)
    end_other_sessions(own, by=SessionEnd.PASSWORD_CHANGED)
    _record(own, person, "take_set_up_code")
    return actor


def _is_right(act: Act, person: Person, code: str) -> bool:
    kept = queries.set_up_code(act.session, person.id)
    if kept is None or kept.expires_at <= act.real_now:
        return False
    return hmac.compare_digest(kept.digest, _digest(act, person.id, code))


def _digest(act: Act, person_id: int, code: str) -> str:
    typed = "".join(char for char in code.casefold() if char.isalnum())
    return act.ports.sealer.digest(f"{person_id} {typed}", _PURPOSE)


def _count_wrong(act: Act, login: str) -> None:
    person = organisation.person_by_login(act.session, login)
    subjects = [guessing.address_of(act), *([guessing.password_of(person.id)] if person else [])]
    guessing.count_guess(act, *subjects)
    whose = f"person/{person.public_id if person else 'unknown'}"
    audit.record(act, case_id=audit.OFFICE, action="take_set_up_code", object=whose, result="refused")


def _record(act: Act, person: Person, action: str, result: str = "done") -> None:
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"person/{person.public_id}", result=result)
