"""The page of one's own tokens: given, shown once, revoked."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.tokens import LONGEST_LIFE, USUAL_LIFE, Scope
from app.services.tokens import WantedToken, issue_own_token, my_tokens, revoke_token
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.refusals import refusal_of

bp = Blueprint("api_tokens", __name__, url_prefix="/profile/tokens", template_folder="templates")

SCOPES = {
    Scope.TASKS_READ: _l("Read inboxes and tasks"),
    Scope.TASKS_WRITE: _l("Claim, fill in and complete tasks, upload files"),
    Scope.CASES_READ: _l("Read cases, their history and ledger"),
    Scope.CASES_WRITE: _l("Start applications and cases"),
    Scope.MODELS_READ: _l("Read and check models"),
    Scope.AUDIT_READ: _l("Read the audit's events"),
}
"""What a token may be good for, in words."""


@bp.get("")
@access(SIGNED_IN)
def show() -> Response:
    """Show one's own tokens."""
    return _page()


@bp.post("")
@access(SIGNED_IN, confirmed=True)
def create() -> Response:
    """Give a new token; this answer is the only one that shows it."""
    scopes = [scope for scope in Scope if scope.value in request.form.getlist("scope")]
    wanted = WantedToken(request.form.get("name", ""), scopes, request.form.get("days", 0, type=int))
    try:
        with acting() as act:
            new = issue_own_token(act, wanted=wanted)
    except DomainError as error:
        return _page(status=STATUS[error.kind], refusal=refusal_of(error), wanted=wanted)
    return _page(new=new)


@bp.post("/<public_id>/revoke")
@access(SIGNED_IN)
def revoke(public_id: str) -> Answer:
    """End a token at once."""
    with acting() as act:
        revoke_token(act, public_id=public_id)
    flash(gettext("The token has been revoked; it opens nothing any more."))
    return redirect(url_for("api_tokens.show"))


def _page(*, status: int = 200, **shown: object) -> Response:
    with reading() as act:
        rows = my_tokens(act)
    known = {"tokens": rows, "scopes": SCOPES, "usual": USUAL_LIFE.days, "longest": LONGEST_LIFE.days}
    return Response(render_template("api/tokens.html", **known, **shown), status)
