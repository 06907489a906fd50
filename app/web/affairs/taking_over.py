"""Routes by which studios of earlier years are taken over: tried out, looked at row by row, opened as shown."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as Answer

from app.adapters.documents import spreadsheet
from app.domain.errors import DomainError
from app.domain.roles import RoleKey
from app.domain.roster.plan import Verdict
from app.domain.roster.studios import COLUMNS
from app.services.taking_over import take_over, template, try_studios, view_studios
from app.web.access import access
from app.web.acting import acting, reading
from app.web.admin import reading as forms
from app.web.errors import STATUS
from app.web.refusals import refusal_of


def add_routes(bp: Blueprint) -> None:
    """Add these routes to the studios' affairs."""
    bp.get("/import")(show_import)
    bp.post("/import")(try_list)
    bp.get("/import/template.xlsx")(send_template)
    bp.get("/import/<trial>")(show_trial)
    bp.post("/import/<trial>")(apply_list)


@access(RoleKey.PROVINCE_COMMITTEE)
def show_import() -> str:
    """Show how studios of earlier years are taken over."""
    return render_template("affairs/import.html", columns=COLUMNS, refusal=None)


@access(RoleKey.PROVINCE_COMMITTEE)
def send_template() -> Response:
    """Send the empty sheet."""
    with reading() as act:
        content = template(act)
    answer = Response(content, mimetype=spreadsheet.MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename="studios.xlsx")
    return answer


@access(RoleKey.PROVINCE_COMMITTEE)
def try_list() -> Answer:
    """Take a list and show what it would do; nothing is changed yet."""
    name, content = forms.uploaded()
    try:
        with acting() as act:
            trial = try_studios(act, file_name=name, content=content)
    except DomainError as error:
        page = render_template("affairs/import.html", columns=COLUMNS, refusal=refusal_of(error))
        return Response(page, STATUS[error.kind])
    return redirect(url_for("affairs.show_trial", trial=trial))


@access(RoleKey.PROVINCE_COMMITTEE)
def show_trial(trial: str) -> str:
    """Show what a list would do, row by row, refused ones first."""
    return _trial(trial)


def _trial(public_id: str, **shown: object) -> str:
    with reading() as act:
        found = view_studios(act, public_id=public_id)
    rows = sorted(found.plan.rows(frozenset(Verdict)), key=lambda each: each[1].verdict is not Verdict.REFUSED)
    return render_template("affairs/trial.html", trial=found, plan=found.plan, rows=rows, **shown)


@access(RoleKey.PROVINCE_COMMITTEE)
def apply_list(trial: str) -> Answer:
    """Open the studios of a list exactly as it was shown, or refuse."""
    try:
        with acting() as act:
            count = take_over(act, public_id=trial, digest=forms.field("digest"))
    except DomainError as error:
        return Response(_trial(trial, refusal=refusal_of(error)), STATUS[error.kind])
    flash(ngettext("One studio is taken over.", "%(num)d studios are taken over.", count))
    return redirect(url_for("dashboard.show"))
