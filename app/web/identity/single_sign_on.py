"""The office's own sign-in (OpenID Connect: code flow with PKCE, state and nonce); strangers are told whom to ask."""

from typing import Any

from flask import Blueprint, Flask, current_app, request, session, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from app.config import Settings, SingleSignOn
from app.domain.errors import DomainError, Kind
from app.domain.identity import SignInWay
from app.services.accounts import vouched_for
from app.web.access import PUBLIC, access
from app.web.acting import acting
from app.web.addresses import safe_next
from app.web.errors import STATUS
from app.web.identity.entering import go_in, sign_in_page
from app.web.identity.keeping import Carried
from app.web.refusals import refusal_of
from app.web.wiring import wiring

_EXTENSION = "office_sign_in"
_NEXT = "sign_in_next"
_FAILURES = "office_sign_in_failures"


class SingleSignOnFailed(DomainError):
    """The office's own sign-in did not answer as it should. Params: ``name``."""

    code = "single_sign_on_failed"
    kind = Kind.FORBIDDEN


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the blueprint."""
    bp.get("/sign-in/office")(go_there)
    bp.get("/sign-in/office/back")(come_back)


def set_single_sign_on(web: Flask, settings: Settings) -> None:
    """Prepare the client of the office's own sign-in, where there is one."""
    chosen = settings.single_sign_on
    if chosen is None:
        return
    from app.web.identity.office_client import FAILURES, client_of  # noqa: PLC0415 - slow to load, and seldom needed

    web.extensions |= {_EXTENSION: client_of(web, chosen), _FAILURES: FAILURES}


def _client() -> tuple[Any, SingleSignOn]:
    chosen = wiring().settings.single_sign_on
    if chosen is None:
        raise NotFound
    return current_app.extensions[_EXTENSION], chosen


@access(PUBLIC)
def go_there() -> Answer:
    """Send the browser to the office's own sign-in."""
    client, chosen = _client()
    session[_NEXT] = safe_next(request.args.get("next"), "")
    back = wiring().settings.ways.address + url_for("identity.come_back", _external=not wiring().settings.ways.address)
    try:
        there: Answer = client.authorize_redirect(back)
    except current_app.extensions[_FAILURES] as error:
        return _failed(error, chosen)
    return there


@access(PUBLIC)
def come_back() -> Answer:
    """Take the answer of the office's own sign-in; a second factor that is due here is asked here."""
    client, chosen = _client()
    going = Carried(next=safe_next(session.pop(_NEXT, ""), ""))
    try:
        login = _login_of(client, chosen)
    except current_app.extensions[_FAILURES] as error:
        return _failed(error, chosen)
    try:
        with acting() as act:
            person = vouched_for(act, login=login)
    except DomainError as error:
        return sign_in_page(going, status=STATUS[error.kind], refusal=refusal_of(error))
    return go_in(person.person_id or 0, SignInWay.SINGLE_SIGN_ON, going)


def _login_of(client: Any, chosen: SingleSignOn) -> str:
    """Return the login that the provider names, out of a token that was made for us, now, by that provider."""
    token = client.authorize_access_token(claims_options={"iss": {"essential": True, "value": chosen.issuer}})
    told = dict(token["userinfo"])
    if chosen.claim not in told:
        more = client.userinfo(token=token)
        if more["sub"] != told["sub"]:
            raise ValueError("the user info is somebody else's")
        told |= more
    return str(told.get(chosen.claim) or "")


def _failed(error: Exception, chosen: SingleSignOn) -> Answer:
    """Tell calmly that it did not work; what happened is in the log."""
    current_app.logger.warning("office sign-in failed: %s: %s", type(error).__name__, error)
    refusal = refusal_of(SingleSignOnFailed(name=chosen.name))
    return sign_in_page(Carried(), status=403, refusal=refusal)
