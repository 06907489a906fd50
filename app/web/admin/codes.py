"""Routes of set-up codes for everybody who has no password yet, unit by unit: printed, cut, handed out."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.roles import RoleKey
from app.services.first_codes import MOST, issue_codes, units_waiting
from app.web.access import access
from app.web.acting import acting, reading
from app.web.admin import reading as forms

_KEEPERS = (RoleKey.SYSADMIN, RoleKey.UNIT_ADMIN)


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the administrators' blueprint."""
    bp.get("/codes")(show_codes)
    bp.post("/codes")(print_codes)


@access(*_KEEPERS)
def show_codes() -> str:
    """Show the units where people have no password yet."""
    with reading() as act:
        waiting = units_waiting(act)
    return render_template("admin/codes.html", waiting=waiting, most=MOST)


@access(*_KEEPERS, confirmed=True)
def print_codes() -> Answer:
    """Make codes for the people of a unit and show them, this once, as a list to be printed."""
    unit = forms.field("unit")
    with acting() as act:
        name = next((each.name for each in units_waiting(act) if each.unit == unit), "")
        slips = issue_codes(act, unit=unit)
    if not slips:
        flash(gettext("Nobody there waits for a code."), "warning")
        return redirect(url_for("admin.show_codes"))
    page: Response = make_response(render_template("admin/slips.html", slips=slips, unit=name, most=MOST))
    page.headers["Cache-Control"] = "no-store"
    return page
