"""Routes of signing in: the password, the second factor, a passkey alone."""

from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.identity import SignInWay
from app.services.accounts import sign_in as check_password
from app.services.factors import factors_of, verify_second_factor
from app.services.passkeys import verify_passkey
from app.web.access import PUBLIC, SIGNED_IN, access
from app.web.acting import acting, actor, reading
from app.web.errors import STATUS
from app.web.identity.accounts_shown import ACCOUNTS_PASSWORD, accounts_to_show
from app.web.identity.asking import ALONE, SECOND, address_with_passkeys, answered, asked_alone, asked_second
from app.web.identity.keeping import Carried, carried, of_ticket, ticket
from app.web.identity.session import begin, end, first_page
from app.web.refusals import refusal_of
from app.web.wiring import wiring

_HALF_WAY = "half way"
_GOOD_FOR = timedelta(minutes=10)
"""How long the password counts before the second factor follows."""


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the blueprint."""
    bp.get("/sign-in")(sign_in)
    bp.post("/sign-in")(sign_in_now)
    bp.post("/sign-in/second")(second_factor)
    bp.post("/sign-in/passkey")(sign_in_by_passkey)
    bp.post("/sign-out")(sign_out)


def sign_in_page(going: Carried, *, status: int = 200, **shown: object) -> Response:
    """Answer with the sign-in form."""
    page = render_template(
        "identity/sign_in.html",
        going=going,
        accounts=accounts_to_show(),
        accounts_password=ACCOUNTS_PASSWORD,
        passkey=asked_alone(),
        address_with_passkeys=address_with_passkeys(),
        single_sign_on=wiring().settings.single_sign_on,
        **shown,
    )
    return make_response(page, status)


@access(PUBLIC)
def sign_in() -> Answer:
    """Show the sign-in form; whoever has signed in already goes on."""
    going = carried()
    if current_user.is_authenticated:
        return redirect(going.next or first_page(actor()))
    return sign_in_page(going)


@access(PUBLIC)
def sign_in_now() -> Answer:
    """Check login and password; a wrong pair says the same whatever was wrong about it."""
    going, login = carried(), request.form.get("login", "").strip()
    try:
        with acting() as act:
            person = check_password(act, login=login, password=request.form.get("password", ""))
    except DomainError as error:
        return sign_in_page(going, status=STATUS[error.kind], refusal=refusal_of(error), login=login)
    return go_in(person.person_id or 0, SignInWay.PASSWORD, going)


def go_in(person_id: int, way: SignInWay, going: Carried) -> Answer:
    """Let somebody in who has proved one factor, or ask first for the second one that they have."""
    with reading() as act:
        has_second = factors_of(act, person_id=person_id).any
    if has_second:
        return second_page(person_id, way, going)
    return going.onward(begin(person_id, way).actor)


def second_page(person_id: int, way: SignInWay, going: Carried, *, status: int = 200, **shown: object) -> Response:
    """Ask for the second factor."""
    with reading() as act:
        factors = factors_of(act, person_id=person_id)
        passkey = asked_second(act, person_id) if factors.passkeys else None
    half_way = ticket(_HALF_WAY, [person_id, way.value])
    page = render_template(
        "identity/second.html", going=going, factors=factors, passkey=passkey, half_way=half_way, **shown
    )
    return make_response(page, status)


@access(PUBLIC)
def second_factor() -> Answer:
    """Check a code or a passkey of somebody whose first factor was right."""
    going = carried()
    known = of_ticket(_HALF_WAY, request.form.get("half_way", ""), _GOOD_FOR)
    if known is None:
        late = (gettext("That took too long"), gettext("Ten minutes have passed. Please begin again."))
        return sign_in_page(going, status=403, refusal=late)
    person_id, first = int(known[0]), SignInWay(known[1])
    try:
        second = prove_second(person_id)
    except DomainError as error:
        return second_page(person_id, first, going, status=STATUS[error.kind], refusal=refusal_of(error))
    return going.onward(begin(person_id, second if first is SignInWay.PASSWORD else first).actor)


def prove_second(person_id: int) -> SignInWay:
    """Check the passkey or the code that this request carries. Raises what the checks raise."""
    if request.form.get("passkey"):
        sent = answered(SECOND)
        with acting() as act:
            verify_passkey(act, site=sent.site, challenge=sent.challenge, answer=sent.answer, person_id=person_id)
        return SignInWay.PASSWORD_AND_PASSKEY
    with acting() as act:
        verify_second_factor(act, person_id=person_id, code=request.form.get("code", ""))
    return SignInWay.PASSWORD_AND_CODE


@access(PUBLIC)
def sign_in_by_passkey() -> Answer:
    """Let somebody in by a passkey alone: its device has checked who uses it."""
    going = carried()
    try:
        sent = answered(ALONE)
        with acting() as act:
            person_id = verify_passkey(act, site=sent.site, challenge=sent.challenge, answer=sent.answer)
    except DomainError as error:
        return sign_in_page(going, status=STATUS[error.kind], refusal=refusal_of(error))
    return going.onward(begin(person_id, SignInWay.PASSKEY).actor)


@access(SIGNED_IN, while_due=True)
def sign_out() -> Answer:
    """End the session."""
    end()
    return redirect(url_for("identity.sign_in"))
