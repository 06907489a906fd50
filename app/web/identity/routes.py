"""Sign in, sign out, one's roles and password."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.services.accounts import change_password
from app.services.accounts import sign_in as check_password
from app.web.access import PUBLIC, SIGNED_IN, access
from app.web.acting import acting, actor
from app.web.addresses import safe_next
from app.web.errors import STATUS
from app.web.identity.session import begin, first_page, kept_form, sign_in_page
from app.web.refusals import refusal_of

bp = Blueprint("identity", __name__, template_folder="templates")


@bp.get("/sign-in")
@access(PUBLIC)
def sign_in() -> Answer:
    """Show the sign-in form; whoever has signed in already goes on."""
    onward = safe_next(request.args.get("next"), "")
    if current_user.is_authenticated:
        return redirect(onward or first_page(actor()))
    return sign_in_page(next_address=onward)


@bp.post("/sign-in")
@access(PUBLIC)
def sign_in_now() -> Answer:
    """Check login and password; a wrong pair says the same whatever was wrong about it."""
    onward = safe_next(request.form.get("next"), "")
    login = request.form.get("login", "").strip()
    try:
        with acting() as act:
            person = check_password(act, login=login, password=request.form.get("password", ""))
    except DomainError as error:
        shown = {"next_address": onward, "kept": request.form.get("kept", ""), "login": login}
        return sign_in_page(status=STATUS[error.kind], refusal=refusal_of(error), **shown)
    begin(person)
    kept = kept_form(request.form.get("kept", ""))
    return redirect(onward or first_page(person)) if kept is None else _offer(kept)


def _offer(kept: dict[str, object]) -> Response:
    """Offer what was typed before the session expired: saved only by the person's own click, and only as a draft."""
    return Response(render_template("identity/kept.html", **kept))


@bp.post("/sign-out")
@access(SIGNED_IN)
def sign_out() -> Answer:
    """End the session."""
    logout_user()
    return redirect(url_for("identity.sign_in"))


@bp.get("/profile")
@access(SIGNED_IN)
def profile() -> str:
    """Show one's roles, where and until when they are held."""
    return render_template("identity/profile.html", person=actor())


@bp.post("/profile")
@access(SIGNED_IN)
def set_password() -> Answer:
    """Change one's password: the old one is asked for."""
    try:
        with acting() as act:
            change_password(act, old=request.form.get("old", ""), new=request.form.get("new", ""))
    except DomainError as error:
        shown = render_template("identity/profile.html", person=actor(), refusal=refusal_of(error))
        return Response(shown, STATUS[error.kind])
    flash(gettext("Your password has been changed."))
    return redirect(url_for("identity.profile"))
