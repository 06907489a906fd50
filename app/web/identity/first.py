"""What comes before the page somebody asked for: signing in, what is due, a confirmation."""

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from app.services.sessions import Due
from app.web.access import Access
from app.web.identity.confirming import confirm_page
from app.web.identity.entering import sign_in_page
from app.web.identity.factors import factor_page
from app.web.identity.keeping import CONFIRMED, carry_request
from app.web.identity.passwords import password_page

_PAGES = {Due.PASSWORD: ("identity.password", password_page), Due.FACTOR: ("identity.factor", factor_page)}
_READING = frozenset({"GET", "HEAD"})


def answer_unknown(declared: Access) -> Answer:
    """Ask for a sign-in. What was typed into a form that ``keeps`` is carried along and offered again afterwards."""
    if request.headers.get("HX-Request"):
        return make_response(render_template("identity/expired_fragment.html"), 401)
    if request.method in _READING:
        return redirect(url_for("identity.sign_in", next=request.full_path.rstrip("?")))
    return sign_in_page(carry_request(declared.keeps), status=401, expired=True)


def answer_due(declared: Access) -> Answer:
    """Lead to the page that does what is due; what was asked for, or typed, goes along."""
    endpoint, page = _PAGES[current_user.due]
    if request.headers.get("HX-Request"):
        return make_response(render_template("identity/due_fragment.html", page=url_for(endpoint)), 403)
    if request.method in _READING:
        return redirect(url_for(endpoint, next=request.full_path.rstrip("?")))
    return page(carry_request(declared.keeps), status=403)


def answer_unconfirmed(declared: Access) -> Answer:
    """Ask again who it is; a form that was sent is kept and offered once they have confirmed."""
    if request.method in _READING:
        return redirect(url_for("identity.confirm", next=request.full_path.rstrip("?")))
    return confirm_page(carry_request(declared.keeps or CONFIRMED), status=403)
