"""Routes by which the register of experts is taken from a sheet: tried out, looked at row by row, applied as shown."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from app.adapters.documents import spreadsheet
from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.domain.roster.experts import COLUMNS
from app.domain.roster.plan import Verdict
from app.services.panel.importing import apply_experts, template, try_experts, view_experts
from app.web.access import access
from app.web.acting import acting, reading
from app.web.admin import reading as forms
from app.web.errors import STATUS
from app.web.refusals import refusal_of


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the panel's blueprint."""
    bp.get("/experts/import")(show_import)
    bp.post("/experts/import")(try_sheet)
    bp.get("/experts/import/template.xlsx")(send_template)
    bp.get("/experts/import/<trial>")(show_trial)
    bp.post("/experts/import/<trial>")(apply_sheet)


@access(RoleKey.SECRETARIAT)
def show_import() -> str:
    """Show how experts are imported."""
    return render_template("panel/import.html", columns=COLUMNS, refusal=None)


@access(RoleKey.SECRETARIAT)
def send_template() -> Response:
    """Send the empty sheets."""
    with reading() as act:
        content = template(act)
    answer = Response(content, mimetype=spreadsheet.MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename="experts.xlsx")
    return answer


@access(RoleKey.SECRETARIAT)
def try_sheet() -> Answer:
    """Take a sheet and show what it would do; nothing is changed yet."""
    name, content = forms.uploaded()
    try:
        with acting() as act:
            trial = try_experts(act, file_name=name, content=content)
    except DomainError as error:
        page = render_template("panel/import.html", columns=COLUMNS, refusal=refusal_of(error))
        return Response(page, STATUS[error.kind])
    return redirect(url_for("panel.show_trial", trial=trial))


@access(RoleKey.SECRETARIAT)
def show_trial(trial: str) -> str:
    """Show what a sheet would do, row by row, refused ones first."""
    return _trial(trial)


def _trial(public_id: str, **shown: object) -> str:
    with reading() as act:
        found = view_experts(act, public_id=public_id)
    rows = sorted(found.plan.rows(frozenset(Verdict)), key=lambda each: each[1].verdict is not Verdict.REFUSED)
    return render_template("panel/trial.html", trial=found, plan=found.plan, rows=rows, **shown)


@access(RoleKey.SECRETARIAT)
def apply_sheet(trial: str) -> Answer:
    """Apply a sheet exactly as it was shown, or refuse."""
    try:
        with acting() as act:
            counts = apply_experts(act, public_id=trial, digest=forms.field("digest"))
    except DomainError as error:
        return Response(_trial(trial, refusal=refusal_of(error)), STATUS[error.kind])
    said = gettext(
        "Imported: %(added)d added, %(changed)d changed, %(unchanged)d as they were.",
        added=counts[Verdict.ADDED],
        changed=counts[Verdict.CHANGED],
        unchanged=counts[Verdict.UNCHANGED],
    )
    flash(said)
    return redirect(url_for("panel.register"))
