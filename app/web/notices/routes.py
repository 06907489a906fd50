"""Routes of one's own notices."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as Answer

from app.domain.notice_texts import Tongue
from app.services.notifying.reading import list_notices, mark_all_read, open_notice
from app.web.access import SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.addresses import number_asked
from app.web.languages import language
from app.web.notices.choosing import add_routes
from app.web.notices.words import channel_name, kind_name, kind_picture, medium_name, mode_name, trouble

bp = Blueprint("notices", __name__, url_prefix="/notices", template_folder="templates")
for _filter in (channel_name, kind_name, kind_picture, medium_name, mode_name, trouble):
    bp.add_app_template_filter(_filter)
add_routes(bp)


@bp.get("")
@access(SIGNED_IN)
def show() -> str:
    """Show one's notices, the latest first."""
    unread = request.args.get("unread") == "1"
    with reading() as act:
        rows, following = list_notices(act, tongue=Tongue(language()), before=number_asked("before"), unread=unread)
    return render_template("notices/show.html", rows=rows, following=following, unread=unread)


@bp.post("/<public_id>")
@access(SIGNED_IN)
def follow(public_id: str) -> Answer:
    """Mark a notice as read and go where it leads: to the task while it is open, else to the case or its place."""
    with acting() as act:
        path = open_notice(act, public_id=public_id)
    return redirect(path)


@bp.post("")
@access(SIGNED_IN)
def read_all() -> Answer:
    """Mark all of one's notices as read."""
    with acting() as act:
        count = mark_all_read(act)
    flash(ngettext("One notice marked as read.", "%(num)d notices marked as read.", count))
    return redirect(url_for("notices.show"))
