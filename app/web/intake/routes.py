"""Enter an application that came on paper, for its host (C5.1)."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.domain.roles import RoleKey
from app.services.applications import abandon_draft
from app.services.paper_intake import enter_paper, enterable, entered
from app.web.access import access
from app.web.acting import acting, reading
from app.web.due import due_of

bp = Blueprint("intake", __name__, template_folder="templates")


@bp.get("/intake")
@access(RoleKey.SUPERIOR_PARTY)
def show() -> str:
    """Show for whom one may enter an application, and what was entered."""
    with reading() as act:
        choices = [(choice, due_of(choice.deadline_at, act)) for choice in enterable(act)]
        done = entered(act)
    return render_template("intake/show.html", choices=choices, entered=done)


@bp.post("/intake")
@access(RoleKey.SUPERIOR_PARTY)
def begin() -> Answer:
    """Start an application for a host and open its form."""
    chosen = {name: request.form.get(name, "") for name in ("cycle", "branch", "host")}
    with acting() as act:
        started = enter_paper(act, **chosen)
    return redirect(url_for("tasks.show_task", task_id=started.task_id))


@bp.post("/intake/<case>/abandon")
@access(RoleKey.SUPERIOR_PARTY)
def abandon(case: str) -> Answer:
    """Give up what was being entered."""
    with acting() as act:
        abandon_draft(act, case=case)
    flash(gettext("What was being entered has been given up."))
    return redirect(url_for("intake.show"))
