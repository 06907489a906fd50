"""The blueprint of signing in: one's roles, security and sessions here, the rest from the modules beside it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.services.factors import factors_of
from app.services.sessions import end_other_sessions, end_session, list_sessions
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, actor, reading
from app.web.identity import confirming, entering, factors, passwords, single_sign_on
from app.web.identity.devices import device_name, way_name
from app.web.identity.keeping import carried
from app.web.wiring import wiring

bp = Blueprint("identity", __name__, template_folder="templates")
for _area in (entering, single_sign_on, passwords, factors, confirming):
    _area.add_routes(bp)
bp.add_app_template_filter(device_name)
bp.add_app_template_filter(way_name)


@bp.get("/profile")
@access(SIGNED_IN)
def profile() -> str:
    """Show one's roles, where and until when they are held."""
    return render_template("identity/profile.html", person=actor())


@bp.post("/go-on")
@access(SIGNED_IN, while_due=True)
def go_on() -> Answer:
    """Go on to where somebody wanted to go before they were asked something else."""
    return carried().onward(actor())


@bp.get("/profile/security")
@access(SIGNED_IN)
def security() -> str:
    """Show one's password's age, second factors and sessions."""
    with reading() as act:
        shown = factors_of(act, person_id=act.person_id)
        sessions = list_sessions(act)
    policy = wiring().ports.sign_in
    return render_template("identity/security.html", person=actor(), factors=shown, sessions=sessions, policy=policy)


@bp.post("/profile/sessions/end")
@access(SIGNED_IN)
def end_one() -> Answer:
    """End one of one's sessions."""
    with acting() as act:
        end_session(act, public_id=request.form.get("session", ""))
    flash(gettext("The session has ended."))
    return redirect(url_for("identity.security"))


@bp.post("/profile/sessions/end-others")
@access(SIGNED_IN)
def end_others() -> Answer:
    """Sign out everywhere else."""
    with acting() as act:
        ended = end_other_sessions(act)
    flash(gettext("You are signed out everywhere else: %(count)d sessions have ended.", count=ended))
    return redirect(url_for("identity.security"))
