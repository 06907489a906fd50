"""Routes of one's own second factors: an authenticator app, passkeys, recovery codes."""

import segno
from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.services.acting import Act
from app.services.factors import (
    begin_authenticator,
    confirm_authenticator,
    factors_of,
    remove_authenticator,
    renew_recovery_codes,
)
from app.services.passkeys import add_passkey, remove_passkey
from app.web.access import SIGNED_IN, access
from app.web.acting import acting
from app.web.errors import STATUS
from app.web.identity.asking import NEW, address_with_passkeys, answered, asked_new
from app.web.identity.keeping import Carried, carried
from app.web.refusals import refusal_of


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the blueprint."""
    bp.get("/profile/factor")(factor)
    bp.post("/profile/factor")(confirm_app)
    bp.post("/profile/factor/passkey")(take_passkey)
    bp.post("/profile/factor/recovery-codes")(renew_codes)
    bp.post("/profile/factor/remove-app")(remove_app)
    bp.post("/profile/factor/remove-passkey")(drop_passkey)


def factor_page(going: Carried, *, status: int = 200, **shown: object) -> Response:
    """Show what an authenticator app is to be given, and the way to a passkey."""
    with acting() as act:
        enrolment = begin_authenticator(act)
        factors = factors_of(act, person_id=act.person_id)
        passkey = asked_new(act)
    page = render_template(
        "identity/factor.html",
        going=going,
        due=current_user.due,
        factors=factors,
        secret=" ".join(enrolment.secret[at : at + 4] for at in range(0, len(enrolment.secret), 4)),
        picture=_picture(enrolment.address),
        passkey=passkey,
        address_with_passkeys=address_with_passkeys(),
        **shown,
    )
    return make_response(page, status)


def _picture(address: str) -> Markup:
    """Draw a QR code as SVG without a style of its own: the content policy allows none."""
    drawn = segno.make(address, error="m").svg_inline(scale=1, border=2, omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 - segno draws squares only; the address is not text in it


@access(SIGNED_IN, while_due=True, confirmed=True)
def factor() -> Answer:
    """Show the way to a second factor."""
    return factor_page(carried())


@access(SIGNED_IN, while_due=True, confirmed=True)
def confirm_app() -> Answer:
    """Take the authenticator app into use with its first code."""
    going = carried()
    try:
        with acting() as act:
            confirm_authenticator(act, code=request.form.get("code", ""))
            codes = _first_codes(act)
    except DomainError as error:
        return factor_page(going, status=STATUS[error.kind], refusal=refusal_of(error))
    return _done(going, codes, gettext("The authenticator app is in use."))


@access(SIGNED_IN, while_due=True, confirmed=True)
def take_passkey() -> Answer:
    """Keep a new passkey."""
    going = carried()
    try:
        sent = answered(NEW)
        name = request.form.get("name", "").strip() or gettext("Passkey")
        with acting() as act:
            add_passkey(act, site=sent.site, challenge=sent.challenge, answer=sent.answer, name=name)
            codes = _first_codes(act)
    except DomainError as error:
        return factor_page(going, status=STATUS[error.kind], refusal=refusal_of(error))
    return _done(going, codes, gettext("The passkey is in use."))


def _first_codes(act: Act) -> tuple[str, ...]:
    """Recovery codes for whoever has none left: a second factor that can be lost needs them."""
    act.session.flush()
    return () if factors_of(act, person_id=act.person_id).recovery_codes else renew_recovery_codes(act)


def _done(going: Carried, codes: tuple[str, ...], said: str) -> Answer:
    onward = going if going.next or going.kept else Carried(next=url_for("identity.security"))
    if codes:
        return _codes_page(onward, codes, said)
    flash(said)
    return onward.onward(current_user.actor)


def _codes_page(going: Carried, codes: tuple[str, ...], said: str = "") -> Response:
    return make_response(render_template("identity/recovery_codes.html", going=going, codes=codes, said=said))


@access(SIGNED_IN, confirmed=True)
def renew_codes() -> Answer:
    """Show new recovery codes, this once; the earlier ones are good for nothing."""
    with acting() as act:
        codes = renew_recovery_codes(act)
    return _codes_page(Carried(next=url_for("identity.security")), codes)


@access(SIGNED_IN, confirmed=True)
def remove_app() -> Answer:
    """Take the authenticator app out of use."""
    with acting() as act:
        remove_authenticator(act)
    flash(gettext("The authenticator app is out of use."))
    return redirect(url_for("identity.security"))


@access(SIGNED_IN, confirmed=True)
def drop_passkey() -> Answer:
    """Take a passkey out of use."""
    with acting() as act:
        remove_passkey(act, public_id=request.form.get("passkey", ""))
    flash(gettext("The passkey is out of use."))
    return redirect(url_for("identity.security"))
