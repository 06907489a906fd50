"""Routes of confirming who one is before a sensitive act."""

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.services.factors import factors_of
from app.services.own_password import confirm_password
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, actor, reading
from app.web.errors import STATUS
from app.web.identity.asking import asked_second
from app.web.identity.entering import prove_second
from app.web.identity.keeping import Carried, carried
from app.web.identity.session import renew
from app.web.refusals import refusal_of
from app.web.wiring import wiring


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the blueprint."""
    bp.get("/confirm")(confirm)
    bp.post("/confirm")(confirm_now)


def confirm_page(going: Carried, *, status: int = 200, **shown: object) -> Response:
    """Ask for the second factor, or of whoever has none for the password."""
    with reading() as act:
        factors = factors_of(act, person_id=act.person_id)
        passkey = asked_second(act, act.person_id) if factors.passkeys else None
    single = wiring().settings.single_sign_on
    page = render_template(
        "identity/confirm.html", going=going, factors=factors, passkey=passkey, single_sign_on=single, **shown
    )
    return make_response(page, status)


@access(SIGNED_IN, while_due=True)
def confirm() -> Answer:
    """Ask who it is."""
    return confirm_page(carried())


@access(SIGNED_IN, while_due=True)
def confirm_now() -> Answer:
    """Check the answer; the session goes on under another token."""
    going, person = carried(), actor()
    try:
        _prove(person.person_id or 0)
    except DomainError as error:
        return confirm_page(going, status=STATUS[error.kind], refusal=refusal_of(error))
    renew()
    return going.onward(person)


def _prove(person_id: int) -> None:
    with reading() as act:
        has_second = factors_of(act, person_id=person_id).any
    if has_second:
        prove_second(person_id)
        return
    with acting() as act:
        confirm_password(act, password=request.form.get("password", ""))
