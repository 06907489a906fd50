"""The second factor: an authenticator app's codes (TOTP, RFC 6238) and recovery codes for when the phone is lost."""

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pyotp

from app.domain.errors import DomainError, Kind
from app.domain.roles import RoleKey
from app.services import audit, guessing
from app.services.acting import Act, NotAllowed
from app.store import on_rollback
from app.store.models import Authenticator
from app.store.queries import identity as queries
from app.store.queries import organisation

ISSUER = "双优工作室"
"""What an authenticator app shows above the account."""

_SEALED_FOR = "authenticator"
_DIGESTED_FOR = "recovery code"
_STEP_SECONDS = 30
_RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is mistaken for something else on paper."""

_GROUPS, _GROUP = 4, 4


class SecondFactorWrong(DomainError):
    """The code is not right, was used before, or there is no second factor that takes codes."""

    code = "second_factor_wrong"
    kind = Kind.FORBIDDEN


class SecondFactorUnreadable(DomainError):
    """The authenticator's secret was sealed with another secret key: only a new one helps."""

    code = "second_factor_unreadable"
    kind = Kind.CONFLICT


class NothingPending(DomainError):
    """No authenticator app waits for being confirmed: begin again."""

    code = "nothing_pending"
    kind = Kind.CONFLICT


class LastFactor(DomainError):
    """Somebody whose role needs a second factor keeps one: the new one comes first."""

    code = "last_factor"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as its owner sees it."""

    public_id: str
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """A person's second factors; ``recovery_codes``: how many are left."""

    authenticator_since: datetime | None
    recovery_codes: int
    passkeys: tuple[PasskeyRow, ...]

    @property
    def any(self) -> bool:
        """Tell whether there is a second factor: recovery codes only stand in for one."""
        return self.takes_codes or bool(self.passkeys)

    @property
    def takes_codes(self) -> bool:
        """Tell whether there is an authenticator app."""
        return self.authenticator_since is not None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app is given: by a picture of ``address``, or by hand the ``secret``."""

    secret: str
    address: str


def factors_of(act: Act, *, person_id: int) -> Factors:
    """Return somebody's second factors. Who may ask is the caller's business."""
    app = queries.authenticator(act.session, person_id)
    passkeys = tuple(
        PasskeyRow(row.public_id, row.name, row.made_at, row.used_at)
        for row in queries.passkeys(act.session, person_id)
    )
    left = queries.count_recovery_codes(act.session, person_id)
    return Factors(app.confirmed_at if app else None, left, passkeys)


def verify_second_factor(act: Act, *, person_id: int, code: str) -> None:
    """Check a code of ``person_id``'s authenticator app, or one of their recovery codes; each is good once.

    A wrong one is counted although the refusal undoes everything else.
    Raises ``SecondFactorWrong``, ``SignInLocked``, ``SecondFactorUnreadable``.
    """
    subjects = (guessing.factor_of(person_id), guessing.address_of(act))
    guessing.refuse_locked(act, *subjects)
    typed = "".join(char for char in code.casefold() if char.isalnum())
    if _takes_code(act, person_id, typed):
        guessing.forget_guesses(act, subjects[0])
        return
    if queries.take_recovery_code(act.session, person_id, _digest(act, person_id, typed), act.real_now):
        guessing.forget_guesses(act, subjects[0])
        _record(act, person_id, "use_recovery_code")
        return
    on_rollback(act.session, lambda session: _count_wrong(act.within(session), person_id))
    raise SecondFactorWrong


def _count_wrong(act: Act, person_id: int) -> None:
    guessing.count_guess(act, guessing.factor_of(person_id), guessing.address_of(act))
    _record(act, person_id, "second_factor", "refused")


def _takes_code(act: Act, person_id: int, typed: str) -> bool:
    app = queries.authenticator(act.session, person_id)
    if app is None or app.sealed is None:
        return False
    step = _step_of(_unsealed(act, app.sealed), typed, act.real_now)
    return step is not None and queries.take_step(act.session, person_id, step)


def _step_of(secret: str, typed: str, now: datetime) -> int | None:
    """Return the time step whose code was typed: the present one, or one beside it for clocks that differ."""
    present = int(now.timestamp()) // _STEP_SECONDS
    codes = pyotp.TOTP(secret)
    steps = (present, present - 1, present + 1)
    return next((step for step in steps if hmac.compare_digest(codes.generate_otp(step), typed)), None)


def _unsealed(act: Act, sealed: bytes) -> str:
    try:
        return act.ports.sealer.unseal(sealed, _SEALED_FOR).decode()
    except ValueError as error:
        raise SecondFactorUnreadable from error


def begin_authenticator(act: Act) -> Enrolment:
    """Return what the acting person's app is to be given; the one in use goes on until the new one is confirmed.

    Asked again before that it returns the same, so that a reloaded page still fits the app.
    """
    person = organisation.person(act.session, act.person_id)
    if person is None:
        raise NotAllowed(needed="person")
    app = queries.authenticator(act.session, person.id) or Authenticator(person_id=person.id)
    if app.pending is None:
        app.pending = act.ports.sealer.seal(pyotp.random_base32().encode(), _SEALED_FOR)
        act.session.add(app)
    secret = _unsealed(act, app.pending)
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=person.login, issuer_name=ISSUER))


def confirm_authenticator(act: Act, *, code: str) -> None:
    """Take the app into use: its first code shows that it was given the secret.

    Raises ``NothingPending``, ``SecondFactorWrong``, ``SignInLocked``.
    """
    app = queries.authenticator(act.session, act.person_id)
    if app is None or app.pending is None:
        raise NothingPending
    guessing.refuse_locked(act, guessing.factor_of(act.person_id))
    step = _step_of(_unsealed(act, app.pending), "".join(filter(str.isalnum, code)), act.real_now)
    if step is None:
        on_rollback(act.session, lambda session: _count_wrong(act.within(session), act.person_id))
        raise SecondFactorWrong
    app.sealed, app.pending, app.confirmed_at, app.last_step = app.pending, None, act.real_now, step
    _record(act, act.person_id, "add_authenticator")


def remove_authenticator(act: Act) -> None:
    """Take the acting person's app out of use. Raises ``LastFactor``."""
    queries.drop_authenticator(act.session, act.person_id)
    check_left(act)
    _record(act, act.person_id, "remove_authenticator")


