"""How people prove who they are: earlier passwords, set-up codes, second factors, sessions, and wrong guesses."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.identity import SessionEnd, SignInWay
from app.store.models.base import Base
from app.store.types import KEY, Id, PublicId, refers, word

_DIGEST = String(64)


class LoginSession(Base):
    """A person's session in one browser; its cookie holds the token whose SHA-256 is here. Times are the machine's.

    ``seen_at`` is written at most once a minute; ``confirmed_at``: when the person last proved who they are.
    """

    __tablename__ = "login_session"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index(None, "person_id", "seen_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = refers("person")
    token_hash: Mapped[str] = mapped_column(_DIGEST, unique=True)
    way: Mapped[SignInWay] = mapped_column(word(SignInWay))
    device: Mapped[str]
    address: Mapped[str]
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[SessionEnd | None] = mapped_column(word(SessionEnd))


class OldPassword(Base):
    """A password that was replaced: it may not come back too soon."""

    __tablename__ = "old_password"
    __table_args__ = (Index(None, "person_id", "replaced_at"),)

    id: Mapped[Id]
    person_id: Mapped[int] = refers("person")
    password_hash: Mapped[str]
    replaced_at: Mapped[datetime]


class SetUpCode(Base):
    """A code that is good once, for choosing one's own password; only its keyed digest is kept."""

    __tablename__ = "set_up_code"

    person_id: Mapped[int] = refers("person", primary_key=True)
    digest: Mapped[str] = mapped_column(_DIGEST)
    expires_at: Mapped[datetime]


class Authenticator(Base):
    """A person's authenticator app: ``sealed`` is its secret in use, ``pending`` one not confirmed by a code yet.

    ``last_step``: the time step of the last code taken; no code of it or before is taken again.
    """

    __tablename__ = "authenticator"
    __table_args__ = (CheckConstraint("(sealed IS NULL) = (confirmed_at IS NULL)", name="confirmed"),)

    person_id: Mapped[int] = refers("person", primary_key=True)
    sealed: Mapped[bytes | None]
    pending: Mapped[bytes | None]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """One of a person's recovery codes: good once, kept as its keyed digest."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "digest"),)

    id: Mapped[Id]
    person_id: Mapped[int] = refers("person")
    digest: Mapped[str] = mapped_column(_DIGEST)
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A WebAuthn credential; ``sign_count`` is what its authenticator said last."""

    __tablename__ = "passkey"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = refers("person", index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(KEY)
    name: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SpentChallenge(Base):
    """A WebAuthn challenge that was answered; nobody answers it again while it would still be good."""

    __tablename__ = "spent_challenge"

    digest: Mapped[str] = mapped_column(_DIGEST, primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)


class Guess(Base):
    """Wrong guesses in a row: of one account's password or codes, or from one address."""

    __tablename__ = "guess"
    __table_args__ = (CheckConstraint("failures > 0", name="failures"),)

    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    locked_until: Mapped[datetime | None]
