"""Wrong guesses slowed down: per account and per address, for longer and longer, by the machine's time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import DomainError, Kind
from app.services.acting import Act
from app.store.queries import identity as queries

_FIRST_LOCK = timedelta(minutes=1)
_LONGEST_LOCK = timedelta(minutes=30)
_FORGOTTEN_AFTER = timedelta(hours=1)
"""A subject nobody has guessed at for so long begins anew."""


class SignInLocked(DomainError):
    """Too many wrong guesses: nothing is taken before ``until``. Params: ``until`` (aware)."""

    code = "sign_in_locked"
    kind = Kind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that guesses are counted of; ``free`` wrong ones do not lock it."""

    key: str
    free: int


def password_of(person_id: int) -> Subject:
    """An account's password or set-up code."""
    return Subject(f"password:{person_id}", 5)


def factor_of(person_id: int) -> Subject:
    """An account's second factor, for whoever has the first already."""
    return Subject(f"factor:{person_id}", 5)


def address_of(act: Act) -> Subject:
    """The address a request comes from: a whole school may share one, so it has more."""
    return Subject(f"address:{act.actor.address}", 50)


def refuse_locked(act: Act, *subjects: Subject) -> None:
    """Refuse while one of ``subjects`` rests. Raises ``SignInLocked``."""
    until = queries.last_lock(act.session, [subject.key for subject in subjects], act.real_now)
    if until is not None:
        raise SignInLocked(until=until)


def count_guess(act: Act, *subjects: Subject) -> None:
    """Count a wrong guess; beyond the free ones each doubles the rest."""
    queries.forget_guesses_before(act.session, act.real_now - _FORGOTTEN_AFTER)
    for subject in subjects:
        _count(act, subject)


def _count(act: Act, subject: Subject) -> None:
    is_new = queries.begin_counting(act.session, subject.key, act.real_now)
    guesses = queries.guesses_of(act.session, subject.key)
    guesses.failures += 0 if is_new else 1
    guesses.last_at = act.real_now
    guesses.locked_until = _rest(guesses.failures - subject.free, act.real_now)


def _rest(beyond: int, now: datetime) -> datetime | None:
    return None if beyond < 0 else now + min(_FIRST_LOCK * 2 ** min(beyond, 10), _LONGEST_LOCK)


def forget_guesses(act: Act, subject: Subject) -> None:
    """Begin to count anew: the right answer was given, or an administrator gave a new one."""
    queries.forget_guesses(act.session, subject.key)