def check_left(act: Act) -> None:
    """Check that the acting person still has the second factor that their roles need. Raises ``LastFactor``."""
    act.session.flush()
    needs = act.ports.sign_in.needs_factor(held.role for held in act.actor.held)
    if needs and not factors_of(act, person_id=act.person_id).any:
        raise LastFactor


def renew_recovery_codes(act: Act) -> tuple[str, ...]:
    """Give the acting person ten new recovery codes, shown this once; the earlier ones are good for nothing."""
    codes = tuple(_new_codes())
    digests = [_digest(act, act.person_id, code.replace("-", "")) for code in codes]
    queries.replace_recovery_codes(act.session, act.person_id, digests)
    _record(act, act.person_id, "renew_recovery_codes")
    return codes


def _new_codes() -> Iterator[str]:
    """Codes of 79 random bits; with the keyed digest nobody can try them out beside the database."""
    for _ in range(_RECOVERY_CODES):
        yield "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _digest(act: Act, person_id: int, code: str) -> str:
    return act.ports.sealer.digest(f"{person_id} {code}", _DIGESTED_FOR)


def reset_factors(act: Act, *, person_id: int) -> None:
    """Take somebody's second factors away, when phone and recovery codes are lost; they enrol again at once.

    The security administrator's duty, as a new password is the system administrator's: neither of them alone can
    enter another's account. Raises ``NotAllowed``.
    """
    act.require(RoleKey.SECADMIN)
    if person_id == act.actor.person_id:
        raise NotAllowed(needed="another_person")
    queries.drop_factors(act.session, person_id)
    guessing.forget_guesses(act, guessing.factor_of(person_id))
    _record(act, person_id, "reset_factors")


def _record(act: Act, person_id: int, action: str, result: str = "done") -> None:
    person = organisation.person(act.session, person_id)
    whose = f"person/{person.public_id if person else 'unknown'}"
    audit.record(act, case_id=audit.OFFICE, action=action, object=whose, result=result)
