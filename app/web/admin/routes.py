"""Routes of the administrators' room: units, calendar, incidents, the clock. People are in ``people``."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.services.administration import READERS, find_units, move_ahead, view_clock, view_unit
from app.services.administration import overview as look_over
from app.services.clock import enter_days, entered_days, leave_day
from app.services.helping import ContactInvalid, contact_at, set_contact
from app.services.incidents import open_incidents, resolve_incident
from app.web.access import access
from app.web.acting import acting, reading
from app.web.admin import accounts, codes, corrections, imports, outgoing, papers, people, units
from app.web.admin import reading as forms
from app.web.admin.words import column_name, row_fault, schooling_name, sheet_name, unit_kind, verdict_name
from app.web.errors import STATUS
from app.web.presenting import full_moment
from app.web.refusals import refusal_of
from app.web.wiring import wiring

bp = Blueprint("admin", __name__, url_prefix="/admin", template_folder="templates")
for _filter in (column_name, row_fault, schooling_name, sheet_name, unit_kind, verdict_name):
    bp.add_app_template_filter(_filter)
people.add_routes(bp)
accounts.add_routes(bp)
imports.add_routes(bp)
codes.add_routes(bp)
outgoing.add_routes(bp)
papers.add_routes(bp)
units.add_routes(bp)
corrections.add_routes(bp)


@bp.get("")
@access(*READERS, RoleKey.UNIT_ADMIN)
def overview() -> str:
    """Show what there is to look after."""
    with reading() as act:
        counts = look_over(act)
    return render_template("admin/overview.html", counts=counts)


@bp.get("/units")
@access(*READERS, RoleKey.UNIT_ADMIN)
def show_units() -> str:
    """Show a place in the tree of units, or the units of a search."""
    return _units()


def _units(**shown: object) -> str:
    text = request.args.get("text", "").strip()[:100]
    with reading() as act:
        view = view_unit(act, public_id=request.args.get("unit", ""))
        found = find_units(act, text=text) if text else None
        contact = contact_at(act, unit_public_id=view.row.public_id) if view else None
    kept = {"view": view, "found": found, "text": text, "contact": contact}
    return render_template("admin/units.html", **{**kept, **shown})


@bp.post("/units/<public_id>/contact")
@access(RoleKey.SYSADMIN)
def take_contact(public_id: str) -> Answer:
    """Keep whom to ask at a unit; blank fields take it away."""
    typed = forms.contact()
    try:
        with acting() as act:
            set_contact(act, unit_public_id=public_id, contact=typed)
    except ContactInvalid as error:
        with reading() as act:
            view = view_unit(act, public_id=public_id)
        shown = _units(view=view, contact=typed, contact_refusal=refusal_of(error))
        return Response(shown, STATUS[error.kind])
    flash(gettext("The contact is kept: people of this unit and of those under it find it under Help."))
    return redirect(url_for("admin.show_units", unit=public_id))


@bp.get("/calendar")
@access(*READERS)
def show_calendar() -> str:
    """Show the days entered by hand."""
    return _calendar()


def _calendar(**shown: object) -> str:
    with reading() as act:
        days = entered_days(act.session)
    year = request.args.get("year", act.today.year, type=int)
    years = sorted({each.day.year for each in days} | {act.today.year})
    listed = [each for each in days if each.day.year == year]
    return render_template("admin/calendar.html", days=listed, year=year, years=years, today=act.today, **shown)


@bp.post("/calendar")
@access(RoleKey.SYSADMIN)
def take_day() -> Answer:
    """Enter a day into the calendar."""
    try:
        day = forms.entered_day()
        with acting() as act:
            enter_days(act, days=[day])
    except DomainError as error:
        return Response(_calendar(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The day is entered; whatever is counted from now on counts with it."))
    return redirect(url_for("admin.show_calendar", year=day.day.year))


@bp.post("/calendar/leave")
@access(RoleKey.SYSADMIN)
def leave() -> Answer:
    """Take a day that nothing is counted with yet out of the calendar."""
    try:
        day = forms.day("day")
        with acting() as act:
            leave_day(act, day=day)
    except DomainError as error:
        return Response(_calendar(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The day is taken out; the statutory calendar holds for it."))
    return redirect(url_for("admin.show_calendar", year=day.year))


@bp.get("/incidents")
@access(RoleKey.SYSADMIN, RoleKey.AUDITOR)
def show_incidents() -> str:
    """Show steps that could not finish."""
    with reading() as act:
        incidents = open_incidents(act)
    return render_template("admin/incidents.html", incidents=incidents)


@bp.post("/incidents")
@access(RoleKey.SYSADMIN)
def retry() -> Answer:
    """Say that a cause is gone: the worker tries the case again."""
    with acting() as act:
        resolve_incident(act, incident_id=forms.number("incident"))
    flash(gettext("The worker tries the case again. Should it fail once more, it appears here again."))
    return redirect(url_for("admin.show_incidents"))


@bp.get("/clock")
@access(*READERS)
def show_clock() -> str:
    """Show the programme's clock and what waits for time; in demonstrations only."""
    return _clock()


def _clock(**shown: object) -> str:
    if not wiring().settings.demonstration:
        raise NotFound
    with reading() as act:
        view = view_clock(act)
    return render_template("admin/clock.html", view=view, **shown)


@bp.post("/clock")
@access(RoleKey.SYSADMIN)
def move_clock() -> Answer:
    """Move the programme's clock ahead."""
    try:
        with acting() as act:
            now = move_ahead(act, by=forms.step(), demonstration=wiring().settings.demonstration)
    except DomainError as error:
        return Response(_clock(refusal=refusal_of(error)), STATUS[error.kind])
    flash(gettext("The programme's time is now %(moment)s. What became due is being done.", moment=full_moment(now)))
    return redirect(url_for("admin.show_clock"))
