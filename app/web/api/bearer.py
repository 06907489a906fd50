"""From the bearer token of a call to whoever it speaks for."""

from typing import NoReturn

from flask import Request, g

from app.domain.errors import DomainError
from app.services.tokens import Caller, TokenInvalid, TokenMissing, load_caller, remark_use
from app.web.acting import SignedIn
from app.web.addresses import is_api
from app.web.wiring import wiring

_REFUSAL = "bearer_refusal"


def load_bearer(request: Request) -> SignedIn | None:
    """Return the person of a call's token; None for pages, and for a call whose token is refused."""
    if not is_api():
        return None
    try:
        caller = _caller(request)
    except DomainError as refusal:
        setattr(g, _REFUSAL, refusal)
        return None
    return SignedIn(caller.actor, caller.scopes)


def refuse_bearer() -> NoReturn:
    """Refuse a call that nobody known makes. Raises ``TokenMissing``, ``TokenInvalid``, ``TokenExpired``."""
    raise g.get(_REFUSAL) or TokenMissing()


def _caller(request: Request) -> Caller:
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
