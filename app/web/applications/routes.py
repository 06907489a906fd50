"""Start an application, give up a draft, withdraw what was submitted (C5.1)."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.roles import RoleKey
from app.services.applications import (
    abandon_draft,
    my_applications,
    start_application,
    startable,
    withdraw_application,
)
from app.services.late import kept_draft
from app.web.access import access
from app.web.acting import acting, reading
from app.web.applications.presenting import choices_of, draft_of, mine_of

bp = Blueprint("applications", __name__, template_folder="templates")


@bp.get("/apply")
@access(RoleKey.HOST)
def start() -> str:
    """Show with which branch one may apply in which call, and one's own applications."""
    with reading() as act:
        choices = choices_of(startable(act), act)
        mine = mine_of(my_applications(act))
    return render_template("applications/start.html", choices=choices, mine=mine)


@bp.post("/apply")
@access(RoleKey.HOST)
def begin() -> Answer:
    """Start an application and open its form."""
    with acting() as act:
        cycle, branch = request.form.get("cycle", ""), request.form.get("branch", "")
        started = start_application(act, cycle=cycle, branch=branch)
    return redirect(url_for("tasks.show_task", task_id=started.task_id))


@bp.get("/apply/<case>/draft")
@access(RoleKey.HOST, RoleKey.SUPERIOR_PARTY)
def show_draft(case: str) -> str:
    """Show what one typed into an application that was not submitted."""
    with reading() as act:
        kept = kept_draft(act, case=case)
    return render_template("applications/draft.html", kept=kept, view=draft_of(kept))


@bp.post("/apply/<case>/abandon")
@access(RoleKey.HOST)
def abandon(case: str) -> Answer:
    """Give up a draft; another may be started while the call is open."""
    with acting() as act:
        abandon_draft(act, case=case)
    flash(gettext("The draft has been given up."))
    return redirect(url_for("applications.start"))


@bp.post("/apply/<case>/withdraw")
@access(RoleKey.HOST)
def withdraw(case: str) -> Answer:
    """Take back a submitted application, until the publicity of its list starts."""
    with acting() as act:
        withdraw_application(act, case=case, reason=request.form.get("reason", ""))
    flash(gettext("The application has been withdrawn."))
    return redirect(url_for("cases.show_case", public_id=case))
