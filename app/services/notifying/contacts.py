"""Where a person can be reached: an address counts once a code sent to it has come back."""

import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta

from app.domain.errors import DomainError, Kind
from app.domain.notices import CODE_CHANNEL, Medium
from app.domain.states import DispatchState
from app.services import audit
from app.services.acting import Act
from app.services.notifying.sending import CODE_MINUTES, CODE_PURPOSE
from app.store.models import Contact, Dispatch
from app.store.queries import dispatches
from app.store.queries import notices as queries
from app.store.types import new_public_id

MOST_TRIES = 5
MOST_CODES_A_DAY = 10

_PAUSE = timedelta(minutes=1)
_VALID = timedelta(minutes=CODE_MINUTES)
_LONGEST = 254
_SHAPES: Mapping[Medium, re.Pattern[str]] = {
    Medium.MAIL: re.compile(
        r"(?a:[\w.+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})", re.IGNORECASE
    ),
    Medium.MOBILE: re.compile(r"1[3-9][0-9]{9}"),
}


class AddressInvalid(DomainError):
    """This is no mail address, or no mobile number of the mainland. Params: ``address``."""

    code = "address_invalid"
    kind = Kind.BAD_INPUT


class CodeNotSent(DomainError):
    """No code can be sent: the channel is not set up here. Params: ``medium``."""

    code = "code_not_sent"
    kind = Kind.CONFLICT


class CodeTooOften(DomainError):
    """A code was sent a moment ago, or too many today."""

    code = "code_too_often"
    kind = Kind.CONFLICT


class CodeWrong(DomainError):
    """The code does not fit, has run out, or was tried too often."""

    code = "code_wrong"
    kind = Kind.BAD_INPUT


def ask_code(act: Act, *, medium: Medium, address: str) -> None:
    """Have a code sent to an address that is to become one's own; the proved one stays until then.

    Raises ``AddressInvalid``, ``CodeNotSent``, ``CodeTooOften``.
    """
    tidy = address.strip()
    if len(tidy) > _LONGEST or not _SHAPES[medium].fullmatch(tidy):
        raise AddressInvalid(address=tidy[:60])
    if CODE_CHANNEL[medium] not in act.ports.outgoing.messengers:
        raise CodeNotSent(medium=medium.value)
    row = queries.lock_contact(act.session, act.person_id, medium) or Contact(person_id=act.person_id, medium=medium)
    asked_at = row.code_until - _VALID if row.code_until else None
    today = dispatches.count_codes(act.session, act.person_id, act.now - timedelta(days=1))
    if (asked_at is not None and act.real_now < asked_at + _PAUSE) or today >= MOST_CODES_A_DAY:
        raise CodeTooOften
    code = f"{secrets.randbelow(1_000_000):06}"
    row.pending, row.code_hash = tidy, _digest(act, medium, tidy, code)
    row.code_until, row.tries = act.real_now + _VALID, 0
    act.session.add_all([row, _message(act, medium, tidy, code)])
    _record(act, "ask_contact_code", medium)


def _message(act: Act, medium: Medium, address: str, code: str) -> Dispatch:
    public_id = new_public_id()
    return Dispatch(
        public_id=public_id,
        person_id=act.person_id,
        channel=CODE_CHANNEL[medium],
        address=address,
        code=act.ports.sealer.seal(code.encode(), CODE_PURPOSE).hex(),
        state=DispatchState.WAITING,
        created_at=act.now,
        run_at=act.now,
        dedupe_key=f"code:{public_id}",
    )


def prove_contact(act: Act, *, medium: Medium, code: str) -> bool:
    """Make an address one's own by its code; false (and one try less) for a wrong one. Raises ``CodeWrong``.

    ``CodeWrong``: no code waits, or it has run out, or was tried too often.
    """
    row = queries.lock_contact(act.session, act.person_id, medium)
    if row is None or row.pending is None or row.code_until is None or row.code_hash is None:
        raise CodeWrong
    if row.tries >= MOST_TRIES or act.real_now > row.code_until:
        raise CodeWrong
    if not hmac.compare_digest(_digest(act, medium, row.pending, code.strip()), row.code_hash):
        row.tries += 1
        return False
    row.address, row.verified_at = row.pending, act.now
    row.pending = row.code_hash = row.code_until = None
    _record(act, "prove_contact", medium)
    return True


def forget_contact(act: Act, *, medium: Medium) -> None:
    """Take an address back, proved or not: nothing is sent there any more."""
    row = queries.lock_contact(act.session, act.person_id, medium)
    if row is not None:
        act.session.delete(row)
        _record(act, "forget_contact", medium)


def _digest(act: Act, medium: Medium, address: str, code: str) -> str:
    return act.ports.sealer.digest(f"{act.person_id} {medium.value} {address} {code}", CODE_PURPOSE)


def _record(act: Act, action: str, medium: Medium) -> None:
    """The address itself is personal and stays out of the trail."""
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"person/{act.actor.public_id}/{medium.value}")
