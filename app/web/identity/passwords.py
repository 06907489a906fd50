"""Routes of one's own password: changed with the old one, or chosen with a set-up code."""

from flask import Blueprint, Response, flash, make_response, render_template, request
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.identity import SignInWay
from app.services.own_password import change_password, take_set_up_code
from app.web.access import PUBLIC, SIGNED_IN, access
from app.web.acting import acting, actor
from app.web.errors import STATUS
from app.web.identity.entering import go_in
from app.web.identity.keeping import Carried, carried
from app.web.refusals import refusal_of
from app.web.wiring import wiring


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the blueprint."""
    bp.get("/profile/password")(password)
    bp.post("/profile/password")(set_password)
    bp.get("/set-up")(set_up)
    bp.post("/set-up")(set_up_now)


def password_page(going: Carried, *, status: int = 200, **shown: object) -> Response:
    """Show the form for a new password."""
    policy = wiring().ports.sign_in
    page = render_template("identity/password.html", going=going, due=current_user.due, policy=policy, **shown)
    return make_response(page, status)


@access(SIGNED_IN, while_due=True)
def password() -> Answer:
    """Show the form for a new password."""
    return password_page(carried())


@access(SIGNED_IN, while_due=True)
def set_password() -> Answer:
    """Change one's password: the old one is asked for; every other session ends."""
    going = carried()
    try:
        with acting() as act:
            change_password(act, old=request.form.get("old", ""), new=request.form.get("new", ""))
    except DomainError as error:
        return password_page(going, status=STATUS[error.kind], refusal=refusal_of(error))
    flash(gettext("Your password has been changed; other sessions have ended."))
    return going.onward(actor())


def _set_up_page(*, status: int = 200, **shown: object) -> Response:
    page = render_template("identity/set_up.html", typed=request.values, policy=wiring().ports.sign_in, **shown)
    return make_response(page, status)


@access(PUBLIC)
def set_up() -> Answer:
    """Ask for a set-up code and the password that its owner chooses."""
    return _set_up_page()


@access(PUBLIC)
def set_up_now() -> Answer:
    """Take a set-up code: its owner's password holds from now on, and they go in."""
    try:
        with acting() as act:
            person = take_set_up_code(
                act,
                login=request.form.get("login", "").strip(),
                code=request.form.get("code", ""),
                password=request.form.get("new", ""),
            )
    except DomainError as error:
        return _set_up_page(status=STATUS[error.kind], refusal=refusal_of(error))
    return go_in(person.person_id or 0, SignInWay.SET_UP_CODE, Carried())
