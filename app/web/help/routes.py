"""Routes of the guides and the hints."""

from flask import Blueprint, Response, redirect, render_template, request
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from app.services.helping import put_hint_away, who_can_help
from app.web.access import PUBLIC, SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.addresses import safe_next
from app.web.help.guides import GUIDES, guide_title, guides_for, show_guide
from app.web.help.hints import KEYS

bp = Blueprint("help", __name__, url_prefix="/help", template_folder="templates")
bp.add_app_template_filter(guide_title)


@bp.get("")
@access(PUBLIC)
def overview() -> str:
    """Show which guides there are, one's own first, and whom to ask."""
    with reading() as act:
        contacts = who_can_help(act)
    own = guides_for(current_user.actor if current_user.is_authenticated else None)
    others = [name for name in GUIDES if name not in own]
    return render_template("help/overview.html", own=own, others=others, contacts=contacts)


@bp.get("/<name>")
@access(PUBLIC)
def show(name: str) -> str:
    """Show a guide."""
    if name not in GUIDES:
        raise NotFound
    with reading() as act:
        contacts = who_can_help(act)
    return render_template("help/guide.html", guide=show_guide(name), contacts=contacts)


@bp.post("/hints/<key>")
@access(SIGNED_IN)
def put_away(key: str) -> Answer:
    """Put a hint away for good."""
    if key not in KEYS:
        raise NotFound
    with acting() as act:
        put_hint_away(act, hint=key)
    if request.headers.get("HX-Request"):
        return Response("")
    return redirect(safe_next(request.form.get("next")))
