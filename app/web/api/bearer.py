"""From the bearer token of a call to whoever it speaks for."""

from typing import NoReturn

from flask import Request, g, request

from app.domain.errors import DomainError
from app.services.refusing import note_refusal
from app.services.tokens import Caller, TokenInvalid, TokenMissing, load_caller, once_given, remark_use
from app.web.acting import SignedIn, acting, attempt
from app.web.addresses import is_api
from app.web.wiring import wiring

_REFUSAL = "bearer_refusal"


def load_bearer(_request: Request) -> SignedIn | None:
    """Return the person of a call's token; None for pages, and for a call whose token is refused."""
    if not is_api():
        return None
    try:
        caller = _caller()
    except DomainError as refusal:
        setattr(g, _REFUSAL, refusal)
        return None
    return SignedIn(caller.actor, caller.scopes)


def refuse_bearer() -> NoReturn:
    """Refuse a call that nobody known makes. Raises ``TokenMissing``, ``TokenInvalid``, ``TokenExpired``.

    What was once a token, and is none any more, may have been stolen: who reads the trail sees that it was tried.
    """
    refusal = g.get(_REFUSAL) or TokenMissing()
    given = request.authorization
    if given is not None and given.token:
        with wiring().database.reading() as session:
            token = once_given(session, given.token)
        if token is not None:
            with acting() as act:
                note_refusal(act, refusal, f"{attempt()} token/{token}")
    raise refusal


def _caller() -> Caller:
    given = request.authorization
    if given is None:
        raise TokenMissing
    if given.type != "bearer" or not given.token:
        raise TokenInvalid
    parts = wiring()
    real_now = parts.clock.real_now()
    with parts.database.reading() as session:
        caller = load_caller(session, secret=given.token, now=parts.clock.now(), real_now=real_now)
    if caller.is_remark_due:
        with parts.database.transaction() as session:
            remark_use(session, token_id=caller.token_id, real_now=real_now)
    return caller
