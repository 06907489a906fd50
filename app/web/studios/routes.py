"""Routes of the studios (C6)."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.adapters.feeds import MEDIA_TYPE
from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.construction.certificates import verify_certificate
from app.services.construction.feeds import has_feed, new_feed, read_feed, revoke_feed
from app.services.construction.obligations import ObligationState, Wanted, obligations, owed_by_unit
from app.services.construction.problems import begin_problem_report
from app.services.construction.reading import list_studios, view_studio
from app.web.access import PUBLIC, SIGNED_IN, access
from app.web.acting import acting, reading
from app.web.errors import STATUS
from app.web.refusals import refusal_of
from app.web.studios import book
from app.web.studios.words import FILTERS

bp = Blueprint("studios", __name__, template_folder="templates")
for _write in FILTERS:
    bp.add_app_template_filter(_write)
book.add_routes(bp)


@bp.get("/studios")
@access(SIGNED_IN)
def show_studios() -> str:
    """Show the studios the person may see."""
    text, unit = request.args.get("text", "").strip(), request.args.get("unit", "")
    with reading() as act:
        page = list_studios(act, text=text, unit=unit, after=request.args.get("after") or None)
    return render_template("studios/list.html", page=page, text=text, unit=unit)


@bp.get("/studios/<public_id>")
@access(SIGNED_IN)
def show_studio(public_id: str) -> str:
    """Show one studio."""
    with reading() as act:
        studio = view_studio(act, public_id=public_id)
    return render_template("studios/studio.html", studio=studio, today=act.today)


@bp.post("/studios/<public_id>/reports")
@access(RoleKey.HOST)
def report_problem(public_id: str) -> Answer:
    """Begin a report to the superior Party organisation and open its form (C6.7)."""
    with acting() as act:
        task_id = begin_problem_report(act, studio=public_id)
    return redirect(url_for("tasks.show_task", task_id=task_id))


@bp.get("/obligations")
@access(SIGNED_IN)
def show_obligations() -> str:
    """Show who owes what to whom by when, of a unit and all below it."""
    asked, unit = request.args.get("state", ""), request.args.get("unit", "")
    state = ObligationState(asked) if asked in set(ObligationState) else None
    is_mine = request.args.get("mine") == "1"
    with reading() as act:
        clock = obligations(act, wanted=Wanted(unit=unit, state=state, is_mine=is_mine))
        units = () if is_mine else owed_by_unit(act, unit=unit)
    shown = {"state": asked if state else "", "unit": unit, "mine": is_mine}
    return render_template("studios/obligations.html", clock=clock, units=units, **shown)


@bp.get("/calendar")
@access(SIGNED_IN)
def show_feed() -> str:
    """Show whether the person has a calendar feed."""
    with reading() as act:
        exists = has_feed(act)
    return render_template("studios/feed.html", exists=exists, address="")


@bp.post("/calendar")
@access(SIGNED_IN)
def make_feed() -> str:
    """Give the person a feed and show its address, this once."""
    with acting() as act:
        secret = new_feed(act)
    address = url_for("studios.serve_feed", secret=secret, _external=True)
    return render_template("studios/feed.html", exists=True, address=address)


@bp.post("/calendar/revoke")
@access(SIGNED_IN)
def drop_feed() -> Answer:
    """Take the feed's address back."""
    with acting() as act:
        revoke_feed(act)
    flash(gettext("The address of the calendar answers nobody any more."))
    return redirect(url_for("studios.show_feed"))


@bp.get("/calendar/<secret>.ics")
@access(PUBLIC)
def serve_feed(secret: str) -> Response:
    """Serve a calendar to whoever knows its address."""
    with reading() as act:
        content = read_feed(act, secret=secret)
    return Response(content, mimetype=MEDIA_TYPE, headers={"Cache-Control": "private, no-store"})


@bp.get("/certificates")
@access(PUBLIC)
def verify() -> str | tuple[str, int]:
    """Tell whether a certificate's number is real, and how its studio stands."""
    number = request.args.get("number", "").strip()
    if not number:
        return render_template("studios/certificate.html", number="")
    try:
        with reading() as act:
            found = verify_certificate(act, number=number)
    except DomainError as error:
        page = render_template("studios/certificate.html", number=number, refusal=refusal_of(error))
        return page, STATUS[error.kind]
    return render_template("studios/certificate.html", number=number, found=found)
