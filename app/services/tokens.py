"""Bearer tokens: given to whoever proves who they are, shown once, revoked by their owner, read at every call."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.errors import DomainError, Kind
from app.domain.time import SHANGHAI
from app.domain.tokens import LONGEST_LIFE, LONGEST_NAME, USUAL_LIFE, Scope, digest_of, new_secret
from app.services import audit
from app.services.accounts import Known, actor_of, sign_in
from app.services.acting import Act, Actor
from app.services.factors import factors_of, verify_second_factor
from app.store import Session
from app.store.models import ApiToken
from app.store.queries import organisation
from app.store.queries import tokens as queries

REMARK_USE = timedelta(hours=1)
"""How often the use of a token is noted: not at every call."""


class TokenUnnamed(DomainError):
    """A token has a name of at most ``most`` characters, by which its owner knows it again."""

    code = "token_unnamed"
    kind = Kind.BAD_INPUT


class TokenScopesMissing(DomainError):
    """A token is for something: at least one scope."""

    code = "token_scopes_missing"
    kind = Kind.BAD_INPUT


class TokenTermInvalid(DomainError):
    """A token holds between one day and ``most`` days."""

    code = "token_term_invalid"
    kind = Kind.BAD_INPUT


class TokenUnknown(DomainError):
    """There is no such token among the actor's own. Params: ``token``."""

    code = "token_unknown"
    kind = Kind.NOT_FOUND


class SecondFactorNeeded(DomainError):
    """A password alone is not enough: the person has a second factor, or holds a role that needs one."""

    code = "second_factor_needed"
    kind = Kind.FORBIDDEN


class PasswordTooOld(DomainError):
    """The password must be changed before it is good for anything new."""

    code = "password_too_old"
    kind = Kind.FORBIDDEN


class TokenMissing(DomainError):
    """The call carries no bearer token."""

    code = "token_missing"
    kind = Kind.UNAUTHENTICATED


class TokenInvalid(DomainError):
    """The token was never given out, has been revoked, or its owner may no longer sign in: nothing says which."""

    code = "token_invalid"
    kind = Kind.UNAUTHENTICATED


class TokenExpired(DomainError):
    """The token has run out. Params: ``at``."""

    code = "token_expired"
    kind = Kind.UNAUTHENTICATED


@dataclass(frozen=True, slots=True)
class WantedToken:
    """What a token is to be: its name, what it is for, for how many days."""

    name: str
    scopes: Sequence[Scope]
    days: int = USUAL_LIFE.days


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as its owner sees it afterwards: without its secret."""

    public_id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    is_valid: bool


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just given out; ``secret`` is shown now and never again."""

    secret: str
    row: TokenRow


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a token speaks for, and what it may be used for. ``is_remark_due``: its use has not been noted for long."""

    actor: Actor
    scopes: frozenset[Scope]
    token_id: int
    is_remark_due: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody proves with who they are; ``otp``: a code of their app, or a recovery code."""

    login: str
    password: str
    otp: str = ""


def issue_token(act: Act, *, proof: Proof, wanted: WantedToken) -> NewToken:
    """Give a token to whoever ``proof`` shows to be themselves, as strictly as at the door.

    Raises ``SecondFactorNeeded``, ``PasswordTooOld`` and what ``sign_in``, ``verify_second_factor`` and
    ``issue_own_token`` raise.
    """
    _check(wanted)
    own = replace(act, actor=sign_in(act, login=proof.login, password=proof.password))
    _check_factor(own, proof.otp)
    person = organisation.person(own.session, own.person_id)
    if person is None or own.ports.sign_in.is_expired(person.password_changed_at, own.real_now):
        raise PasswordTooOld
    return issue_own_token(own, wanted=wanted)


def _check_factor(act: Act, otp: str) -> None:
    is_enrolled = factors_of(act, person_id=act.person_id).any
    if is_enrolled and otp:
        verify_second_factor(act, person_id=act.person_id, code=otp)
    elif is_enrolled or act.ports.sign_in.needs_factor(held.role for held in act.actor.held):
        raise SecondFactorNeeded


def issue_own_token(act: Act, *, wanted: WantedToken) -> NewToken:
    """Give the actor a token. Raises ``TokenUnnamed``, ``TokenScopesMissing``, ``TokenTermInvalid``."""
    _check(wanted)
    secret = new_secret()
    token = ApiToken(
        person_id=act.person_id,
        name=wanted.name.strip(),
        digest=digest_of(secret),
        scopes=[scope.value for scope in Scope if scope in wanted.scopes],
        created_at=act.real_now,
        expires_at=act.real_now + timedelta(days=wanted.days),
    )
    act.session.add(token)
    act.session.flush()
    _record(act, token, "issue_token")
    return NewToken(secret, _row(act, token))


def _check(wanted: WantedToken) -> None:
    if not 0 < len(wanted.name.strip()) <= LONGEST_NAME:
        raise TokenUnnamed(most=LONGEST_NAME)
    if not wanted.scopes:
        raise TokenScopesMissing
    if not 0 < wanted.days <= LONGEST_LIFE.days:
        raise TokenTermInvalid(most=LONGEST_LIFE.days)


def my_tokens(act: Act) -> tuple[TokenRow, ...]:
    """Return the actor's own tokens, the newest first."""
    return tuple(_row(act, token) for token in queries.of_person(act.session, act.person_id))


def revoke_token(act: Act, *, public_id: str) -> None:
    """End one of the actor's own tokens; ending it twice changes nothing. Raises ``TokenUnknown``."""
    token = queries.own(act.session, act.person_id, public_id)
    if token is None:
        raise TokenUnknown(token=public_id)
    if token.revoked_at is None:
        token.revoked_at = act.real_now
        _record(act, token, "revoke_token")


def _record(act: Act, token: ApiToken, action: str) -> None:
    result = " ".join(token.scopes)
    audit.record(act, case_id=audit.OFFICE, action=action, object=f"token/{token.public_id}", result=result)


def _row(act: Act, token: ApiToken) -> TokenRow:
    return TokenRow(
        public_id=token.public_id,
        name=token.name,
        scopes=tuple(Scope(word) for word in token.scopes),
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        revoked_at=token.revoked_at,
        is_valid=token.revoked_at is None and act.real_now < token.expires_at,
    )


def load_caller(session: Session, *, secret: str, now: datetime, real_now: datetime) -> Caller:
    """Return whom a token speaks for at the programme's ``now``; one statement.

    Raises ``TokenInvalid``, ``TokenExpired``.
    """
    found = queries.by_digest(session, digest_of(secret), now.astimezone(SHANGHAI).date())
    if not found or found[0].revoked_at is not None or not found[0].active:
        raise TokenInvalid
    token = found[0]
    person = Known(token.id, token.person, token.public_id)
    actor = actor_of(session, person, [row[:4] for row in found if row[0] is not None])
    if real_now >= token.expires_at:
        raise TokenExpired(at=token.expires_at)
    scopes = frozenset(Scope(word) for word in token.scopes)
    is_remark_due = token.last_used_at is None or real_now - token.last_used_at >= REMARK_USE
    return Caller(actor, scopes, token.token_id, is_remark_due)


def once_given(session: Session, secret: str) -> str | None:
    """Return the public id of the token that ``secret`` is, or was before it ended; None if it never was one."""
    return queries.once_given(session, digest_of(secret))


def remark_use(session: Session, *, token_id: int, real_now: datetime) -> None:
    """Note that a token is being used."""
    queries.mark_used(session, token_id, real_now)
