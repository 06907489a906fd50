"""Routes of a cycle's result, for those who run the selection and have no case in it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.domain.units import Track
from app.services.course import KNOWING
from app.services.leniency import ORDERERS, order_leniency, view_leniency
from app.services.ranking import PAGE, view_ranking
from app.web.access import access
from app.web.acting import acting, reading

bp = Blueprint("results", __name__, url_prefix="/cycles", template_folder="templates")

_MOST_DIGITS = 4


@bp.get("/<public_id>/ranking")
@access(*KNOWING)
def ranking(public_id: str) -> str:
    """Show the ranking of a track, a page at a time."""
    named = request.args.get("track", "")
    track = Track(named) if named in set(Track) else Track.UNIVERSITY
    with reading() as act:
        view = view_ranking(act, cycle=public_id, track=track, page=_page())
    return render_template("results/ranking.html", view=view, tracks=tuple(Track), page=_page(), size=PAGE)


@bp.get("/<public_id>/leniency")
@access(*KNOWING)
def leniency(public_id: str) -> str:
    """Show the newest report on the experts' leniency."""
    with reading() as act:
        report = view_leniency(act, cycle=public_id)
    return render_template("results/leniency.html", report=report, cycle=public_id)


@bp.post("/<public_id>/leniency")
@access(*ORDERERS)
def estimate(public_id: str) -> Response:
    """Have a report made."""
    with acting() as act:
        order_leniency(act, cycle=public_id)
    flash(gettext("The report is being made; reload this page in a minute."))
    return redirect(url_for("results.leniency", public_id=public_id))


def _page() -> int:
    text = request.args.get("page", "")
    return max(int(text), 1) if text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS else 1
