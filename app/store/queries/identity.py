"""What people prove themselves with: passwords that were, codes, authenticators, passkeys, wrong guesses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Update, delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from app.store.adding import add_if_new, add_rows
from app.store.models import Authenticator, Guess, OldPassword, Passkey, RecoveryCode, SetUpCode, SpentChallenge


def last_lock(session: Session, subjects: Sequence[str], now: datetime) -> datetime | None:
    """Return until when the longest of these subjects' locks lasts, None if none is locked at ``now``."""
    query = select(func.max(Guess.locked_until)).where(Guess.subject.in_(subjects), Guess.locked_until > now)
    return session.scalar(query)


def begin_counting(session: Session, subject: str, now: datetime) -> bool:
    """Count a subject's first wrong guess; False if it is not the first."""
    return add_if_new(session, Guess, {"subject": subject, "failures": 1, "last_at": now})


def guesses_of(session: Session, subject: str) -> Guess:
    """Return a subject's count, locked for an update."""
    return session.scalars(select(Guess).where(Guess.subject == subject).with_for_update()).one()


def forget_guesses(session: Session, subject: str) -> None:
    """Begin to count anew."""
    session.execute(delete(Guess).where(Guess.subject == subject))


def forget_guesses_before(session: Session, moment: datetime) -> None:
    """Forget whoever has not guessed wrong since ``moment``."""
    session.execute(delete(Guess).where(Guess.last_at < moment))


def old_passwords(session: Session, person_id: int, most: int) -> Sequence[str]:
    """Return the hashes of the last passwords that were replaced, the latest first."""
    query = select(OldPassword.password_hash).where(OldPassword.person_id == person_id)
    return session.scalars(query.order_by(OldPassword.replaced_at.desc(), OldPassword.id.desc()).limit(most)).all()


def set_up_code(session: Session, person_id: int) -> SetUpCode | None:
    """Return a person's code that has not been used."""
    return session.get(SetUpCode, person_id)


def drop_set_up_code(session: Session, person_id: int) -> None:
    """Take a person's code away."""
    session.execute(delete(SetUpCode).where(SetUpCode.person_id == person_id))


def authenticator(session: Session, person_id: int) -> Authenticator | None:
    """Return a person's authenticator app, in use or not confirmed yet."""
    return session.get(Authenticator, person_id)


def drop_authenticator(session: Session, person_id: int) -> None:
    """Take a person's authenticator app away."""
    session.execute(delete(Authenticator).where(Authenticator.person_id == person_id))


def take_step(session: Session, person_id: int, step: int) -> bool:
    """Use up a time step; tell whether nobody had before."""
    query = update(Authenticator).where(Authenticator.person_id == person_id, Authenticator.last_step < step)
    return _changed(session, query.values(last_step=step))


def take_recovery_code(session: Session, person_id: int, digest: str, now: datetime) -> bool:
    """Use up a recovery code; tell whether there was one."""
    is_it = (RecoveryCode.person_id == person_id, RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None))
    return _changed(session, update(RecoveryCode).where(*is_it).values(used_at=now))


def _changed(session: Session, query: Update) -> bool:
    return cast("CursorResult[Any]", session.execute(query)).rowcount == 1


def replace_recovery_codes(session: Session, person_id: int, digests: Sequence[str]) -> None:
    """Make these a person's recovery codes; the earlier ones are good for nothing."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    add_rows(session, RecoveryCode, [{"person_id": person_id, "digest": digest} for digest in digests])


def count_recovery_codes(session: Session, person_id: int) -> int:
    """Return how many recovery codes are left."""
    query = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.execute(query).scalar_one()


def passkeys(session: Session, person_id: int) -> Sequence[Passkey]:
    """Return a person's passkeys in the order they were made."""
    return session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)).all()


def passkey(session: Session, credential_id: bytes) -> Passkey | None:
    """Return the passkey of that credential, locked for an update."""
    return session.scalar(select(Passkey).where(Passkey.credential_id == credential_id).with_for_update())


def drop_factors(session: Session, person_id: int) -> None:
    """Take a person's authenticator, recovery codes and passkeys away."""
    for table in (Authenticator, RecoveryCode, Passkey):
        session.execute(delete(table).where(table.person_id == person_id))


def spend_challenge(session: Session, digest: str, *, now: datetime, until: datetime) -> bool:
    """Use up a challenge; tell whether nobody had before. Forgets those that are past anyway."""
    session.execute(delete(SpentChallenge).where(SpentChallenge.until < now))
    return add_if_new(session, SpentChallenge, {"digest": digest, "until": until})
