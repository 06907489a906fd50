"""Routes of a person's account: let in or shut out, set-up code, second factors, sessions.

A new password is one administrator's to start, new second factors another's: neither alone enters another's account.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.roles import RoleKey
from app.services.acting import Act
from app.services.administration import view_person
from app.services.factors import Factors, factors_of, reset_factors
from app.services.own_password import Issued, issue_set_up_code
from app.services.people import set_active
from app.services.sessions import SessionRow, end_sessions_of, sessions_of
from app.web.access import access
from app.web.acting import acting
from app.web.admin import reading as forms


@dataclass(frozen=True, slots=True)
class AccountView:
    """How somebody proves who they are, and where they are signed in."""

    factors: Factors
    sessions: tuple[SessionRow, ...]


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the administrators' blueprint."""
    bp.post("/people/<public_id>/access")(admit)
    bp.post("/people/<public_id>/code")(issue_code)
    bp.post("/people/<public_id>/factors")(renew_factors)
    bp.post("/people/<public_id>/sessions")(end_sessions)


def view_account(act: Act, *, person_id: int) -> AccountView:
    """Return what administrators see of an account."""
    return AccountView(factors_of(act, person_id=person_id), sessions_of(act, person_id=person_id))


def code_page(issued: Issued, *, public_id: str, name: str) -> Response:
    """Show a set-up code, this once."""
    return make_response(render_template("admin/code.html", issued=issued, public_id=public_id, name=name))


@access(RoleKey.SYSADMIN, RoleKey.UNIT_ADMIN)
def admit(public_id: str) -> Answer:
    """Let a person sign in, or no longer; whoever is shut out has no session left."""
    is_active = forms.field("active") == "yes"
    with acting() as act:
        person = view_person(act, public_id=public_id)
        set_active(act, person_id=person.id, active=is_active)
    flash(gettext("They can sign in again.") if is_active else gettext("They can no longer sign in."))
    return redirect(url_for("admin.show_person", public_id=public_id))


@access(RoleKey.SYSADMIN, RoleKey.UNIT_ADMIN, confirmed=True)
def issue_code(public_id: str) -> Answer:
    """Give a person a set-up code in the place of their password."""
    with acting() as act:
        person = view_person(act, public_id=public_id)
        issued = issue_set_up_code(act, person_id=person.id)
    return code_page(issued, public_id=public_id, name=person.name)


@access(RoleKey.SECADMIN, confirmed=True)
def renew_factors(public_id: str) -> Answer:
    """Take a person's second factors away, so that they can enrol anew."""
    with acting() as act:
        reset_factors(act, person_id=view_person(act, public_id=public_id).id)
    flash(gettext("The second factors are reset; a role that needs one asks for a new one at the next sign-in."))
    return redirect(url_for("admin.show_person", public_id=public_id))


@access(RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.UNIT_ADMIN)
def end_sessions(public_id: str) -> Answer:
    """End every session of a person."""
    with acting() as act:
        ended = end_sessions_of(act, person_id=view_person(act, public_id=public_id).id)
    flash(gettext("%(count)d sessions have ended.", count=ended))
    return redirect(url_for("admin.show_person", public_id=public_id))
